"""Counts every published metric a second time, from the raw rows and the definitions in words."""

from customer_success.recount.metrics.prove import prove_metrics

__all__ = ["prove_metrics"]
