"""Households recomputed from raw rows in plain Python and exact fractions: states, scores, survival.

Each function reads like its sentence in the definitions. It shares no code with the models of the project;
what may be tuned (vars and seeds of rules) it reads by itself (``rules``).
"""
