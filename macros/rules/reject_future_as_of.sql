{#- Stops the build if the given as_of_date is later than the last day of which there are data: the last complete day of the
    events, or the day of the latest load of any table where events had stopped before it. -#}
{% macro reject_future_as_of(given, last) %}
    {% if given and last and given > last | string and not var('allow_future_as_of') %}
        {% set loaded = latest_raw_day(synced_columns()) %}
        {% set one_day = modules.datetime.timedelta(days=1) %}
        {% set loaded = loaded + one_day if loaded and loaded > last else last %}
        {% if given > loaded | string %}
            {{ exceptions.raise_compiler_error('AS_OF ' ~ given ~ ' is later than the last complete day of the raw data, '
                ~ last ~ ' (the day before the latest received_at), and than the latest load, ' ~ loaded ~ '.') }}
        {% endif %}
    {% endif %}
{% endmacro %}
