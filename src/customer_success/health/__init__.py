"""Which health score foretells leaving, what another set of weights would change, and the page that shows it."""
