"""backout-tui: take a bad release back out of production, and keep the record of it."""
