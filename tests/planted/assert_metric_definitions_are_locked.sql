-- A definition that was changed without a version.
update analytics.dim_metrics set definition_hash = sha256('planted') where metric = 'nps';
