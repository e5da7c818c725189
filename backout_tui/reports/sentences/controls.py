"""The controls: taken, asked for, agreed to, kept, handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backout_tui.reports.sentences.pieces import Sentence, text, with_reason


def _taken(data: Mapping[str, Any]) -> str:
    return with_reason(f"took the controls{_how(data)}", text(data, "reason"))


def _how(data: Mapping[str, Any]) -> str:
    """From whom, and whether they agreed, gave them, or were not waited for."""
    if agreed := text(data, "agreed_by"):
        return f" as agreed by {agreed}"
    if giver := text(data, "handed_by"):
        return f" that {giver} handed over"
    if terminal := text(data, "from_terminal"):
        return f" from their own other terminal ({terminal})"
    if not (before := text(data, "from")):
        return ""
    lived = data.get("holder_lived") is True
    return f" from {before} WITHOUT WAITING for an answer" if lived else f" from {before}, whose session was gone"


SENTENCES: Mapping[str, Sentence] = {
    "ControlsTaken": _taken,
    "ControlsAsked": lambda data: with_reason("asked for the controls", text(data, "why")),
    "ControlsAgreed": lambda data: f"agreed that {text(data, 'to')} takes the controls",
    "ControlsKept": lambda data: f"kept the controls, for which {text(data, 'to')} had asked",
    "ControlsHandedOver": lambda data: f"handed the controls over to {text(data, 'to') or 'whoever comes'}",
}
