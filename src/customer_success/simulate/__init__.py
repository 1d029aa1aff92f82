"""Simulated raw data: a known causal model, realistic defects, and the true state of the simulated world."""
