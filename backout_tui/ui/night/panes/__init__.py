"""The panes of the dashboard: each shows one part of what is true, as rows and stories made from the fold.

They hold a cursor and a filter, never a state, and change nothing by themselves.
"""
