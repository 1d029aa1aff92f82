{{ quarantined('cs') }}
