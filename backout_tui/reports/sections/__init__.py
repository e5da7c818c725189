"""The sections of the report, each a list of Markdown lines."""
