"""What all tests share: an environment that says nothing of its own, and patience for property tests."""

from __future__ import annotations

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from tests.campaigns.counts import examples, is_full

# The suite starts the program some thousand times: a module is compiled once, not each time, whatever is set outside.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A busy machine is no reason to fail: the suite as a whole has its limit, single examples have none. The suite looks at
# the same examples each time; a campaign looks for others.
settings.register_profile(
    "patient",
    deadline=None,
    max_examples=examples(few=30),
    derandomize=not is_full(),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

# Thousands of tests keep what they are made of until the end: looking through all of that for garbage every 700 objects
# takes an eighth of the time of a screen's test.
gc.set_threshold(20_000, 50, 100)

SPEAKING = ("BACKOUT_AS", "BACKOUT_CONFIG", "BACKOUT_DATABASE", "COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_THEME")


@pytest.fixture(autouse=True)
def _silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SPEAKING:
        monkeypatch.delenv(name, raising=False)
