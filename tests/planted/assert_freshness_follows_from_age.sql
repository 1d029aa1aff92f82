-- A source that has not been loaded for months, labelled fresh.
update intermediate.int_source_freshness set latest_synced_at = latest_synced_at - interval 90 day where source = 'stripe';
