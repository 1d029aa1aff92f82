"""Simulated raw data: a known causal story, realistic defects, and the truth beside it."""
