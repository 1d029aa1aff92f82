{{ quarantined('cs', ['check_ins']) }}
