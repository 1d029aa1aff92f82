"""Published figures counted a second time, from raw rows and from the definitions alone.

Nothing here reads a model, a macro, staging or the code that reads the seeds. Where both sides agree, two
implementations agree; where they do not, nothing is published.
"""
