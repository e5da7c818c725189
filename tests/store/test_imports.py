"""What a command that only reads must not pay for."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "asyncio",
    "platformdirs",
    "logging",
    "subprocess",
    "tempfile",
    "shutil",
    "textual",
)


def loaded_by(module: str) -> set[str]:
    code = f"import {module}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_reading_and_verifying_load_nothing_heavy() -> None:
    reading = ("log.reading", "log.verify", "file.place", "clock", "log.rows", "state.asking_state")
    for module in (*reading, "state.state_findings", "state.true_now"):
        assert not loaded_by(f"backout_tui.store.{module}") & set(HEAVY)


def test_writing_loads_alembic_only_when_it_migrates() -> None:
    assert "alembic" not in loaded_by("backout_tui.store.log.journal")
