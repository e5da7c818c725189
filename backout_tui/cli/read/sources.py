"""What BACKOUT means to a reading command: an id in the database, a copied .sqlite file, or a log saved as .json."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.cli.speech import complain
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.fold import backout_of
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.runs import Away
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.damage import DamagedEvent
from backout_tui.domain.printed_ends import NO_ENDS, Ends
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.engine import opening
from backout_tui.engine.desk import Desk
from backout_tui.engine.outputs import ends_of, output_of
from backout_tui.engine.soundness import before_printing
from backout_tui.engine.timing import past_before
from backout_tui.errors import EXIT_DONE, EXIT_NO, BackoutError

if TYPE_CHECKING:
    from backout_tui.store.log.chain import Finding


class Source(Struct, frozen=True):
    """One backout as it can be read: its state, its events, its raw records, and how long its commands took before.

    `findings` is what is wrong with its chain, and `todo` what to do about that. `away` is what runs where this machine
    cannot ask about it. `ends` is what its commands printed last where they did not succeed; a saved log does not hold
    it.
    """

    backout: Backout
    events: Sequence[Event]
    records: Sequence[bytes]
    todo: str = ""
    past: Past = NO_PAST
    findings: Sequence[Finding] = ()
    away: Away = struct_field(default_factory=dict)
    ends: Ends = NO_ENDS

    @property
    def not_sound(self) -> list[str]:
        """Return the warning to show first when the log is not what was written; empty for a sound log."""
        if not self.findings:
            return []
        from backout_tui.reports.sound_words import not_sound

        return not_sound(self.findings, self.todo)


def source(surroundings: Surroundings, named: str) -> Source:
    """Return the backout that `named` means. Raises BackoutError when it cannot be read."""
    if named.endswith(".json"):
        return _from_json(Path(named))
    desk = surroundings.reading_desk()
    if named.endswith(".sqlite"):
        with closing(replace(desk, database=Path(named))) as copy:
            backout_id = _only_backout(copy, named)
            findings = before_printing(copy, f"backout:{backout_id}")
            return _from_log(copy, opening.looked_at(copy, backout_id), named, findings)
    findings = before_printing(desk, f"backout:{number(named)}")
    backout, why = opening.opened(desk, number(named))
    if why and not findings:
        complain(f"an outcome that is shown here is not yet recorded: {why}")
    for words in opening.awaiting(desk, backout).values():
        complain(words)
    if unseen := opening.closed_to_us(desk, backout):
        complain(f"{unseen}: open this backout here under that login")
    found, past = _from_log(desk, backout, named, findings), past_before(desk, backout)
    return replace(found, past=past, away=opening.out_of_reach(desk, backout))


def printed_by(surroundings: Surroundings, named: str, attempt: Attempt) -> str:
    """All that is kept of what `attempt` printed, from where `named` was read. Raises BackoutError."""
    if named.endswith(".json"):
        raise BackoutError(
            "a saved log does not hold what the commands printed",
            where=clean_line(named),
            todo="Read it from the database or a copy of it.",
        )
    desk = surroundings.desk()
    if named.endswith(".sqlite"):
        with closing(replace(desk, database=Path(named))) as copy:
            return output_of(copy, attempt)
    return output_of(desk, attempt)


def exit_of(found: Source) -> int:
    """Return exit code 1 for a log that can be read but is not sound."""
    return EXIT_NO if found.findings else EXIT_DONE


def number(named: str) -> int:
    """Return the id of a backout. Raises BackoutError when the text is not a number."""
    if not named.isdecimal() or len(named) > opening.MAX_DIGITS:
        raise BackoutError(f"{clean_line(named)} is not a backout", todo="Give its number; see: backout-tui list")
    return int(named)


def _only_backout(desk: Desk, named: str) -> int:
    logs = desk.reader.logs("backout:")
    if len(logs) == 1:
        return number(logs[0].partition(":")[2])
    found = ", ".join(one.partition(":")[2] for one in logs)
    raise BackoutError(
        f"there is more than one backout to choose from ({found})" if logs else "there is no backout in it",
        where=clean_line(named),
        todo="Name one: backout-tui --database FILE show ID" if logs else "",
    )


def _from_log(desk: Desk, backout: Backout, named: str, findings: Sequence[Finding]) -> Source:
    log_id = f"backout:{backout.id}"
    events = desk.reader.events_after(log_id, 0)
    records = [record for _seq, record, _hash in desk.reader.records(log_id)]
    return Source(backout, events, records, _todo(named), findings=findings, ends=ends_of(desk, backout))


def _todo(named: str) -> str:
    return (
        f"See all that was found with: backout-tui verify {clean_line(named)} (--anchor SEQ:HEX compares it with a head"
        " that left this host, in a mail or a report). Compare it with a copy from before."
    )


def _from_json(path: Path) -> Source:
    from backout_tui.store.log.saved import read_saved, verify_saved

    saved = read_saved(path)
    number(saved.log_id.partition(":")[2])
    try:
        backout = backout_of(saved.events, log_id=saved.log_id)
    except DamagedEvent as damaged:
        raise BackoutError(damaged.what, where=str(path), todo="Save it again from where it came.") from damaged
    findings = verify_saved(saved).findings
    return Source(backout, saved.events, saved.records, _todo(str(path)), findings=findings)
