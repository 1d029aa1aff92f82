{#- Records a hash of each household in the source, so that a later build can tell an erased household from one that never
    existed. Only the hash and the day are kept, as a batch of the ledger's chain (docs/ledger.md). -#}
{% macro record_seen_households() %}
    {% set unseen %}
        select distinct sha256(id) as household_hash, {{ as_of_date() }} as first_seen_as_of
        from {{ ref('base_app__households') }}
        where id is not null and sha256(id) not in (select household_hash from ledger.ledger.households_seen)
    {% endset %}
    {% if execute %}
        {% set texts = [unseen, "'" ~ invocation_id ~ "'", as_of_date() | string] | map('replace', "'", "''") | join("', '") %}
        {% set script = run_query("select ledger_append('households_seen', '" ~ texts ~ "')").rows[0][0] %}
        {% do adapter.commit() %}
        begin;
        {{ script }}
        commit;
    {% endif %}
{% endmacro %}
