"""What a plan says: its value, its facts and items, how two plans differ, what people said about it.

Nothing here knows that a release is being backed out: no state, no event of a night, no clock.
"""
