"""The topics of `backout-tui help TOPIC`: their names, and the text of each.

The tables inside a topic are stored in its file, so that the file is complete wherever it is read. A test compares each
with the program's own table; `python -m tests.topics` writes them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TOPICS: Mapping[str, str] = {
    "plans": "before the release: find, write, copy, review and approve a plan",
    "plan-file": "how a plan is written: sections, facts, commands, contacts",
    "rules": "everything that `plan check` looks for",
    "keys": "every key of the dashboard, the list and the plans",
    "judgement": "leaving the plan: ways, authority, clock, doubt, controls",
    "rehearsal": "trying a plan out before the release",
    "messages": "messages and calls, and the {names} that a message may hold",
    "command-line": "the commands, the verbs of `do`, and the exit codes",
    "settings": "config.toml, contacts.toml and the environment variables",
    "storage": "where things are stored, who may read them, copies",
    "promises": "what backout-tui promises, and what it does not",
}
"""Every topic and what it is about, in the order in which a newcomer needs them."""

FOLDER = Path(__file__).parent
"""The folder of the topic files."""


def text_of(topic: str) -> str:
    """Return the Markdown text of one of `TOPICS`."""
    return (FOLDER / f"{topic}.md").read_text(encoding="utf-8")


def listed() -> str:
    """List the topics, one line each."""
    wide = max(map(len, TOPICS))
    rows = [f"  {topic:<{wide}}  {about}" for topic, about in TOPICS.items()]
    return "\n".join(["Topics:", *rows, "", "backout-tui help TOPIC shows one. Each command also takes --help."])
