"""Tests of the rules by which plans are judged."""
