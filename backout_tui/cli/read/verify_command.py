"""`backout-tui verify`: checks that the log is what was written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backout_tui.cli.read.sources import number
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.errors import EXIT_DONE, EXIT_NO, BackoutError, Damaged

if TYPE_CHECKING:
    from backout_tui.store.log.verify import Verification

FILE = "file"  # the name for findings about the file itself, below the logs
STATE = "state tables"  # the name for what the state tables say differently; the logs are sound all the same
_NO_LOGS = (FILE, STATE)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@click.option("--anchor", metavar="SEQ:HEX", help="A head of the log, from a mail or a report.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def verify(surroundings: Surroundings, /, backout: str, anchor: str | None, as_json: bool) -> int:
    """Check that nobody changed the log of BACKOUT.

    BACKOUT is a number, a .sqlite file (all its logs), or a .json log. It exits with 1 when anything inside is wrong.
    Only --anchor finds that a whole log was removed, or that events after the last head kept elsewhere were cut off.
    """
    verified = _verified(surroundings, backout, anchor)
    if as_json:
        say_json(_json(verified))
    else:
        _tell(verified)
    return EXIT_DONE if all(one.ok for one in verified.values()) else EXIT_NO


def _verified(surroundings: Surroundings, named: str, anchor: str | None) -> dict[str, Verification]:
    if named.endswith(".json"):
        from backout_tui.store.log.saved import read_saved, verify_saved

        saved = read_saved(Path(named))
        return {saved.log_id: verify_saved(saved, anchor=anchor)}
    if named.isdecimal():
        path = surroundings.reading_desk().database
        logs = _one(path, number(named), anchor)
        return {**logs, FILE: _file(path), **_state(path, logs)}
    path = Path(named)
    logs = _all(path, anchor)
    return {**logs, FILE: _file(path), **_state(path, logs, strays=True)}


def _one(path: Path, backout_id: int, anchor: str | None) -> dict[str, Verification]:
    from backout_tui.store.log.verify import verify_log

    log_id = f"backout:{backout_id}"
    found = verify_log(path, log_id, anchor=anchor)
    if anchor is None and [one.rule for one in found.findings] == ["missing"]:
        raise BackoutError(f"there is no backout {backout_id}", todo="See which there are with: backout-tui list")
    return {log_id: found}


def _all(path: Path, anchor: str | None) -> dict[str, Verification]:
    from backout_tui.store.log.reading import Reader
    from backout_tui.store.log.verify import verify_log

    with Reader.open(path) as reader:
        backouts = reader.logs("backout:")
        if anchor is not None and len(backouts) != 1:
            raise BackoutError(
                f"an anchor belongs to one log, and there are {len(backouts) or 'none'} in this file",
                where=str(path),
                todo=f"Name the backout: backout-tui --database {path} verify ID --anchor {anchor}",
            )
        found = {log_id: verify_log(reader, log_id, anchor=anchor) for log_id in backouts}
        return found | {log_id: verify_log(reader, log_id) for log_id in reader.logs("plan:")}


def _file(path: Path) -> Verification:
    """Find what is wrong with the file itself, below the logs: damaged pages, changed tables, missing guards."""
    from backout_tui.store.log.chain import Finding
    from backout_tui.store.log.verify import Verification, why_not_sound

    why = why_not_sound(path)
    return Verification(0, "", (Finding(FILE, 0, why),) if why else ())


def _state(path: Path, logs: Mapping[str, Verification], *, strays: bool = False) -> dict[str, Verification]:
    """Find where the state tables disagree with these logs; with `strays`, also rows of backouts that don't exist.

    It skips a log that is not sound, because its content is not what was written.
    """
    from backout_tui.store.file import ddl
    from backout_tui.store.log.chain import Finding
    from backout_tui.store.log.reading import Reader
    from backout_tui.store.log.verify import Verification
    from backout_tui.store.state.state_findings import RULE, state_findings, stray_rows

    found: list[Finding] = []
    with Reader.open(path) as reader:
        try:
            for log_id, one in logs.items():
                found += state_findings(reader, log_id) if one.ok and log_id.startswith("backout:") else ()
            found += stray_rows(reader) if strays else ()
        except Damaged as damaged:
            found.append(Finding(RULE, 0, str(damaged)))
        return {STATE: Verification(0, "", tuple(found))} if reader.version >= ddl.STATE_VERSION else {}


def _json(verified: Mapping[str, Verification]) -> dict[str, Any]:
    findings = [
        {"rule": finding.rule, "seq": finding.seq, "message": finding.message, "log": log_id}
        for log_id, one in verified.items()
        for finding in one.findings
    ]
    logs = {log_id: one for log_id, one in verified.items() if log_id not in _NO_LOGS}
    backouts = [one for log_id, one in logs.items() if log_id.startswith("backout:")]
    bad = [one.first_bad for one in logs.values() if one.first_bad is not None]
    return {
        "ok": not findings,
        "events": sum(one.events for one in logs.values()),
        "head": backouts[0].head if len(backouts) == 1 else None,
        "first_bad": min(bad, default=None),
        "findings": findings,
        "logs": [{"log": log_id, "events": one.events, "head": one.head} for log_id, one in logs.items()],
    }


def _tell(verified: Mapping[str, Verification]) -> None:
    for log_id, one in verified.items():
        state = "sound" if one.ok else "NOT AS THE LOGS SAY" if log_id == STATE else "NOT SOUND"
        held = f"{one.events} events, head {one.head}: " if log_id not in _NO_LOGS else ""
        say(clean_line(f"{log_id}: {held}{state}"))
        for finding in one.findings:
            place = f"event {finding.seq}" if finding.seq else "as a whole"
            say(clean_line(f"  {place}: {finding.message} [{finding.rule}]"))
