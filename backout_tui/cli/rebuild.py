"""`backout-tui rebuild`: rebuilds the state tables from the logs."""

from __future__ import annotations

import click

from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.errors import EXIT_DONE, EXIT_NO
from backout_tui.store.log.reading import Reader


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def rebuild(surroundings: Surroundings, /, as_json: bool) -> int:
    """Make the tables that SQL sees (backout, step, problem, ...) anew from the logs.

    No log is touched. Exit 1 when a backout is damaged: it has no rows then, and `verify` says what is wrong with it.
    """
    desk = surroundings.reading_desk()
    with Reader.open(desk.database):  # creating an empty database would help nobody
        pass
    made, damaged = desk.journal().rebuild_state()
    if as_json:
        say_json({"backouts": made, "damaged": [int(one.rpartition(":")[2]) for one in damaged]})
    else:
        say(f"the state tables tell of {made} backout{'' if made == 1 else 's'} again")
        for one in damaged:
            say(f"  {one} is damaged and has no rows; see: backout-tui verify {one.rpartition(':')[2]}")
    return EXIT_NO if damaged else EXIT_DONE
