"""`plan check`: what is wrong with a plan, and which of the nine questions it leaves open."""

from __future__ import annotations

import click

from backout_tui.cli.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.planning.contacts import resolved
from backout_tui.errors import EXIT_DONE, EXIT_NO


@click.command("check")
@PLAN
@AS_JSON
@click.pass_obj
def check(surroundings: Surroundings, plan_: str, as_json: bool) -> int:
    """What is wrong with PLAN, by line, and which of the nine questions it leaves open; exit 1 with errors."""
    from backout_tui.domain.findings import check_plan
    from backout_tui.domain.readiness import questions
    from backout_tui.reports.plan_json import check_json

    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    findings, asked = check_plan(resolved(desk, found.plan)), questions(found.plan)
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


COMMANDS = (check,)
