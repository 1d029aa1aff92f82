-- A source that was last loaded months ago but is labelled fresh.
update intermediate.int_source_freshness set latest_synced_at = latest_synced_at - interval 90 day where source = 'stripe';
