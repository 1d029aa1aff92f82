"""A second count of what a build publishes, straight from the raw tables and from the definitions.

Nothing here uses a macro, a model or the staging of the project, so a mistake there is not repeated here.
Rules that may be tuned (vars, rows of seeds) are read from the project.
"""
