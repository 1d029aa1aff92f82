{{ quarantined('product', ['events']) }}
