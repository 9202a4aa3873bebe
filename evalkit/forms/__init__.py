"""Files for people to fill in: the form of the national report, and the review of what was read."""
