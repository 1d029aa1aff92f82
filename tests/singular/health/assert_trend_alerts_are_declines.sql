-- Each alert shows a decline from a positive value.
select * from {{ ref('fct_trend_alerts') }}
where previous_value <= 0 or current_value >= previous_value or percent_change >= 0 or percent_change < -1
