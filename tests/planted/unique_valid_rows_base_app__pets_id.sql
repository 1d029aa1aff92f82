-- The same pet classified twice, though neither row was found to repeat the other.
insert into staging.base_app__pets by name
select * from staging.base_app__pets where quarantine_reason is null and not is_later limit 1;
