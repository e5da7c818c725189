"""All verbs, by subject; every verb has its row in one of these tables and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.engine.verbs.table.change_table import CHANGES
from backout_tui.engine.verbs.table.check_table import CHECKS
from backout_tui.engine.verbs.table.end_table import END
from backout_tui.engine.verbs.table.people_table import PEOPLE
from backout_tui.engine.verbs.table.problem_table import PROBLEMS
from backout_tui.engine.verbs.table.step_table import STEPS
from backout_tui.engine.verbs.table.verb import Verb

SUBJECTS: dict[str, tuple[Verb, ...]] = {
    "Problems": PROBLEMS,
    "Steps": (*STEPS, *CHANGES),
    "Checks": CHECKS,
    "People": PEOPLE,
    "The end": END,
}
"""All verbs, under the headings that the help gives them."""


def all_verbs() -> Iterator[Verb]:
    """Every verb, in the order of the table."""
    for verbs in SUBJECTS.values():
        yield from verbs


def verb_of(verb_id: str) -> Verb:
    """The verb with that id. Raises KeyError when there is none."""
    for verb in all_verbs():
        if verb.id == verb_id:
            return verb
    raise KeyError(verb_id)


def table_markdown() -> str:
    """The documentation's table of verbs: the command line's name, the key, and what each does."""
    rows = [f"| `{one.id}` | {f'`{one.key}`' if one.key else ''} | {one.help} |" for one in all_verbs()]
    return "\n".join(["| verb | key | does |", "|---|---|---|", *rows])
