"""`backout-tui plan ...`: plans looked at, checked, imported, listed, approved."""

from __future__ import annotations

import sys

import click

from backout_tui.cli.speech import ask, complain, say, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import listing, plans
from backout_tui.errors import EXIT_DONE, EXIT_NO, BackoutError, Refused

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def plan() -> None:
    """Backout plans: what they say, what they leave open, which there are."""


@plan.command("show")
@click.argument("plan_", metavar="PLAN")
@_JSON
@click.pass_obj
def show(surroundings: Surroundings, plan_: str, as_json: bool) -> int:
    """What PLAN says, as it was understood."""
    from backout_tui.reports import plan_json, plan_words

    found = plans.find(surroundings.desk(), plan_)
    if as_json:
        say_json(plan_json.plan_json(found.plan))
    else:
        say("\n".join(plan_words.lines(found.plan)))
    return EXIT_DONE


@plan.command("check")
@click.argument("plan_", metavar="PLAN")
@_JSON
@click.pass_obj
def check(surroundings: Surroundings, plan_: str, as_json: bool) -> int:
    """What is wrong with PLAN, by line, and which of the nine questions it leaves open; exit 1 with errors."""
    from backout_tui.domain.findings import check_plan
    from backout_tui.domain.readiness import questions
    from backout_tui.reports.plan_json import check_json

    found = plans.find(surroundings.desk(), plan_)
    findings, asked = check_plan(found.plan), questions(found.plan)
    errors = [one for one in findings if one.severity == "error"]
    if as_json:
        say_json(check_json(findings, asked))
        return EXIT_NO if errors else EXIT_DONE
    for one in findings:
        item = f" {one.item}:" if one.item else ""
        say(clean_line(f"{found.where}:{one.line}: {one.severity}:{item} {one.message} [{one.rule}]"))
    for question in asked:
        say(f"{question.id} {'answered' if question.answered else 'OPEN    '}  {question.text}")
    return EXIT_NO if errors else EXIT_DONE


@plan.command("import")
@click.argument("file")
@click.option("--release", default="", metavar='"NAME V"')
@click.option("--returns-to", default="", metavar="V")
@click.option("--environment", default="", metavar="E")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_JSON
@click.pass_obj
def import_(
    surroundings: Surroundings, file: str, release: str, returns_to: str, environment: str, yes: bool, as_json: bool
) -> int:
    """Store FILE (or - for standard input) as a plan, or as a new revision of the plan of the same release."""
    desk = surroundings.desk()
    if not plans.is_file(file):
        raise BackoutError("there is no such file", where=file, todo="Give a path (./plan.md), or - to read it.")
    found = plans.find(desk, file)
    if not yes and file != "-" and not as_json:
        _agree_to_what_was_understood(found)
    revision = plans.keep(desk, found, release=release, returns_to=returns_to, environment=environment)
    if as_json:
        say_json({"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256})
    else:
        say(f"plan {revision.plan_id}, revision {revision.revision}: {revision.name} {revision.version}")
    return EXIT_DONE


def _agree_to_what_was_understood(found: plans.Found) -> None:
    remarks = found.plan.remarks
    if not remarks:
        return
    for remark in remarks:
        tell(clean_line(f"{found.where}:{remark.line}: {remark.message}"))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    ask(f"{len(remarks)} remarks. Import it so? [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("Not agreed: nothing was stored.")


@plan.command("list")
@_JSON
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


@plan.command("approve")
@click.argument("plan_", metavar="PLAN")
@click.option("--by", required=True, metavar="NAME")
@_JSON
@click.pass_obj
def approve(surroundings: Surroundings, plan_: str, by: str, as_json: bool) -> int:
    """Approve exactly the newest text of a stored PLAN."""
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    if found.revision is None:
        raise BackoutError("only a stored plan is approved", where=found.where, todo="Import it first.")
    plans.approve(desk, found.revision, by)
    if as_json:
        say_json({"id": found.revision.plan_id, "revision": found.revision.revision, "approved_by": by})
    else:
        say(f"plan {found.revision.plan_id}, revision {found.revision.revision}: approved by {by}")
    return EXIT_DONE
