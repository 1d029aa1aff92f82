{#- Sign-up rank of a household of int_household_signups, from 0: its number in bootstrap draws. A new household comes last and
    changes no other rank, so that earlier draws stay valid. -#}
{% macro household_number() %}
    {{- return('row_number() over (order by signup_date, household_id) - 1') -}}
{% endmacro %}
