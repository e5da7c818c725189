"""The commands `list`, `show`, `log` and `report`, which only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backout_tui.cli.read.sources import Source, exit_of, source
from backout_tui.cli.speech import complain, say, say_json, say_raw, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.clock.clock_reading import read
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.text import clean_line, safe_json
from backout_tui.errors import EXIT_DONE

if TYPE_CHECKING:
    from backout_tui.engine.listing import BackoutLine

NEWEST = 50
"""The number of backouts that `list` prints without `--all`."""
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command("list", context_settings={"help_option_names": ["-h", "--help"]})
@_JSON
@click.option("--all", "whole", is_flag=True, help=f"Every backout, and not the first {NEWEST} alone.")
@click.pass_obj
def list_(surroundings: Surroundings, as_json: bool, whole: bool) -> int:
    """List the backouts, the open ones first, then the newest: 50 of them, and how many more there are."""
    from backout_tui.engine import listing

    found = listing.listed(surroundings.reading_desk(), None if whole else NEWEST)
    if as_json:
        say_json([_line_json(line) for line in found.lines])
    elif not found.lines:
        complain("there is no backout yet", hint="Start one with: backout-tui start PLAN")
    else:
        for line in found.lines:
            _say_line(line)
    if found.more:
        are_open = f", {found.more_open} of them open" if found.more_open else ""
        (tell if as_json else say)(
            f"{found.more} more {'is' if found.more == 1 else 'are'} not shown{are_open}: backout-tui list --all"
        )
    return EXIT_DONE


def _say_line(line: BackoutLine) -> None:
    state = line.outcome or line.phase.replace("_", " ")
    mode = "  REHEARSAL" if line.mode == "rehearsal" else ""
    opened = line.opened_at.strftime("%Y-%m-%d %H:%M UTC") if line.opened_at is not None else ""
    back = f" → {line.returns_to}" if line.returns_to or not line.damaged else ""
    where = f"{line.release}{back}" + (f" · {line.environment}" if line.environment else "")
    said = line.damaged and f"  {line.damaged}; see: backout-tui verify {line.id}"
    say(clean_line(f"{line.id:>4}  {opened:<20}  {state:<13} {where:<50} {line.operator}{mode}{said}".rstrip()))


def _line_json(line: BackoutLine) -> dict[str, object]:
    return {
        "id": line.id,
        "release": line.release,
        "returns_to": line.returns_to,
        "environment": line.environment,
        "state": line.phase,
        "mode": line.mode,
        "opened_at": rfc3339(line.opened_at) if line.opened_at is not None else None,
        "operator": line.operator,
        "outcome": line.outcome or None,
        "damaged": line.damaged or None,
    }


@click.command("show", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@_JSON
@click.option("--brief", is_flag=True, help="Only what someone who takes the controls has to know.")
@click.pass_obj
def show(surroundings: Surroundings, backout: str, as_json: bool, brief: bool) -> int:
    """Show where BACKOUT stands.

    BACKOUT is a number, a copied .sqlite file, or a log saved as .json.
    """
    if as_json and brief:
        raise click.UsageError("--brief is for people: give it without --json")
    found = source(surroundings, backout)
    reading = read(found.backout, surroundings.reading_desk().clock.now(), found.past)
    _say_not_sound(found, as_json=as_json)
    if brief:
        from backout_tui.reports.brief import brief as brief_of

        say("\n".join(brief_of(found.backout, surroundings.reading_desk().clock.now())))
    elif as_json:
        from backout_tui.reports.show_json import show_json

        say_json(show_json(found.backout, reading, found.findings, found.away, found.ends))
    else:
        from backout_tui.reports.show_words import lines

        say("\n".join(lines(found.backout, reading, found.away, found.ends)))
    return exit_of(found)


@click.command("log", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@_JSON
@click.pass_obj
def log(surroundings: Surroundings, backout: str, as_json: bool) -> int:
    """Print what happened in BACKOUT, event by event.

    With --json it prints the records verbatim.
    """
    found = source(surroundings, backout)
    _say_not_sound(found, as_json=as_json)
    if as_json:
        # No character in our own records acts on a terminal; text that somebody else wrote into the file is escaped
        # here.
        text = b",\n".join(found.records).decode("utf-8", "backslashreplace")
        say_raw(f"[{safe_json(text)}]\n")
        return exit_of(found)
    from backout_tui.reports.log_words import line, printed
    from backout_tui.reports.pen import Pen

    pen, marks = Pen.of(found.backout), {one.seq: f"  [NOT SOUND: {one.message}]" for one in reversed(found.findings)}
    for event in found.events:
        say(pen.masked(line(event) + printed(event, found.ends)) + clean_line(marks.get(event.seq, "")))
    say(f"log head {found.backout.head}")
    return exit_of(found)


def _say_not_sound(found: Source, *, as_json: bool) -> None:
    """Warn first that the log is not what was written; beside JSON the warning goes to standard error."""
    if not (said := found.not_sound):
        return
    if as_json:
        complain(said[0], hint="\n".join(said[1:]))
    else:
        say("\n".join(said) + "\n")


@click.command("report", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@click.option("--format", "form", type=click.Choice(["md"]), default="md", show_default=True)
@click.pass_obj
def report(surroundings: Surroundings, backout: str, form: str) -> int:  # noqa: ARG001 - one form so far
    """Print what was done, why, by whom, and whether it worked.

    This is what the team lead reads the next day.
    """
    from backout_tui.reports.markdown import report as written

    found = source(surroundings, backout)
    say(written(found.backout, list(found.events), found.not_sound, found.ends).rstrip("\n"))
    return exit_of(found)
