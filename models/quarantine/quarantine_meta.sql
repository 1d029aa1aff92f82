{{ quarantined('meta', ['dataset']) }}
