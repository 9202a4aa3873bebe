"""Simulated national reports: invented answers for teaching, tests and benchmarks.

Every row says so by its basis, and every case that a check should find is listed.
"""

from evalkit.simulate.reports import Simulated, simulate

__all__ = ["Simulated", "simulate"]
