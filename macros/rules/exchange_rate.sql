{#- SQL for the rate of a currency to the reporting currency on a day: that of the day, else the latest of the days before
    (var fx_rate_days); null where there is none. Reads a CTE `rates` (currency, rate_date, rate). -#}
{% macro exchange_rate(currency, day) %}
    case
        when {{ currency }} = '{{ var("reporting_currency") | lower }}' then cast(1 as decimal(18, 9))
        else (
            select max_by(rates.rate, rates.rate_date)
            from rates
            where
                rates.currency = {{ currency }}
                and rates.rate_date between {{ day }} - {{ var('fx_rate_days') }} and {{ day }}
        )
    end
{%- endmacro %}
