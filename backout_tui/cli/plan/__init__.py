"""`backout-tui plan ...`: one file for each command or pair of related commands.

Each parses, calls one function of the engine and prints; the words come from the reports.
"""
