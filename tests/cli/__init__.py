"""Tests of the command line, in process and through the console script."""
