"""Executing notebooks: declared parameters, separate processes, a record of what happened.

papermill is imported in this package and nowhere else.
"""
