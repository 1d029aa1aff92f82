"""Back-test of the health scores, comparison with other weights, and the page that shows them."""
