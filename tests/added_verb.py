"""The program with one verb more: a row and its function, and nothing else. `python -m tests.added_verb ...`."""

from __future__ import annotations

import sys

from backout_tui.cli.main import main
from backout_tui.domain.backout.events import Draft
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.table import verb_table
from backout_tui.engine.verbs.table.verb import Kind, Verb, VerbField

ADDED = Verb(
    "coffee-make",
    "tests.added_verb.make",
    "Make coffee for whoever is still awake.",
    label="Coffee",
    key="C",
    types=True,
    fields=(
        VerbField("who", "for", required=True, positional=True),
        VerbField("size", "size", Kind.CHOICE, choices=("small", "large"), default="large", help="How much."),
    ),
    title="Make coffee",
    enter="make it",
    said="{size} coffee for {who}.",
)
"""The row of the verb that nobody has written yet."""


def make(op: Operator, who: str, size: str = "small") -> Receipt:
    """What the verb does."""
    return op.append(lambda _: [Draft("NoteAdded", {"text": f"{size} coffee for {who}"})])


if __name__ == "__main__":
    verb_table.SUBJECTS["People"] = (*verb_table.SUBJECTS["People"], ADDED)
    sys.exit(main())
