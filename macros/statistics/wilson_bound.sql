{#- A bound of Wilson's 95% interval of a share (Wilson 1927): `sign` is '-' for the lower and '+' for the upper bound. Null
    where the denominator is 0 or unknown. -#}
{% macro wilson_bound(numerator, denominator, sign) %}
    {%- set z, n = var('normal_quantile_975'), 'nullif(cast(' ~ denominator ~ ' as double), 0)' -%}
    {%- set p = '(cast(' ~ numerator ~ ' as double) / ' ~ n ~ ')' -%}
    {%- set spread = z ~ ' * sqrt(' ~ p ~ ' * (1 - ' ~ p ~ ') / ' ~ n ~ ' + ' ~ z * z ~ ' / (4 * ' ~ n ~ ' * ' ~ n ~ '))' -%}
    {{- clip(
        '((' ~ p ~ ' + ' ~ z * z ~ ' / (2 * ' ~ n ~ ') ' ~ sign ~ ' ' ~ spread ~ ') / (1 + ' ~ z * z ~ ' / ' ~ n ~ '))', 0, 1
    ) -}}
{%- endmacro %}
