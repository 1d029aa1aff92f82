"""Households recomputed from raw rows in plain Python and exact fractions: states, scores, survival.

Each function follows its sentence in the definitions. The package shares no code with the models of the
project; ``rules`` reads what may be tuned (vars and seeds of rules).
"""
