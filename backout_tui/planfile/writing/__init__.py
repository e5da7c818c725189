"""From a plan to Markdown: whole, or with a part changed, dropped or moved. The result is read again before use.

Nothing here looks at a backout's state: changes made in a backout come in as values.
"""
