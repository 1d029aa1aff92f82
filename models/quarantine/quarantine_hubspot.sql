{{ quarantined('hubspot') }}
