{#- Fails for each key of a base model that stands in several rows, of those rows that were not quarantined for their
    key or their moment. Rows later than as_of_date have no reason yet. -#}
{% test unique_valid_rows(model, columns) %}
    select {{ columns | join(', ') }}, count(*) as rows_with_it
    from {{ model }}
    where not is_later and coalesce(quarantine_reason, '') not in ('bad_timestamp', 'null_key', 'duplicate_key')
    group by {{ columns | join(', ') }}
    having count(*) > 1 or {{ columns | join(' is null or ') }} is null
{% endtest %}
