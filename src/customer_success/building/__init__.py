"""The parts of the build command (`customer_success.build`) apart from its main sequence.

`arguments` reads the command line, `refusals` finds why nothing can be built, `datasets` separates simulated
data and a company's own, `in_use` finds the process that has a file open, `candidate` gathers what the proofs
need, `noted` writes to the ledger, `summary` prints what was built.
"""
