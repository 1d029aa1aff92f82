select source as item, age_hours as observed from source_ages
