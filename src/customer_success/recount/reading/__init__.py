"""The recount's own reading of the raw tables: the valid rows at ``as_of_date``, with their values."""

from customer_success.recount.reading.read import read_raw, sources_present

__all__ = ["read_raw", "sources_present"]
