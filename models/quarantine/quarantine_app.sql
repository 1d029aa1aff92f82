{{ quarantined('app', ['feature_settings', 'household_members', 'households', 'pets', 'tasks', 'users']) }}
