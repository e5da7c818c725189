"""How often a campaign repeats itself: the long counts are its own, and the suite does a few of each kind."""

from __future__ import annotations

import os

FEW = 3


def count(full: int, few: int = FEW) -> int:
    """The full number with BACKOUT_CAMPAIGN=full; a few in the suite."""
    return full if is_full() else min(few, full)


def examples(full: int = 500, few: int = 20) -> int:
    """How many examples of a property are tried: the full number with BACKOUT_CAMPAIGN=full, some in the suite."""
    return count(full, few)


def is_full() -> bool:
    """Whether it is a campaign, and not the suite."""
    return os.environ.get("BACKOUT_CAMPAIGN") == "full"
