"""What a plan says for people to judge by: criteria, what comes before and after, risks, and who else is affected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from backout_tui.domain.plan.plan import Plan, Section

_BETWEEN = re.compile(r"[,;](?![^()]*\))")
_CONTACTS = re.compile(r"\(([^()]+)\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class Affected(Struct, frozen=True):
    """Another service or product: `text` as the plan writes it, its `name`, and the `contacts` in parentheses."""

    text: str
    name: str
    contacts: tuple[str, ...] = ()
    line: int = 0


def affected(plan: Plan) -> tuple[Affected, ...]:
    """Every service that an `affects` names, in order; one fact may name several, separated by commas."""
    return tuple(_affected(plan))


def _affected(plan: Plan) -> Iterator[Affected]:
    for fact in plan.facts:
        for one in _BETWEEN.split(fact.value) if fact.key == "affects" else ():
            if text := one.strip():
                named = (name.strip() for inside in _CONTACTS.findall(text) for name in re.split(r"[,;]", inside))
                name = " ".join(_CONTACTS.sub(" ", text).split())
                yield Affected(text, name, tuple(filter(None, named)), fact.line)


def affects_words(plan: Plan) -> str:
    """Everything that the plan affects, on one line; "" if it names nothing."""
    return "; ".join(one.text for one in affected(plan))


def said_in(section: Section | None) -> tuple[str, ...]:
    """A section's bullets, or its paragraphs if it has no bullets; comments are left out."""
    if section is None:
        return ()
    if section.items:
        return section.items
    return paragraphs((section.body,))


def paragraphs(texts: Iterable[str]) -> tuple[str, ...]:
    """The paragraphs of prose, each on one line, without comments."""
    written = (" ".join(one.split()) for text in texts for one in re.split(r"\n\s*\n", _COMMENT.sub("", text)))
    return tuple(one for one in written if one)


def components_of(plan: Plan) -> tuple[str, ...]:
    """Each component with its version and the one it returns to: `api 4.12.0, back to 4.11.3`."""
    return tuple(
        ", ".join(
            filter(None, (f"{one.component} {one.version}".strip(), one.returns_to and f"back to {one.returns_to}"))
        )
        for one in plan.components
    )


def few(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """At most `most` lines; if there are more, the last says how many, and where they stand."""
    if len(lines) <= most:
        return lines
    return (*lines[: most - 1], f"and {len(lines) - most + 1} more, in the brief (Ctrl+P)")
