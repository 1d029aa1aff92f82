-- A survey tool that nobody has loaded for ten days.
update staging.base_survey__response set _fivetran_synced = _fivetran_synced - interval 10 day;
update staging.base_survey__invitation set _fivetran_synced = _fivetran_synced - interval 10 day;
