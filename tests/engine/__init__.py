"""Tests of what does things: commands, mail, verbs."""
