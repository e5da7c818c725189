"""What all tests of the screens share."""

from __future__ import annotations

import pytest


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures do not hang on the terminal that the tests run in."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TEXTUAL_THEME", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
