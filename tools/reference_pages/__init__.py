"""The pages of docs/reference that are made: one module for each, see tools/make_reference.py."""
