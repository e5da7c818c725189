"""How often a campaign repeats itself."""

from __future__ import annotations

import os


def count(full: int) -> int:
    """The full number with BACKOUT_CAMPAIGN=full; a tenth of it, and at least one, in the suite."""
    return full if is_full() else max(1, full // 10)


def is_full() -> bool:
    """Whether it is a campaign, and not the suite."""
    return os.environ.get("BACKOUT_CAMPAIGN") == "full"
