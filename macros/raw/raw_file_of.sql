{#- The file of a raw table (raw_files) under the first of its names that has one, or none. -#}
{% macro raw_file_of(node, files) %}
    {% for name in [node.name] + node.config.meta.get('also', []) if node.source_name ~ '.' ~ name in files %}
        {{ return(files[node.source_name ~ '.' ~ name]) }}
    {% endfor %}
    {{ return(none) }}
{% endmacro %}
