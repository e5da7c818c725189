"""The dashboard of one backout: its head and panes, what its keys do, its log and its help.

Everything about the night lives here, and nothing about what comes before and after it (`night` never imports `desk`).
Everything that changes a backout goes through the link to its operator.
"""
