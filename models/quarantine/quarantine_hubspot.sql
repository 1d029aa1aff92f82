{{ quarantined('hubspot', ['company', 'contact', 'engagement', 'owner']) }}
