"""The operator's verbs: plain functions, each of which appends once, under its gate."""
