{{ quarantined('survey') }}
