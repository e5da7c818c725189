"""Tests of the dashboard and its parts."""
