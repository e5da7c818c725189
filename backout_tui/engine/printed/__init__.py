"""What a command prints: read as a terminal shows it, searched, stripped of its secrets, capped and kept.

It is pure except for the files that output is written to; nothing here starts or stops anything.
"""
