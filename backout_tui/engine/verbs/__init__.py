"""The operator's verbs: plain functions, each one append under its gate."""
