"""`backout-tui verify`: is the log what was written?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backout_tui.cli.sources import number
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.errors import EXIT_DONE, EXIT_NO, BackoutError

if TYPE_CHECKING:
    from backout_tui.store.verify import Verification


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@click.option("--anchor", metavar="SEQ:HEX", help="A head of the log that was kept elsewhere: a mail, a report.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def verify(surroundings: Surroundings, backout: str, anchor: str | None, as_json: bool) -> int:
    """Whether the log of BACKOUT (its number, or a .sqlite file for all its logs) is what was written.

    Exit 1 with anything wrong inside. A log removed whole, and events after the last head that left the host, are found
    only with --anchor.
    """
    if backout.isdecimal():
        path = surroundings.desk().database
        verified = _one(path, f"backout:{number(backout)}", anchor)
    else:
        path = Path(backout)
        verified = _all(path, anchor)
    good = all(one.ok for one in verified.values())
    if as_json:
        say_json(_json(verified))
    else:
        _tell(verified)
    return EXIT_DONE if good else EXIT_NO


def _one(path: Path, log_id: str, anchor: str | None) -> dict[str, Verification]:
    from backout_tui.store.verify import verify_log

    found = verify_log(path, log_id, anchor=anchor)
    if not found.events and not found.findings:
        raise BackoutError(f"there is no backout {log_id.partition(':')[2]}", todo="See: backout-tui list")
    return {log_id: found}


def _all(path: Path, anchor: str | None) -> dict[str, Verification]:
    from backout_tui.store.reading import Reader
    from backout_tui.store.verify import verify_log

    with Reader.open(path) as reader:
        backouts = reader.logs("backout:")
        if anchor is not None and len(backouts) != 1:
            raise BackoutError(
                "an anchor belongs to one log, and this file has several",
                where=str(path),
                todo=f"Name one: backout-tui --database {path} verify ID --anchor {anchor}",
            )
        found = {log_id: verify_log(reader, log_id, anchor=anchor) for log_id in backouts}
        found |= {log_id: verify_log(reader, log_id) for log_id in reader.logs("plan:")}
    return found


def _json(verified: dict[str, Verification]) -> dict[str, Any]:
    findings = [
        {"rule": finding.rule, "seq": finding.seq, "message": finding.message, "log": log_id}
        for log_id, one in verified.items()
        for finding in one.findings
    ]
    single = next(iter(verified.values())) if len(verified) == 1 else None
    bad = [one.first_bad for one in verified.values() if one.first_bad is not None]
    return {
        "ok": not findings,
        "events": sum(one.events for one in verified.values()),
        "head": single.head if single else None,
        "first_bad": min(bad, default=None),
        "findings": findings,
        "logs": [{"log": log_id, "events": one.events, "head": one.head} for log_id, one in verified.items()],
    }


def _tell(verified: dict[str, Verification]) -> None:
    for log_id, one in verified.items():
        say(f"{log_id}: {one.events} events, head {one.head}: {'sound' if one.ok else 'NOT SOUND'}")
        for finding in one.findings:
            say(f"  {'event ' + str(finding.seq) if finding.seq else 'log'}: {finding.message} [{finding.rule}]")
