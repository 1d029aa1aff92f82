with fits as (
    {{ unpacked(ref('ml_survival_run'), 'fit', {
        'status': 'varchar', 'reason': 'varchar', 'n': 'bigint', 'events': 'bigint', 'terms': 'bigint', 'strata': 'varchar',
        'ties': 'varchar', 'concordance': 'double', 'later_concordance': 'double', 'later_n': 'bigint',
        'later_events': 'bigint', 'likelihood_ratio': 'double', 'likelihood_ratio_df': 'bigint',
        'likelihood_ratio_p': 'double', 'aic': 'double', 'log_rank_statistic': 'double', 'log_rank_p': 'double',
        'log_rank_note': 'varchar'
    }) }}
)

select
    n,
    events,
    terms,
    strata,
    concordance as concordance_in_sample,
    later_concordance as concordance_later_cohort,
    later_n,
    later_events,
    likelihood_ratio as log_likelihood_ratio,
    likelihood_ratio_df as log_likelihood_ratio_df,
    likelihood_ratio_p as log_likelihood_ratio_p,
    aic,
    ties as ties_method,
    log_rank_statistic,
    log_rank_p,
    log_rank_note,
    status,
    reason
from fits
