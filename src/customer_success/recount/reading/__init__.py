"""The recount's own reading of the raw tables: which rows hold at ``as_of_date``, and with which values."""

from customer_success.recount.reading.read import read_raw, sources_present

__all__ = ["read_raw", "sources_present"]
