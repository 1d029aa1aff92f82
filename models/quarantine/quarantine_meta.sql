{{ quarantined('meta') }}
