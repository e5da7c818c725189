"""`backout-tui do BACKOUT VERB`: the operator's verbs, as the dashboard's keys do them.

Each command parses, calls one verb and prints the result; no rule lives here.
"""
