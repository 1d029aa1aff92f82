-- Periods that overlap by a day.
update intermediate.int_household_plan_periods set valid_until = valid_until + 1 where valid_until is not null;
