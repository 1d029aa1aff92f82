{{ quarantined('stripe') }}
