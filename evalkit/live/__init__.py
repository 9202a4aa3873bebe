"""The server of the dashboards: Voilà, narrowed to what a reader of a page needs.

Runs in a process of its own (`evalkit.live.app`), which `evalkit.serve` starts and ends.
"""
