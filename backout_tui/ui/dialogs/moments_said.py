"""What is wrong with a time that was typed into a field; read on the clock of `now`, the operator's."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.moments import Unclear, moment_ahead, moment_behind

AHEAD, BEHIND = "Say 10 min, or a time like 03:40.", "Say 01:50, 20 min ago, or 2026-11-22 01:50 Europe/London."


def moment_to_come(text: str, now: datetime) -> datetime | None:
    """The future moment that `10 min` or `03:40` means; None when the text means none, or one of two."""
    meant = moment_ahead(text, now, now.tzinfo)
    return meant if isinstance(meant, datetime) and meant > now else None


def why_not_to_come(text: str, now: datetime) -> str:
    """Why the text is no future moment; "" when it is one."""
    meant = moment_ahead(text, now, now.tzinfo)
    if isinstance(meant, Unclear):
        return f"{meant}."
    return "" if meant is not None and meant > now else AHEAD


def moment_past(text: str, now: datetime) -> datetime | None:
    """The past moment that `01:50`, `20 min ago` or a full time means; None when the text means none, or one of two."""
    meant = moment_behind(text, now, now.tzinfo)
    return meant if isinstance(meant, datetime) else None


def why_not_past(text: str, now: datetime) -> str:
    """Why the text is no past moment; "" when it is one."""
    meant = moment_behind(text, now, now.tzinfo)
    if isinstance(meant, Unclear):
        return f"{meant}."
    return BEHIND if meant is None else "That lies ahead." if meant > now else ""
