"""Which health score foretells leaving, what other weights would change, and the page that shows it."""
