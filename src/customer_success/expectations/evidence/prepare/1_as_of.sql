-- The last day of the build.
create temp macro as_of() as (select as_of_date from build.parameters)
