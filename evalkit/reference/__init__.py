"""Who and what: Parties' groups, names, articles, clauses, cycles, texts, outlines.

The facts are files of data/reference; each module here reads one kind and keeps it.
"""
