"""Turns a backout and its records into text for people; pure functions, without input or output."""
