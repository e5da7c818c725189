"""Whether every `{name}` in a message is one that the program knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from backout_tui.domain.backout.capturing import captured_by
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.texts import NAMES, NEVER_KNOWN, has_subject, names_in


def about_messages(plan: Plan, passages: Iterable[Passage]) -> Iterator[Finding]:
    """unknown-name; not-acted-on for a name that nothing gives a value to yet."""
    known = {*NAMES, *(one.name for one in plan.variables), *captured_by(plan)}
    titled = {f"message {one.title}" for one in plan.messages if not has_subject(one.text)}
    for passage in passages:
        if passage.kind == "message" or (passage.kind == "title" and passage.item in titled):
            for line, text in passage.lines():
                yield from _in_line(text, line, passage.item, known)


def _in_line(text: str, line: int, item: str, known: Collection[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(names_in(text)):
        if name not in known:
            message = f"{{{name}}} is no known value{_meant(name, known)}; a brace that is meant is written {{{{"
            yield finding("unknown-name", line, item, message)
        elif name in NEVER_KNOWN:
            yield finding(
                "not-acted-on", line, item, f"{{{name}}} always reads “not known yet”: nothing sets it so far"
            )


def _meant(name: str, known: Collection[str]) -> str:
    """Says which name was probably meant."""
    import difflib  # imported here: only an unknown name needs it

    plain = {one.casefold(): one for one in sorted(known)}
    wanted = "_".join(name.casefold().replace("-", " ").split())
    close = difflib.get_close_matches(wanted, plain, n=1, cutoff=0.6)
    return f": did you mean {{{plain[close[0]]}}}?" if close else ""
