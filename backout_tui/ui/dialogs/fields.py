"""Describes what a dialog asks for: texts and choices, and the rule that checks an answer."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from backout_tui.domain.plan.near_names import near_names


class TextField(Struct, frozen=True):
    """A text. `suggestions` are offered with the arrow keys; `password` hides it; `lines` > 1 takes several lines.

    `wrong` gets what was typed and returns what is wrong with it, or ""; what `remark` returns is only said. If a text
    `submits`, Enter ends the dialog although more fields follow: those are optional, and Tab leads to them.
    """

    name: str
    label: str
    default: str = ""
    required: bool = False
    hint: str = ""
    suggestions: tuple[str, ...] = ()
    password: bool = False
    lines: int = 1
    wrong: Callable[[str], str] | None = None
    remark: Callable[[str], str] | None = None
    submits: bool = False


class ChoiceField(Struct, frozen=True):
    """One of `choices`: the first, unless `default` names another."""

    name: str
    label: str
    choices: tuple[str, ...]
    default: str = ""
    hint: str = ""


Field = TextField | ChoiceField


def complaint(field: Field, answer: str) -> str:
    """Say what is wrong with `answer` for the line below the field; "" when nothing is."""
    if isinstance(field, ChoiceField):
        return ""
    if field.required and not answer.strip():
        return f"{field.label} is needed."
    return field.wrong(answer) if field.wrong is not None and answer.strip() else ""


def next_suggestion(typed: str, current: str, suggestions: tuple[str, ...], step: int) -> str:
    """The suggestion `step` places from `current` among those that contain `typed`, or else are near to it.

    It is `current` if there is none.
    """
    offered = [one for one in suggestions if typed.casefold() in one.casefold()] or near_names(typed, suggestions)
    if not offered:
        return current
    if current in offered:
        return offered[(offered.index(current) + step) % len(offered)]
    return offered[0 if step > 0 else -1]
