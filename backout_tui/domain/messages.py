"""Texts for contacts: filled from the backout, split into subject and body, and to whom they go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backout_tui.domain.plan import Contact, Variable
from backout_tui.domain.text import clean, clean_line

NAMES = (
    "release",
    "name",
    "version",
    "returns_to",
    "environment",
    "mode",
    "window",
    "finish",
    "decision",
    "decided_by",
    "problems",
    "steps_done",
    "steps_total",
    "deviations",
    "outcome",
    "operator",
    "head",
)
"""What `{...}` in a message may stand for, beside the plan's variables. contract.md section 7."""

NOT_KNOWN = "not known yet"
_BRACED = re.compile(r"\{([^{}\n]+)\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A text ready to leave: one line of subject, and a body that ends in the log's head."""

    subject: str
    body: str


def letter(text: str, title: str, values: Mapping[str, str], head: str) -> Letter:
    """The message `text`, filled; its title is the subject when it names none; `head` is the log's, `12:ab34...`.

    It is split before it is filled, so that no value can become a subject or a second line of one.
    """
    subject, body = subject_and_body(text, title)
    return Letter(
        clean_line(fill(subject, values)).strip() or clean_line(title),
        f"{clean(fill(body, values)).strip()}\n\n{footer(head)}\n".lstrip(),
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` replaced by its value, literally; braces around anything else stay as they are.

    A name of `NAMES` that is missing or blank, and a blank variable, reads "not known yet".
    """
    return _BRACED.sub(lambda match: _value(match[1], values) or match[0], text)


def not_known(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names in `text` that would read "not known yet", each once, in order: for the preview."""
    found = (match[1] for match in _BRACED.finditer(text))
    return tuple(dict.fromkeys(name for name in found if _value(name, values) == NOT_KNOWN))


def variable_values(variables: Iterable[Variable], given: Mapping[str, str]) -> dict[str, str]:
    """What the plan's variables read in a message; `given` holds those set since. A secret never leaves in one."""
    return {one.name: "(secret)" if one.secret else given.get(one.name, one.value) for one in variables}


def subject_and_body(text: str, title: str) -> tuple[str, str]:
    """The subject that a first line `Subject: ...` gives, else `title`; and the rest."""
    first, _, rest = text.strip().partition("\n")
    key, colon, subject = first.partition(":")
    if colon and key.strip().lower() == "subject":
        return subject.strip() or title, rest.strip()
    return title, text.strip()


def footer(head: str) -> str:
    """The last lines of every message: where the log stood when it was written, as an anchor for later."""
    return f"--\nLog head: {head}"


def recipients(to: Iterable[str], contacts: Iterable[Contact]) -> tuple[tuple[Contact, ...], tuple[str, ...]]:
    """The contacts that the names `to` mean, each once, in order; and the names that mean nobody.

    A name means the contact of that name and everybody in the group of that name; case and spacing do not matter.
    """
    everybody = tuple(contacts)
    chosen: dict[str, Contact] = {}
    unknown: list[str] = []
    for name in to:
        meant = [contact for contact in everybody if _is_called(contact, plain_name(name))]
        chosen.update({plain_name(one.name): one for one in meant if plain_name(one.name) not in chosen})
        if not meant and name not in unknown:
            unknown.append(name)
    return tuple(chosen.values()), tuple(unknown)


def plain_name(name: str) -> str:
    """A name for comparing: case and spacing do not matter."""
    return " ".join(name.split()).casefold()


def _is_called(contact: Contact, name: str) -> bool:
    return name == plain_name(contact.name) or name in map(plain_name, contact.groups)


def _value(name: str, values: Mapping[str, str]) -> str | None:
    if name in NAMES or name in values:
        return values.get(name, "").strip() or NOT_KNOWN
    return None
