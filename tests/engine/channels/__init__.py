"""Tests of the ways a message leaves."""
