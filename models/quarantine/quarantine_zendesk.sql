{{ quarantined('zendesk') }}
