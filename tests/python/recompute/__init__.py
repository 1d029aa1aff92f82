"""An independent computation of the core marts, in pandas, to hold the dbt tables against."""
