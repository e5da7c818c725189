"""Plans before the night: checked, reused, reviewed, edited, exported."""
