"""The terminal itself: what it sends, what it is sent, signals, and giving it back.

This is the only room that knows escape sequences; it knows no widget and no backout.
"""
