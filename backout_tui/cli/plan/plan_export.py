"""`plan export`: writes a stored plan to a file in git, or to standard output."""

from __future__ import annotations

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import say, say_document, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.planning import exporting
from backout_tui.engine.planning.reviewing import revision_of
from backout_tui.errors import EXIT_DONE


@click.command("export")
@PLAN
@click.argument("file", default="-")
@AS_JSON
@click.pass_obj
def export(surroundings: Surroundings, plan_: str, file: str, as_json: bool) -> int:
    """Write a stored PLAN to FILE, or to standard output.

    Importing the file gives the same plan. With --json and no FILE the document holds the text.
    """
    desk = surroundings.reading_desk()
    found = plans.find(desk, plan_)
    revision, text = revision_of(found), plans.whole_text(found)
    path = exporting.export(desk, text, file) if file != "-" else None
    sha256 = exporting.sha256_of(text)
    if as_json:
        document = {"id": revision.plan_id, "revision": revision.revision, "sha256": sha256}
        say_json({**document, "file": str(path)} if path is not None else {**document, "file": None, "text": text})
    elif path is None:
        say_document(text)
    else:
        say(clean_line(f"plan {revision.plan_id}, revision {revision.revision}: written to {path}"))
        say(f"sha256 {sha256}")
        if text != found.text:
            say("in our form: what was said of its release at the import is in the text now, so its hash is another")
    return EXIT_DONE


COMMANDS = (export,)
