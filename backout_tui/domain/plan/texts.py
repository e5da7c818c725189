"""What stands in a plan in words: texts for contacts, filled in and split; whom they go to; the next free letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from backout_tui.domain.plan.plan import Contact, Variable
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
    "affects",
    "change",
    "next_update",
    "problem",
    "assignee",
)
"""The names that `{...}` in a message may use, besides the plan's variables. contract.md section 7."""

NOT_KNOWN = "not known yet"
NEVER_KNOWN = frozenset({"next_update"})
"""The names that nothing gives a value to yet."""
_BRACED = re.compile(r"\{\{(?:([^{}\n]*)\}\})?|\{([^{}\n]+)\}")
"""`{{` with what it encloses if `}}` closes it, or a name between single braces."""
_WORD = re.compile(r"\w[\w .-]*|[A-Za-z_]\w*\s*[!:]\S*")


class Letter(Struct, frozen=True):
    """A text ready to send: a subject of one line, and a body that ends with the log's head."""

    subject: str
    body: str


def letter(text: str, title: str, values: Mapping[str, str], head: str) -> Letter:
    """The filled-in message `text`; its title is the subject if the text has none. `head` is the log's, `12:ab34...`.

    The text is split before it is filled in, so that no value can become a subject or a second line of one.
    """
    subject, body = subject_and_body(text, title)
    return Letter(
        clean_line(fill(subject, values)).strip() or clean_line(title),
        f"{clean(fill(body, values)).strip()}\n\n{footer(head)}\n".lstrip(),
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` replaced by its value, literally; braces around anything else stay.

    A name of `NAMES` that is missing or blank, and a blank variable, becomes "not known yet". `{{` is a brace, and so
    is the `}}` that closes it.
    """
    return _BRACED.sub(lambda match: _filled(match, values), text)


def names_in(text: str) -> tuple[str, ...]:
    """Every word between single braces in `text`, in order, known or not; other text in braces is no name."""
    found = (match[2] for match in _BRACED.finditer(text) if match[2] is not None)
    return tuple(name for name in found if _WORD.fullmatch(name.strip()))


def not_known(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names in `text` that would become "not known yet", each once, in order: for the preview."""
    found = (match[2] for match in _BRACED.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name is not None and _value(name, values) == NOT_KNOWN))


def variable_values(variables: Iterable[Variable], given: Mapping[str, str]) -> dict[str, str]:
    """The values of the plan's variables in a message; `given` are those set since. No message ever has a secret."""
    return {one.name: "(secret)" if one.secret else given.get(one.name, one.value) for one in variables}


def subject_and_body(text: str, title: str) -> tuple[str, str]:
    """The subject from a first line `Subject: ...`, or else `title`; and the rest of the text."""
    first, _, rest = text.strip().partition("\n")
    key, colon, subject = first.partition(":")
    if colon and key.strip().lower() == "subject":
        return subject.strip() or title, rest.strip()
    return title, text.strip()


def has_subject(text: str) -> bool:
    """Whether the text begins with a subject of its own; without one the message's title is the subject."""
    key, colon, subject = text.strip().partition("\n")[0].partition(":")
    return bool(colon) and key.strip().lower() == "subject" and bool(subject.strip())


def footer(head: str) -> str:
    """The last lines of every message: the log's head when it was written, as an anchor for later."""
    return f"--\nLog head: {head}"


def recipients(to: Iterable[str], contacts: Iterable[Contact]) -> tuple[tuple[Contact, ...], tuple[str, ...]]:
    """The contacts that the names `to` mean, each once, in order; and the names that mean nobody.

    A name means the contact with that name and everybody in the group with that name; case and spacing don't matter.
    """
    called = by_what_they_are_called(contacts)
    chosen: dict[str, Contact] = {}
    unknown: list[str] = []
    for name in to:
        meant = called.get(plain_name(name), ())
        chosen.update({plain_name(one.name): one for one in meant if plain_name(one.name) not in chosen})
        if not meant and name not in unknown:
            unknown.append(name)
    return tuple(chosen.values()), tuple(unknown)


def by_what_they_are_called(contacts: Iterable[Contact]) -> dict[str, list[Contact]]:
    """The contacts by their own names and their groups' names, each as `plain_name` writes it, in order."""
    called: dict[str, list[Contact]] = {}
    for contact in contacts:
        for name in {plain_name(one) for one in (contact.name, *contact.groups)}:
            called.setdefault(name, []).append(contact)
    return called


def plain_name(name: str) -> str:
    """A name for comparing: case and spacing don't matter."""
    return " ".join(name.split()).casefold()


def _filled(match: re.Match[str], values: Mapping[str, str]) -> str:
    if match[2] is None:  # a doubled brace
        return "{" if match[1] is None else f"{{{match[1]}}}"
    return _value(match[2], values) or match[0]


def _value(name: str, values: Mapping[str, str]) -> str | None:
    if name in NAMES or name in values:
        return values.get(name, "").strip() or NOT_KNOWN
    return None


def letter_after(taken: set[str]) -> str:
    """The next free letter: A ... Z, AA, AB ..."""
    number = 0
    while True:
        number += 1
        rest, letters = number, ""
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        if letters not in taken:
            return letters
