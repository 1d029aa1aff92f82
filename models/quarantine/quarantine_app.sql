{{ quarantined('app') }}
