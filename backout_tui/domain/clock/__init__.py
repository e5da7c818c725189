"""The time ahead: what estimates and past runs say about it, its moments, and what the clock says at one of them.

Pure: the moment is always given; nothing here reads a clock.
"""
