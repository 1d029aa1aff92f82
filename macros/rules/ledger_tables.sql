{#- The tables of the ledger with their columns: what builds remember of earlier ones. -#}
{% macro ledger_tables() %}
    {{ return({
        'households_seen': 'household_hash varchar, first_seen_as_of date',
        'published_predictions': 'household_id varchar, scored_as_of date, churn_probability double, model_run_id varchar',
        'published_model_runs': 'model_run_id varchar, as_of_date date, selected_model varchar, status varchar, reason varchar, '
            ~ 'train_from date, train_to date, test_from date, test_to date, n_train bigint, n_test bigint, '
            ~ 'positives_train bigint, positives_test bigint, households_train bigint, households_test bigint, churned_train bigint, churned_test bigint, '
            ~ 'notes varchar, settings varchar',
        'published_metric_values': 'publication_number bigint, metric varchar, period_grain varchar, period_start date, '
            ~ 'period_end date, segment_type varchar, segment varchar, value double, definition_version integer, '
            ~ 'definition_hash varchar, as_of_date date, data_through date, dataset varchar, erased_households bigint'
    }) }}
{% endmacro %}
