"""The log and the plans in one SQLite file."""
