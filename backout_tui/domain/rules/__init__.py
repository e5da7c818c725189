"""What may be done now, what is outstanding, what is next: every gate, its words and what lifts it.

The rules look at the state. They don't decide what is recorded, and they change nothing.
"""
