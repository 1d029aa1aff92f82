"""An independent computation of the core marts, in pandas, with which the dbt tables are compared."""
