"""What all tests share: an environment that says nothing of its own, and patience for property tests."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.campaigns.counts import is_full

# A busy machine is no reason to fail: the suite as a whole has its limit, single examples have none. The suite looks at
# the same examples each time; a campaign looks for others.
settings.register_profile(
    "patient",
    deadline=None,
    max_examples=500 if is_full() else 30,
    derandomize=not is_full(),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")

SPEAKING = ("BACKOUT_AS", "BACKOUT_CONFIG", "BACKOUT_DATABASE", "COLUMNS", "LINES", "NO_COLOR", "TEXTUAL_THEME")


@pytest.fixture(autouse=True)
def _silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SPEAKING:
        monkeypatch.delenv(name, raising=False)
