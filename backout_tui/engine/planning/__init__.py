"""Plans before the night: checked, reused, reviewed, edited, exported, and improved with what earlier nights taught.

Nothing here belongs to a running backout: it works at a desk, on plans and their logs.
"""
