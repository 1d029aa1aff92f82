{#- Stops the build before it changes anything if the folder raw_data_path() does not exist or contains no raw table of the
    contract, for example because the path is mistyped or a disk is not mounted. -#}
{% macro check_raw_folder() %}
    {% if execute and raw_data_path() %}
        {% set folder = raw_data_path() %}
        {% set problem = run_query('select raw_folder_problem(' ~ sql_text(folder) ~ ')').rows[0][0] %}
        {% set known = [] %}
        {% for node in graph.sources.values() %}{% do known.append(node.source_name ~ '.' ~ node.name) %}{% endfor %}
        {% if not problem and raw_files().keys() | select('in', known) | list | length == 0 %}
            {% set problem = 'There is no raw table of the contract in ' ~ folder ~ ': is the path right?' %}
        {% endif %}
        {% if problem %}{{ exceptions.raise_compiler_error(problem) }}{% endif %}
    {% endif %}
{% endmacro %}
