"""A dry look at a company's raw data, before the first build: what is there, what is missing, what to do."""
