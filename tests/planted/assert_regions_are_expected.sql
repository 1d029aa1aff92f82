-- A region that the seed does not have.
update staging.base_app__households set region = 'Atlantis'
where id = (select min(id) from staging.base_app__households where row_class = 'staged');
