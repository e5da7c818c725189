"""The facts a plan may have: where each may stand, and whether the program acts on it yet. contract.md section 7."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from msgspec import Struct

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


class FactKey(Struct, frozen=True):
    """One key: `place` is a key of PLACES, `says` is what a person writes after it.

    `acted_on` is False if it is only kept and shown. A `bare` key needs no value; a key with `many` may be repeated.
    """

    place: str
    key: str
    says: str = ""
    acted_on: bool = True
    bare: bool = False
    many: bool = False


TABLE: tuple[FactKey, ...] = (
    FactKey("plan", "release", "what is backed out, name and version: `payments-api 4.12.0`"),
    FactKey("plan", "returns to", "the version that runs afterwards: `4.11.3`"),
    FactKey("plan", "environment", "where the release runs: `production`"),
    FactKey("plan", "team", "who owns the service"),
    FactKey("plan", "affects", "another service or product, with its contact: `ledger (ledger team)`", many=True),
    FactKey("plan", "deployed", "when the release was deployed: `2026-11-22 01:50 Europe/London`"),
    FactKey("plan", "window", "how long a backout is possible: `2h after deploy`"),
    FactKey("plan", "authoriser", "who may decide to back out"),
    FactKey("plan", "proxy", "who may decide instead, and when: `payments lead after 10 min`"),
    FactKey("plan", "performer", "who carries out the backout"),
    FactKey("plan", "expected time", "how long the whole backout takes: `20 min`"),
    FactKey("plan", "derived from", "the plan this one was copied from"),
    FactKey("plan", "deployment plan", "how the release is deployed, a link or a file: `deploy/payments-4.12.0.md`"),
    FactKey("plan", "updates", "how often the contacts hear news: `every 20 min`", acted_on=False),
    FactKey("plan", "change", "the change record: `CHG-1234`; messages may name it as `{change}`"),
    FactKey("part", "only if", "a question that is asked before the first step of this part"),
    FactKey("part", "owner", "who does the steps of this part"),
    FactKey("step", "owner", "who does the step"),
    FactKey("step", "estimate", "how long it takes: `5 min`, `5-10 min` (typical-bad), `1 h 30 min`, `90 s`"),
    FactKey("step", "only if", 'a question that is asked before the step; "no" makes it not needed'),
    FactKey("step", "waits for", "the steps that must be settled first: `2, 3`; default: every step before it"),
    FactKey(
        "step",
        "point of no return",
        "after this step the backout cannot be undone: `the new schema is dropped`",
        bare=True,
    ),
    FactKey("step", "loses", "the data that this step loses"),
    FactKey("step", "irreversible", "this step cannot be undone", bare=True),
    FactKey("step", "required", "only the authoriser may leave this step out", bare=True),
    FactKey("step", "optional", "this part of a required step may be left out", bare=True),
    FactKey("step", "safe to repeat", "running the command twice does no harm", bare=True),
    FactKey("step", "probe", "a command that finds out, and changes nothing, whether the step happened"),
    FactKey("step", "rehearse", "what a rehearsal really runs: `run`, or a command such as `./undo --dry-run`"),
    FactKey("step", "for each", "one step for each item, with the item in `$ITEM`: `node-1, node-2`"),
    FactKey("step", "on", "the host it is meant for; shown only, the command runs here"),
    FactKey("step", "as", "the user it is meant for; shown only"),
    FactKey("step", "capture", "the variable that keeps the last line of output: `OLD_TAG`"),
    FactKey("step", "until", "repeat the command until it succeeds: `every 10 s, at most 10 min`"),
    FactKey("step", "if it fails", "what to do when this step fails"),
    FactKey("step", "keep going", "a line that fails does not stop the script", bare=True),
    FactKey("step", "before the decision", "this step may run before anyone decides to back out", bare=True),
    FactKey(
        "step", "roll", "how many at a time: `1 at a time`, `2 at a time, stop at the first failure`", acted_on=False
    ),
    FactKey("check", "after", "the step after which the check is due: `5`"),
    FactKey("check", "when", "`before` the backout, or `after` it (the default)"),
    FactKey("check", "watch", "how long to observe: `10 min, every 30 s`", acted_on=False),
    FactKey("check", "required", "*backed-out* needs it to pass; every check is, unless it is `optional`", bare=True),
    FactKey("check", "optional", "*backed-out* does not need it", bare=True),
    FactKey("check", "baseline", "how far the value may be from the one before: `+- 10 %`", acted_on=False),
    FactKey("message", "to", "contacts or groups: `stakeholders, release manager`"),
    FactKey("message", "by", "the channel: `email`, or `phone` for a call that you make and log (`k`)"),
    FactKey("message", "when", "`start`, `decision`, `after 5` (a step), `end`, or `every 20 min` (not yet acted on)"),
    FactKey("message", "ladder", "how to go on when nobody answers: `email, wait 10 min, call`", acted_on=False),
    FactKey("message", "severity", "how urgent the message is", acted_on=False),
    FactKey("message", "automatic", "send it without asking", acted_on=False, bare=True),
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
    """Whether the program acts on this key; True for keys that the table doesn't know."""
    entry = keys_of(place).get(key)
    return entry is None or entry.acted_on


def not_acted_on_words(place: str, key: str) -> str:
    """The words that tell a person that a key is kept without effect."""
    what = f"`{key}` of {PLACES[place]}" if place in ("plan", "part", "step", "check", "message") else ""
    return f"{what or f'{PLACES[place]} `{key}`'}: kept, not yet acted on"


def table_markdown() -> str:
    """The keys with their values as a Markdown table, for the documentation."""
    lines = ["| in | fact | says |", "|---|---|---|"]
    for place in ("plan", "part", "step", "check", "message"):
        for at, entry in enumerate(keys_of(place).values()):
            later = "" if entry.acted_on else " (kept, not yet acted on)"
            lines.append(f"| {PLACES[place] if at == 0 else ''} | `{entry.key}` | {entry.says}{later} |")
    return "\n".join(lines)
