"""From results to figures, tables and sentences: layout only, nothing is computed here.

What is imported here decides how much memory each visitor's kernel takes: results,
reference, plotly and ipywidgets, and never sources, methods, indicators or papermill.
"""
