"""The parts of the build command (`customer_success.build`) apart from its main sequence.

`arguments` reads the command line, `refusals` says why nothing can be built, `datasets` keeps simulated data
and a company's own apart, `in_use` says who has a file open, `candidate` gathers what the proofs need,
`noted` writes to the ledger, `summary` prints what was built.
"""
