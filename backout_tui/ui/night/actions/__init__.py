"""What the keys of the dashboard do: each asks in a dialog, has the work done, and says what happened.

The table in `flows` maps commands to actions. The gates decide what may be done; the actions never do.
"""
