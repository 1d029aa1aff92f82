{#- Notes a hash of each household that the source has, so that a later build can tell an erased household from one
    that never was. Only the hash and the day are kept. -#}
{% macro remember_households() %}
    insert into ledger.ledger.households_seen
    select sha256(known_household_id), {{ as_of_date() }}
    from {{ this }}
    where sha256(known_household_id) not in (select household_hash from ledger.ledger.households_seen)
{% endmacro %}
