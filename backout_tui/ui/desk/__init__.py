"""Before and after the night: the list, stored plans, their review, the nine questions.

This room may open the night; the night never imports it.
"""
