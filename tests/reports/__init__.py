"""Reports, from values alone."""
