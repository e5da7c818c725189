"""What a dialog asks for, described: texts and choices, and the rule for what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextField:
    """A text. `suggestions` are offered with the arrow keys; `password` is not echoed; `lines` > 1 takes several.

    `wrong` gets what was typed and says what is wrong with it, "" when nothing is. Where a text `submits`, Enter ends
    the dialog although fields follow: nobody has to fill those in, and Tab leads to them.
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
    submits: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of `choices`, the first unless `default` says another."""

    name: str
    label: str
    choices: tuple[str, ...]
    default: str = ""
    hint: str = ""


Field = TextField | ChoiceField


def complaint(field: Field, answer: str) -> str:
    """What is wrong with `answer`, in words for the line below the field; "" when nothing is."""
    if isinstance(field, ChoiceField):
        return ""
    if field.required and not answer.strip():
        return f"{field.label} is needed."
    return field.wrong(answer) if field.wrong is not None and answer.strip() else ""


def next_suggestion(typed: str, current: str, suggestions: tuple[str, ...], step: int) -> str:
    """The suggestion `step` places from `current` among those that hold what was `typed`; `current` without any."""
    offered = [one for one in suggestions if typed.casefold() in one.casefold()]
    if not offered:
        return current
    if current in offered:
        return offered[(offered.index(current) + step) % len(offered)]
    return offered[0 if step > 0 else -1]
