"""Whether each figure comes from its source of truth, and whether that source is fresh."""

from ..check import Check, Suite

FRESH_HOURS, STALE_HOURS = 48, 72

# Per source, what of it says when it was loaded. Age counts from the end of the last day of the build.
AGES = """
select source, greatest(date_diff('hour', max(synced), cast(as_of() + 1 as timestamp)), 0) as age
from (
    select 'app' as source, max(_fivetran_synced) as synced from staging.stg_app__households
    union all select 'product', max(_fivetran_synced) from staging.stg_product__events
    union all select 'stripe', max(_fivetran_synced) from staging.stg_stripe__subscription_history
    union all select 'stripe', max(_fivetran_synced) from staging.stg_stripe__charge
    union all select 'zendesk', max(_fivetran_synced) from staging.stg_zendesk__ticket
    union all select 'zendesk', max(_fivetran_synced) from staging.stg_zendesk__ticket_field_history
    union all select 'survey', max(_fivetran_synced) from staging.stg_survey__response
    union all select 'hubspot', max(_fivetran_synced) from staging.stg_hubspot__engagement
    union all select 'cs', max(_fivetran_synced) from staging.stg_cs__check_ins
)
where synced is not null
group by source
"""

STALE_PUBLISHED = f"""
with stale as (select source from ({AGES}) where age > {STALE_HOURS}),
sourced as (
    select metric, unnest(string_split(source_of_truth, ',')) as source from analytics.dim_metrics
)
select metric as item, 0 as expected,
    count(*) filter (where exists (
        select 1 from sourced where sourced.metric = p.metric and trim(sourced.source) in (from stale)
    )) as observed
from analytics.published_metrics as p
group by metric
"""

TRACED = """
select '{mart}' as item, 0 as expected,
    (select count(*) from analytics.{mart} anti join {staged} on {mart}.{key} = {staged_name}.{key})
        + (select count(*) - count(distinct {key}) from analytics.{mart}) as observed
"""
MARTS = [
    ("dim_households", "stg_app__households", "household_id"),
    ("dim_members", "stg_app__household_members", "member_id"),
    ("dim_subscriptions", "stg_stripe__subscription_history", "subscription_id"),
    ("fct_payments", "stg_stripe__charge", "charge_id"),
    ("fct_support_tickets", "stg_zendesk__ticket", "ticket_id"),
    ("fct_nps_surveys", "stg_survey__response", "response_id"),
    ("fct_csat_responses", "stg_survey__response", "response_id"),
    ("fct_survey_invitations", "stg_survey__invitation", "invitation_id"),
]

# A data set that does not say what it is is live, and nobody's ids in it are simulated.
DATASET = """
with kind as (
    select coalesce(max(dataset_kind) = 'synthetic', false) as is_synthetic from staging.stg_meta__dataset
),
ids as (
    select 'households' as of_what, household_id as id from staging.stg_app__households
    union all select 'users', user_id from staging.stg_app__users
    union all select 'tickets', ticket_id from staging.stg_zendesk__ticket
    union all select 'charges', charge_id from staging.stg_stripe__charge
    union all select 'responses', response_id from staging.stg_survey__response
)
select 'simulated ' || of_what || ' called live' as item, 0 as expected,
    count(*) filter (where not is_synthetic and starts_with(id, 'sim_')) as observed
from ids, kind group by of_what
union all
select 'households called what they are not', 0,
    count(*) filter (where dim_households.is_synthetic is distinct from kind.is_synthetic)
from analytics.dim_households, kind
"""

PUBLISHED_DATASET = """
with kind as (
    select coalesce(max(dataset_kind) = 'synthetic', false) as is_synthetic from staging.stg_meta__dataset
)
select metric as item, 0 as expected,
    count(*) filter (where dataset is distinct from case when is_synthetic then 'synthetic' else 'live' end)
        as observed
from analytics.published_metrics, kind group by metric
"""

SUITE = Suite(
    "sources",
    (
        Check(
            "sources_are_fresh",
            "staging",
            "between",
            f"Hours since a source was loaded, at the end of the last day, at most {FRESH_HOURS}",
            "latest _fivetran_synced of each source in staging",
            f"select source as item, age as observed from ({AGES})",
            bounds=(0, FRESH_HOURS),
            warns=True,
        ),
        Check(
            "nothing_stale_is_published",
            "analytics.published_metrics",
            "agree",
            f"No published metric stands on a source older than {STALE_HOURS} hours",
            "latest _fivetran_synced of each source in staging",
            STALE_PUBLISHED,
            needs=("analytics.published_metrics", "analytics.dim_metrics"),
        ),
        Check(
            "each_row_is_one_of_its_source",
            "analytics",
            "agree",
            "No mart has a row, or a second one, that its source of truth does not have",
            "keys of the marts looked up in staging",
            " union all ".join(
                TRACED.format(mart=mart, staged=f"staging.{staged}", staged_name=staged, key=key)
                for mart, staged, key in MARTS
            ),
        ),
        Check(
            "synthetic_data_are_called_synthetic",
            "analytics.dim_households",
            "agree",
            "Ids that begin with sim_ occur in synthetic data alone, and the marts call the data what they are",
            "meta.dataset and ids in staging",
            DATASET,
        ),
        Check(
            "published_metrics_say_which_data_they_are_of",
            "analytics.published_metrics",
            "agree",
            "Each published value says synthetic or live as the data set itself does",
            "meta.dataset in staging",
            PUBLISHED_DATASET,
            needs=("analytics.published_metrics",),
        ),
    ),
)
