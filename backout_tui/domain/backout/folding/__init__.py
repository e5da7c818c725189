"""What each kind of event changes in the state, a file for each subject; `fold` calls them.

Nothing here refuses an event: whatever is in a log has happened.
"""
