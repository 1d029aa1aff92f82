{#- Fails for each key of a base model that stands in several rows, of those rows that were classified and not quarantined
    for their key or their moment. Rows later than as_of_date have no reason yet. -#}
{% test unique_valid_rows(model, columns) %}
    select {{ columns | join(', ') }}, count(*) as rows_with_it
    from {{ model }}
    where row_class = 'staged' or quarantine_reason not in ('bad_timestamp', 'null_key', 'key_collision')
    group by {{ columns | join(', ') }}
    having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{% endtest %}
