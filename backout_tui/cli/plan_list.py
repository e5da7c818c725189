"""`plan list`: the plans there are."""

from __future__ import annotations

import click

from backout_tui.cli.plan_options import AS_JSON
from backout_tui.cli.speech import complain, say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import listing
from backout_tui.errors import EXIT_DONE


@click.command("list")
@AS_JSON
@click.pass_obj
def list_(surroundings: Surroundings, as_json: bool) -> int:
    """The plans there are, each with how many of the nine questions it answers."""
    lines = listing.plan_lines(surroundings.desk())
    if as_json:
        say_json([_line_json(line) for line in lines])
        return EXIT_DONE
    if not lines:
        complain("there is no plan yet", hint="Import one with: backout-tui plan import FILE")
    for line in lines:
        approved = "approved" if line.approved else "not approved"
        where = f"@{line.environment}" if line.environment else ""
        release = clean_line(f"{line.name} {line.version}".strip() + where)
        say(f"{line.id:>4}  {release:<40} revision {line.revision}  {approved:<12}  {line.answered} of 9 answered")
    return EXIT_DONE


def _line_json(line: listing.PlanLine) -> dict[str, object]:
    return {
        "id": line.id,
        "title": line.title,
        "name": line.name,
        "version": line.version,
        "environment": line.environment,
        "team": line.team,
        "revision": line.revision,
        "approved": line.approved,
        "answered": line.answered,
    }


COMMANDS = (list_,)
