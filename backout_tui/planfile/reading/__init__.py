"""From Markdown to a plan: our own form completely, any other as far as it is recognised.

Each part of a plan has a file; what was not understood is reported by line, and nothing is guessed.
"""
