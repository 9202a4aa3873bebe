"""Editions: building, storing, loading and explaining one evaluated state."""
