"""Tests of what is done with plans before the night."""
