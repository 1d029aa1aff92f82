"""A second proof of what is about to be published, by code of its own.

Nothing here imports the code that made the numbers. Definitions and formulas are stated a second time on
purpose: where the two disagree, nothing is published.
"""
