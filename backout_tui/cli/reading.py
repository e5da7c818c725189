"""What only reads: `list`, `show`, `log`, `report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backout_tui.cli.sources import source
from backout_tui.cli.speech import complain, say, say_json, say_raw
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.clock_reading import read
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.text import clean_line, safe_json
from backout_tui.errors import EXIT_DONE

if TYPE_CHECKING:
    from backout_tui.engine.listing import BackoutLine

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command("list", context_settings={"help_option_names": ["-h", "--help"]})
@_JSON
@click.pass_obj
def list_(surroundings: Surroundings, as_json: bool) -> int:
    """The backouts there are, the open ones first."""
    from backout_tui.engine import listing

    lines = listing.backouts(surroundings.desk())
    if as_json:
        say_json([_line_json(line) for line in lines])
        return EXIT_DONE
    if not lines:
        complain("there is no backout yet", hint="Start one with: backout-tui start PLAN")
    for line in lines:
        state = line.outcome or line.phase.replace("_", " ")
        mode = "  REHEARSAL" if line.mode == "rehearsal" else ""
        opened = line.opened_at.strftime("%Y-%m-%d %H:%M UTC")
        where = f"{line.release} → {line.returns_to}" + (f" · {line.environment}" if line.environment else "")
        say(clean_line(f"{line.id:>4}  {opened}  {state:<13} {where:<50} {line.operator}{mode}"))
    return EXIT_DONE


def _line_json(line: BackoutLine) -> dict[str, object]:
    return {
        "id": line.id,
        "release": line.release,
        "returns_to": line.returns_to,
        "environment": line.environment,
        "state": line.phase,
        "mode": line.mode,
        "opened_at": rfc3339(line.opened_at),
        "operator": line.operator,
        "outcome": line.outcome or None,
    }


@click.command("show", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@_JSON
@click.option("--brief", is_flag=True, help="Only what somebody who takes the controls has to know.")
@click.pass_obj
def show(surroundings: Surroundings, backout: str, as_json: bool, brief: bool) -> int:
    """Where BACKOUT stands (its number, a copied .sqlite file, or a log saved as .json)."""
    if as_json and brief:
        raise click.UsageError("--brief is for people: give it without --json")
    found = source(surroundings, backout)
    reading = read(found.backout, surroundings.desk().clock.now(), found.past)
    if brief:
        from backout_tui.reports.brief import brief as brief_of

        say("\n".join(brief_of(found.backout, surroundings.desk().clock.now())))
    elif as_json:
        from backout_tui.reports.show_json import show_json

        say_json(show_json(found.backout, reading))
    else:
        from backout_tui.reports.show_words import lines

        say("\n".join(lines(found.backout, reading)))
    return EXIT_DONE


@click.command("log", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@_JSON
@click.pass_obj
def log(surroundings: Surroundings, backout: str, as_json: bool) -> int:
    """What happened in BACKOUT, event by event; with --json the records verbatim."""
    found = source(surroundings, backout)
    if as_json:
        # Our own records are inert as they stand; what another hand wrote into the file is made so.
        text = b",\n".join(found.records).decode("utf-8", "backslashreplace")
        say_raw(f"[{safe_json(text)}]\n")
        return EXIT_DONE
    from backout_tui.reports.log_words import line
    from backout_tui.reports.pen import Pen

    pen = Pen.of(found.backout)
    for event in found.events:
        say(pen.masked(line(event)))
    say(f"log head {found.backout.head}")
    return EXIT_DONE


@click.command("report", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("backout")
@click.option("--format", "form", type=click.Choice(["md"]), default="md", show_default=True)
@click.pass_obj
def report(surroundings: Surroundings, backout: str, form: str) -> int:  # noqa: ARG001 - one form so far
    """What was done, why, by whom, and whether it worked, for the next day."""
    from backout_tui.reports.markdown import report as written

    found = source(surroundings, backout)
    say(written(found.backout, list(found.events)).rstrip("\n"))
    return EXIT_DONE
