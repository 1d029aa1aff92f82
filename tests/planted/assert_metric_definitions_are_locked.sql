-- A definition that was changed without a new version.
update analytics.dim_metrics set definition_hash = sha256('planted') where metric = 'nps';
