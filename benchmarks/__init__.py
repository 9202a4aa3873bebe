"""Measurements of evalkit on this computer: `python -m benchmarks` prints one table."""
