{{ quarantined('survey', ['invitation', 'response']) }}
