"""Grids of emissions: one module for each publisher, and what they share.

A reader says what the variables of its publisher are. Conversion to kg, the sums over outlines
and the account of where the whole of a grid lies are done once, for all of them.
"""
