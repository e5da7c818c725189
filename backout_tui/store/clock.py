"""The real clock. Tests pass another one in the same call."""

from __future__ import annotations

import functools
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """The source of every time that is recorded."""

    def now(self) -> datetime:
        """The current time, in UTC, timezone-aware."""
        ...

    def mono_ns(self) -> int:
        """Nanoseconds that never go back; comparable within one boot."""
        ...

    def boot_id(self) -> str:
        """The boot of this host that `mono_ns` counts in."""
        ...


class SystemClock:
    """The clock of this host."""

    def now(self) -> datetime:
        """The current time, in UTC, timezone-aware."""
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        """Nanoseconds that never go back; comparable within one boot."""
        return time.monotonic_ns()

    def boot_id(self) -> str:
        """The boot of this host that `mono_ns` counts in."""
        return _boot_id()


@functools.cache
def _boot_id() -> str:
    """The kernel's id for this boot; without one, an id that this process makes up.

    An id that outlived a boot would produce durations from two numbers that cannot be compared. One that doesn't live
    long enough only makes the reader fall back to the wall clock.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"process-{uuid.uuid4()}"
