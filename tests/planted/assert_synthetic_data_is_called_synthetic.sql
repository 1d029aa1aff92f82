-- Simulated households that are shown as customers.
update analytics.dim_households set is_synthetic = not is_synthetic;
