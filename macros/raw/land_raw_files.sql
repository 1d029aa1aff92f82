{#- Creates a view raw_<source>.<table> for each raw file, so that sources are ordinary relations, whether loaded from files
    or by connectors. A view without a file is dropped, so that an absent file is an absent table. A file that cannot be
    read stops the build with a message that names source and table. -#}
{% macro land_raw_files() %}
    {% if execute and raw_data_path() %}
        {% set files, nodes = raw_files(), graph.sources.values() | sort(attribute='unique_id') %}
        {% for schema in nodes | map(attribute='schema') | unique %}
            {% do run_query('create schema if not exists ' ~ api.Relation.create(database=target.database, schema=schema)) %}
        {% endfor %}
        {% for node in nodes %}
            {% set relation, file = source(node.source_name, node.name), raw_file_of(node, files) %}
            {% if file %}
                {% set problem = run_query('select raw_file_problem(' ~ sql_text(file.path) ~ ')').rows[0][0] %}
                {% if problem %}
                    {{ exceptions.raise_compiler_error('raw data: ' ~ node.source_name ~ '.' ~ node.name
                        ~ ' is not readable: ' ~ problem) }}
                {% endif %}
                {% do run_query('create or replace view ' ~ relation ~ ' as select * from ' ~ file.reader) %}
            {% else %}
                {% do run_query('drop view if exists ' ~ relation) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
