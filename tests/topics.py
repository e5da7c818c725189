"""`python -m tests.topics`: write anew, from the program's own tables, those that stand in the topics of the help."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from backout_tui.domain.checking import rules
from backout_tui.domain.plan import planfacts
from backout_tui.engine.verbs.table import verb_table
from backout_tui.help.topics import FOLDER
from backout_tui.ui.desk import desk_keys
from backout_tui.ui.night import commands

TABLES: Mapping[tuple[str, str], Callable[[], str]] = {
    ("keys", "keys"): commands.table_markdown,
    ("keys", "plan keys"): desk_keys.table_markdown,
    ("rules", "rules"): rules.table_markdown,
    ("plan-file", "facts"): planfacts.table_markdown,
    ("command-line", "verbs"): verb_table.table_markdown,
}
"""What makes each table, by its topic and its name there."""


def between(text: str, name: str) -> re.Match[str]:
    """What stands in a topic between the marks of the table `name`."""
    found = re.search(rf"(?<=<!-- {name} -->\n)(.*?\n)?(?=<!-- /{name} -->)", text, re.DOTALL)
    assert found is not None, f"no table {name}"
    return found


def write() -> None:
    """Write every table into its topic."""
    for (topic, name), made in TABLES.items():
        path = FOLDER / f"{topic}.md"
        text = path.read_text(encoding="utf-8")
        place = between(text, name)
        path.write_text(f"{text[: place.start()]}{made()}\n{text[place.end() :]}", encoding="utf-8")


if __name__ == "__main__":
    write()
