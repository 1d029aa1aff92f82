-- The same pet classified twice, though neither row was found to repeat the other.
insert into staging.base_app__pets by name
select * from staging.base_app__pets where row_class = 'staged' limit 1;
