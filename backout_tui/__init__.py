"""backout-tui: take a bad release back out of production, and keep the record of it."""

__version__ = "0.1.0"
