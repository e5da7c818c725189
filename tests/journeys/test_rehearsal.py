"""A rehearsal through keys: unmistakable, and nothing runs, nothing leaves."""
