"""What each kind of event holds, as typed values with one row a kind.

They are decoded in one place. Data that doesn't fit is damage; nothing is guessed.
"""
