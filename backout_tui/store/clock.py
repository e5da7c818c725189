"""The real clock. Whoever tests chooses another one in the same call."""

from __future__ import annotations

import functools
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What tells the time to whatever is recorded."""

    def now(self) -> datetime:
        """The moment, in UTC, aware."""
        ...

    def mono_ns(self) -> int:
        """Nanoseconds that only ever grow, comparable within one boot."""
        ...

    def boot_id(self) -> str:
        """Which boot of this host `mono_ns` counts in."""
        ...


class SystemClock:
    """The clock of this host."""

    def now(self) -> datetime:
        """The moment, in UTC, aware."""
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        """Nanoseconds that only ever grow, comparable within one boot."""
        return time.monotonic_ns()

    def boot_id(self) -> str:
        """Which boot of this host `mono_ns` counts in."""
        return _boot_id()


@functools.cache
def _boot_id() -> str:
    """The kernel's name for this boot; where it gives none, one of this process's own.

    A name that outlived a boot would make a duration of two numbers that cannot be compared; one that is too
    short-lived only makes the reader fall back to the wall clock.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"process-{uuid.uuid4()}"
