"""What is true of one backout: its events, the state folded from them, and plain questions about that state.

It never says what may be done, and the only times it knows are those of its events.
"""
