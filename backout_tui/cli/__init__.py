"""The command line: parse, call one function below, print.

This is the composition root: only here are the database, clock, identity and settings chosen.
"""
