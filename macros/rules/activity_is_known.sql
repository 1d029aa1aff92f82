{#- Whether what members did is known: an event counts where its user is a member, so it takes events and members. -#}
{% macro activity_is_known() %}
    {{- return(source_is_present('product', 'events') and source_is_present('app', 'household_members')) -}}
{% endmacro %}
