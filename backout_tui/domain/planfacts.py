"""The facts a plan may hold: where each may stand, and whether the program acts on it yet. contract.md section 7."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

PLACES = {
    "plan": "the plan",
    "part": "an option or a phase",
    "step": "a step",
    "check": "a check",
    "message": "a message",
    "waiting time": "the waiting time of the",
    "check kind": "a check of kind",
    "variable flag": "a variable that is",
    "message moment": "a message sent",
}


@dataclass(frozen=True, slots=True)
class FactKey:
    """One key: `place` is a key of PLACES.

    `acted_on` is False while it is kept and shown without effect; a `bare` key needs no value; one of `many` may
    stand several times.
    """

    place: str
    key: str
    acted_on: bool = True
    bare: bool = False
    many: bool = False


TABLE: tuple[FactKey, ...] = (
    FactKey("plan", "release"),
    FactKey("plan", "returns to"),
    FactKey("plan", "environment"),
    FactKey("plan", "team"),
    FactKey("plan", "affects", many=True),
    FactKey("plan", "deployed"),
    FactKey("plan", "window"),
    FactKey("plan", "authoriser"),
    FactKey("plan", "proxy"),
    FactKey("plan", "performer"),
    FactKey("plan", "expected time"),
    FactKey("plan", "derived from"),
    FactKey("plan", "updates", acted_on=False),
    FactKey("part", "only if"),
    FactKey("part", "owner"),
    FactKey("step", "owner"),
    FactKey("step", "estimate"),
    FactKey("step", "only if"),
    FactKey("step", "waits for"),
    FactKey("step", "point of no return", bare=True),
    FactKey("step", "loses"),
    FactKey("step", "irreversible", bare=True),
    FactKey("step", "required", bare=True),
    FactKey("step", "optional", bare=True),
    FactKey("step", "safe to repeat", bare=True),
    FactKey("step", "probe"),
    FactKey("step", "rehearse"),
    FactKey("step", "for each"),
    FactKey("step", "on"),
    FactKey("step", "as"),
    FactKey("step", "capture"),
    FactKey("step", "until"),
    FactKey("step", "if it fails"),
    FactKey("step", "keep going", bare=True),
    FactKey("step", "before the decision", bare=True),
    FactKey("check", "after"),
    FactKey("check", "when"),
    FactKey("check", "watch", acted_on=False),
    FactKey("check", "required", bare=True),
    FactKey("check", "optional", bare=True),
    FactKey("check", "baseline", acted_on=False),
    FactKey("message", "to"),
    FactKey("message", "by"),
    FactKey("message", "when"),
    FactKey("message", "ladder", acted_on=False),
    FactKey("message", "severity", acted_on=False),
    FactKey("message", "automatic", acted_on=False, bare=True),
    FactKey("waiting time", "proxy"),
    FactKey("check kind", "http", acted_on=False),
    FactKey("check kind", "sql", acted_on=False),
    FactKey("check kind", "promql", acted_on=False),
    FactKey("variable flag", "captured by"),
    FactKey("message moment", "every", acted_on=False),
)


@functools.cache
def keys_of(place: str) -> Mapping[str, FactKey]:
    """The keys that may stand at `place`, by key."""
    return {entry.key: entry for entry in TABLE if entry.place == place}


def acted_on(place: str, key: str) -> bool:
    """Whether the program does something with this key; True for keys that the table does not know."""
    entry = keys_of(place).get(key)
    return entry is None or entry.acted_on


def not_acted_on_words(place: str, key: str) -> str:
    """What a person is told of a key that is kept without effect."""
    what = f"`{key}` of {PLACES[place]}" if place in ("plan", "part", "step", "check", "message") else ""
    return f"{what or f'{PLACES[place]} `{key}`'}: kept, not yet acted on"
