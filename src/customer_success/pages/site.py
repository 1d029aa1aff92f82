"""The pages that every build writes, in the order in which they link to each other."""

from __future__ import annotations

# File without ".html" -> heading.
PAGES = {
    "customers": "Customers",
    "health": "Customer health",
    "voice": "Voice of the customer",
    "growth": "Growth",
    "models": "Churn models",
    "metrics": "Metrics",
}
