"""The ledger: what builds remember of what earlier ones published, in a file of its own, under a hash chain.

docs/ledger.md describes how the chain is made, what it shows and what it cannot show.
"""
