"""What an item was in earlier releases, and how it went when it was last run: from real plans and backouts."""

from __future__ import annotations

from backout_tui.domain.experience.plan_history import Earlier, LastRun
from backout_tui.engine import plans
from backout_tui.engine.planning import copying, reviewing
from backout_tui.engine.planning.history import History
from backout_tui.engine.verbs import check_verbs, run_verbs, step_verbs
from tests.cli.lines import COMMANDS
from tests.engine.desks import Room, settled

OLDER = COMMANDS.replace("web 2.0", "web 1.8").replace("tee -a ran", "tee -a ran-before")


def looked_back(room: Room, label: str) -> tuple[tuple[Earlier, ...], LastRun | None]:
    """What is known of an item of the newest copy."""
    desk = room.desk()
    found = plans.stored(desk, desk.reader.plan_revisions()[-1])
    history, item = History(desk, found), reviewing.item_named(found, label)
    return history.earlier(item), history.last_run(item)


def prepared(room: Room) -> None:
    """Plans of two releases, a backout of the newer in which something became of its items, and a copy for the next."""
    for number, text in enumerate((OLDER, COMMANDS.replace("\n### 5. Log in", "\n### 6. Log in"))):
        path = room.place / f"{number}.md"
        path.write_text(text, encoding="utf-8")
        desk = room.desk()
        plans.keep(desk, plans.find(desk, str(path)))
    op = room.decided(COMMANDS)
    step_verbs.done(op, "1")
    run_verbs.run(op, "2")
    settled(op)
    step_verbs.skip(op, "3", "it is broken anyway")
    check_verbs.record(op, "B", "pass", "it looks right")
    desk = room.desk()
    copying.copy(desk, plans.find(desk, "web 2.0"), "web 2.1", returns_to="2.0")


def test_an_item_is_shown_as_it_was_in_the_last_releases_and_how_it_went(room: Room) -> None:
    prepared(room)
    earlier, run = looked_back(room, "command 2")
    assert [one.release for one in earlier] == ["web 2.0", "web 1.8"]
    assert [one.item is not None and "ran-before" in "\n".join(one.item.lines) for one in earlier] == [False, True]
    assert run is not None
    assert (run.result, run.backout_id, run.mode) == ("done", 1, "live")
    assert run.took_s is not None
    assert str(run).startswith("done in 0:0")
    _, skipped = looked_back(room, "step 3")
    assert skipped is not None
    assert (skipped.result, skipped.deviations) == ("skipped", ("skipped: it is broken anyway",))
    _, looked_at = looked_back(room, "check B")
    assert looked_at is not None
    assert looked_at.result == "pass after 1 look"


def test_what_was_never_run_says_so(room: Room) -> None:
    prepared(room)
    for label in ("step 4", "check A", "message Started", "variable TARGET", "contact desk"):
        assert looked_back(room, label)[1] is None


def test_of_another_service_only_the_plan_it_was_copied_from_is_looked_at(room: Room) -> None:
    prepared(room)
    desk = room.desk()
    copying.copy(desk, plans.find(desk, "web 1.8"), "shop 1.0", returns_to="0.9")
    earlier, _ = looked_back(room, "command 2")
    assert [one.release for one in earlier] == ["web 1.8"]


def test_at_the_most_three_releases_are_looked_at(room: Room) -> None:
    prepared(room)
    desk = room.desk()
    for version in ("2.2", "2.3", "2.4"):
        copying.copy(desk, plans.find(desk, "web 2.0"), f"web {version}")
    earlier, _ = looked_back(room, "step 1")
    assert [one.release for one in earlier] == ["web 2.0", "web 2.3", "web 2.2"]
