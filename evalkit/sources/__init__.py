"""Readers of files: one module for one publisher, its file as it comes to tidy tables.

Only modules of this package open such files. `check` recognises a file by its content.
"""
