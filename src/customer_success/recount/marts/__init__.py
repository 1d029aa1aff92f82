"""Proof: published marts are what raw rows, proved marts and the seeds of rules give.

Values that a mart repeats or sums up are compared for all rows (``repeated``, ``summed``); values that take a
recount are compared for the households that the proof of scores draws (``of_homes``, ``by_rules``). A
published column that nothing compares stops the build (``prove``).
"""
