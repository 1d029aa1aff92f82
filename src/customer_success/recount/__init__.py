"""A second count of what a build publishes, straight from the raw tables and from the definitions.

Nothing here uses a macro, a model, a seed or staging of the project: a mistake there must not be made twice.
"""
