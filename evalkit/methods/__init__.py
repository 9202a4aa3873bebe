"""Pure functions on arrays and frames: no article, no Party, no path."""
