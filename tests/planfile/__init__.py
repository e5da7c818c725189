"""The plan file, read and written."""
