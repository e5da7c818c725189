"""The part that acts: the operator's verbs, attempts, checks, channels, and planning before the night.

There is one way to see and one way to change (`operator`). The rules come from the domain, and nothing here draws or
prints.
"""
