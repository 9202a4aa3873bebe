"""The catalogue of indicators, and one module for each theme that computes them.

Functions here get tidy tables and give results: never a path, never a figure.
"""
