"""Experiments that go wrong, each in its way, for the tests of the campaign itself."""
