"""Tests of what is understood of shell scripts."""
