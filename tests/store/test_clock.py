"""The real clock."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from backout_tui.store import clock


def test_the_moment_is_aware_and_the_counter_only_grows() -> None:
    here: clock.Clock = clock.SystemClock()
    assert here.now().tzinfo is UTC
    first = here.mono_ns()
    assert here.mono_ns() >= first
    assert here.boot_id() == clock.SystemClock().boot_id() != ""


def test_without_a_kernel_that_names_the_boot_each_process_counts_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_BOOT_ID", Path("/nowhere/boot_id"))
    clock._boot_id.cache_clear()
    name = clock.SystemClock().boot_id()
    assert name.startswith("process-")
    assert clock.SystemClock().boot_id() == name
    clock._boot_id.cache_clear()
