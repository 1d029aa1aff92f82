-- Vars of the build, by name.
create temp macro text_var(name) as (select json_extract_string(vars, '$.' || name) from build.parameters);
create temp macro int_var(name) as (select cast(json_extract_string(vars, '$.' || name) as integer) from build.parameters);
-- Days of the shortest horizon of the back-test.
create temp macro first_horizon() as (
    select list_min(cast(json_extract(vars, '$.backtest_horizons') as integer[])) from build.parameters
)
