"""Whether each figure comes from its source of truth, and whether that source is fresh."""

from ..check import Check, Suite

LOADED = "latest _fivetran_synced of all rows of each source in staging.base_…"

SUITE = Suite(
    "sources",
    (
        Check(
            "sources_are_fresh",
            "staging",
            "between",
            "Hours by which a source's age at the end of the last day exceeds freshness_warn_hours",
            LOADED,
            "sources/sources_are_fresh",
            bounds=(0, 0),
            warns=True,
        ),
        Check(
            "nothing_stale_is_published",
            "analytics.published_metrics",
            "agree",
            "No published metric uses a source that is older than freshness_stale_hours",
            LOADED,
            "sources/nothing_stale_is_published",
            needs=("analytics.published_metrics", "analytics.dim_metrics"),
        ),
        Check(
            "each_row_is_one_of_its_source",
            "analytics",
            "agree",
            "No mart has a row, or a second one, that its source of truth does not have",
            "keys of the marts looked up in staging",
            "sources/each_row_is_one_of_its_source",
        ),
        Check(
            "synthetic_data_are_called_synthetic",
            "analytics.dim_households",
            "agree",
            "Ids that begin with sim_ occur in synthetic data alone, and marts name the kind of data",
            "meta.dataset and ids in staging",
            "sources/synthetic_data_are_called_synthetic",
        ),
        Check(
            "published_metrics_say_which_data_they_are_of",
            "analytics.published_metrics",
            "agree",
            "Each published value is marked synthetic or live, as the data set is",
            "meta.dataset in staging",
            "sources/published_metrics_say_which_data_they_are_of",
            needs=("analytics.published_metrics",),
        ),
    ),
)
