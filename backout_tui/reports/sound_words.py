"""The warning shown first, and in full, when a log is not what was written."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from backout_tui.domain.text import clean_line
from backout_tui.store.log.chain import Finding

_NAMED = 5
"""How many findings are listed; `verify` lists them all."""


def not_sound(findings: Sequence[Finding], todo: str) -> list[str]:
    """Say which event is not what was written, what that means, and what was found, then `todo`; [] for a sound log."""
    if not findings:
        return []
    told = [clean_line(f"  {one.message} [{one.rule}]") for one in findings[:_NAMED]]
    more = [f"  and {len(findings) - _NAMED} more"] if len(findings) > _NAMED else []
    return [f"NOT SOUND: {_meaning(findings)}", *told, *more, todo]


def _meaning(findings: Sequence[Finding]) -> str:
    first = min(findings, key=lambda one: one.seq or sys.maxsize)
    return meaning(first.seq, first.rule, first.message)


def meaning(seq: int, rule: str, message: str) -> str:
    """Say what this finding, the first one, means; `seq` 0 is the log as a whole."""
    if not seq:
        return f"{clean_line(message)}. Nothing here can be relied on."
    what = f"event {seq} is not what was written"
    if rule == "prev" and seq > 1:  # nobody can tell from here which of the two records was changed
        what = f"event {seq} or event {seq + 1} is not what was written"
    if rule == "gap":
        what = clean_line(message)
    return f"{what}. From there on nothing here can be relied on."
