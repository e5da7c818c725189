"""The pure rules: plans, events, the state folded from them, and the gates.

They use the standard library only. The ground floor holds texts, times, refusals and values, which every room may use.
"""
