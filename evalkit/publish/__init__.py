"""The offline folder: every dashboard, Party, group and indicator as files that open anywhere.

Dashboards are recorded by their own notebooks (`evalkit.views.recording`, through
`evalkit.runs`); the other pages are made from the same views. A page asks for nothing outside
the folder: what it needs on a choice comes by script tags, which work from `file://` too.
"""
