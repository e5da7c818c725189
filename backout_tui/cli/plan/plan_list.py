"""`plan list`: lists the plans, those that match a search, and those nearest to a release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import click

from backout_tui.cli.plan.plan_options import AS_JSON
from backout_tui.cli.speech import complain, say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.plan.plan_line import Near, PlanLine
from backout_tui.domain.text import clean_line
from backout_tui.engine import listing, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.nearest import nearest
from backout_tui.engine.planning.searching import search
from backout_tui.errors import EXIT_DONE, BackoutError
from backout_tui.reports.plan_nearest import reason_words


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--service", default="", metavar="S", help="Only the plans of this service.")
@click.option(
    "--team", default="", metavar="T", help="Only the plans of this team; with --for, the team of the release."
)
@click.option("--for", "release", metavar='"NAME V[@E]"', help="The plans nearest to this release, the nearest first.")
@AS_JSON
@click.pass_obj
def list_(
    surroundings: Surroundings, words: tuple[str, ...], service: str, team: str, release: str | None, as_json: bool
) -> int:
    """List the plans, with the questions that each answers.

    With WORDS, list only plans in which every word occurs: in the release, the environment, the team, or the text.
    """
    desk = surroundings.reading_desk()
    if release is not None:
        among = {plan.id for plan in search(desk, words, service=service)} if words or service else None
        _say_nearest(_nearest(desk, release, team, among), release, as_json=as_json)
    else:
        found = search(desk, words, service=service, team=team) if words or service or team else None
        _say_lines(listing.plan_lines(desk, found), looked_for=found is not None, as_json=as_json)
    return EXIT_DONE


def _say_lines(lines: Iterable[PlanLine], *, looked_for: bool, as_json: bool) -> None:
    """Print each plan as soon as it is read, so that a long list starts at once."""
    if as_json:
        say_json([_line_json(line) for line in lines])
        return
    some = False
    for line in lines:
        some = True
        say(_words(line))
    if not some and looked_for:
        complain("no plan holds that", hint="See all of them with: backout-tui plan list")
    elif not some:
        complain("there is no plan yet", hint="Import one with: backout-tui plan import FILE")


def _nearest(desk: Desk, release: str, team: str, among: Collection[int] | None) -> tuple[Near, ...]:
    said, _, environment = release.partition("@")
    name, version = plans.name_and_version(said)
    if not name:
        raise BackoutError("the release to find plans for has no name", todo='Write --for "NAME VERSION".')
    return nearest(desk, name, version, team=team, environment=environment.strip(), among=among)


def _say_nearest(near: Sequence[Near], release: str, *, as_json: bool) -> None:
    if as_json:
        say_json([_near_json(one) for one in near])
        return
    if not near:
        complain(f"no plan is near to {clean_line(release)}", hint="Begin one with: backout-tui plan new")
    for one in near:
        say(clean_line(f"{_words(one.line)}  {reason_words(one)}"))


def _words(line: PlanLine) -> str:
    release = clean_line(line.release or line.title)
    said = clean_line(f"  {line.damaged}") if line.damaged else ""
    return f"{line.id:>4}  {release:<40} revision {line.revision}  {line.answers}  {line.state:<13}{said}".rstrip()


def _line_json(line: PlanLine) -> dict[str, object]:
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
        "answered_ids": line.answered_ids,
        "unconfirmed": line.unconfirmed,
        "near": None,
        "damaged": line.damaged or None,
    }


def _near_json(near: Near) -> dict[str, object]:
    runs = [{"backout": run.backout, "mode": run.mode, "outcome": run.outcome or None} for run in near.runs]
    return {**_line_json(near.line), "near": near.reason, "runs": runs}


COMMANDS = (list_,)
