{#- Place of a household of stg_app__households by its sign-up, from 0: the number under which it is drawn. A new customer
    comes last and changes nobody's, so that what was drawn before holds. -#}
{% macro household_number() %}
    {{- return('row_number() over (order by signup_date, household_id) - 1') -}}
{% endmacro %}
