"""People from `contacts.toml`: in what a backout records, in who is told; and not in what was stored and approved."""

from __future__ import annotations

from contextlib import closing

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.plan.plan import Contact
from backout_tui.domain.values import replace
from backout_tui.engine import demonstration, plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying, reviewing
from backout_tui.engine.planning.contacts import resolved
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import message_verbs
from backout_tui.errors import BackoutError
from tests.engine.desks import HEAD, Room, log_of, settled
from tests.engine.test_demonstration import SAMPLE
from tests.smtp import MailServer

PLAN = (
    HEAD
    + """## Steps

### 1. Freeze

## Communication

### Started
- to: stakeholders
- by: email

> Subject: Backing out {release}
>
> It goes back to {returns_to}.
"""
)
KNOWN = """[[contact]]
name = "Release Manager"
groups = ["stakeholders"]
zone = "Europe/London"
email = "rm@example.org"

[[contact]]
name = "kim"
groups = "stakeholders"
email = "kim@example.org"

[stranger]
email = "stranger@example.org"
"""


def knowing(room: Room, text: str = KNOWN, *, mail_port: int = 0) -> Desk:
    """A desk whose settings' folder has a `contacts.toml`."""
    (room.place / "contacts.toml").write_text(text, encoding="utf-8")
    desk = room.desk(mail_port=mail_port)
    desk.settings = replace(desk.settings, path=room.place / "config.toml")
    return desk


def test_a_backout_holds_the_people_that_its_plan_mentions_so_that_the_log_is_complete(room: Room) -> None:
    op = room.start(PLAN, desk=knowing(room))
    assert [one.name for one in op.backout.plan.contacts] == ["Release Manager", "kim"]
    (room.place / "contacts.toml").unlink()
    content = log_of(op)[0].data["content"]
    assert [one["name"] for one in content["contacts"]] == ["Release Manager", "kim"]
    assert "stranger" not in str(content)
    assert room.other(op, "lead").backout.plan.contacts[0] == Contact(
        "Release Manager", groups=("stakeholders",), zone="Europe/London", reach=("email:rm@example.org",)
    )


def test_a_message_to_a_group_that_the_plan_only_names_reaches_its_people(room: Room) -> None:
    with MailServer() as server:
        op = room.start(PLAN, desk=knowing(room, mail_port=server.port))
        letter = message_verbs.preview(op, "Started")
        assert [one.address for one in letter.recipients] == ["rm@example.org", "kim@example.org"]
        message_verbs.send(op, "Started")
        (message,) = settled(op).messages.values()
        assert [(one.name, one.state) for one in message.recipients] == [("Release Manager", "sent"), ("kim", "sent")]
    assert sorted(person for mail in server.received for person in mail.recipients) == [
        "kim@example.org", "rm@example.org",
    ]  # fmt: skip


def test_the_message_about_broken_glass_reaches_an_authoriser_whom_the_plan_only_names(room: Room) -> None:
    desk = knowing(room)
    (room.place / "plan.md").write_text(PLAN, encoding="utf-8")
    plans.keep(desk, plans.find(desk, str(room.place / "plan.md")))
    op = starting.start(desk, "1", Start(break_glass=True, reason="nobody answers and it burns"))
    prepared = next(one for one in op.backout.messages.values() if one.origin == "prepared")
    assert [one.address for one in message_verbs.preview(op, prepared.title).recipients] == ["rm@example.org"]


def test_what_is_stored_and_approved_is_the_plans_own_text(room: Room) -> None:
    desk = knowing(room)
    op = room.start(PLAN, desk=desk)
    assert desk.reader.plan_text(1) == PLAN
    assert plans.find(desk, "1").plan.contacts == ()
    assert op.backout.ref.sha256 == plans.find(desk, "1").revision.sha256  # type: ignore[union-attr] # it is stored


def test_the_check_knows_whom_the_file_knows(room: Room) -> None:
    desk = knowing(room)
    (room.place / "plan.md").write_text(PLAN, encoding="utf-8")
    found = plans.find(desk, str(room.place / "plan.md"))
    assert "unknown-recipient" in {one.rule for one in check_plan(found.plan)}
    assert "unknown-recipient" not in {one.rule for one in check_plan(resolved(desk, found.plan))}
    plans.keep(desk, found)
    copying.copy(desk, plans.find(desk, "1"), "web 2.1", returns_to="2.0")
    confirmed = reviewing.confirm_unchanged(desk, plans.find(desk, "2"), "sam")
    assert "message Started" in [item.label for item in confirmed.items]


def test_with_a_file_that_is_wrong_nothing_is_started_and_nothing_stored(room: Room) -> None:
    desk = knowing(room, "[kim]\nmail = 3\n")
    with pytest.raises(BackoutError, match=r"contacts\.toml:2: mail in \[kim\] is not a field"):
        room.start(PLAN, desk=desk)
    assert not room.database.exists()


def test_the_demo_has_people_of_its_own(room: Room) -> None:
    op = demonstration.opened(knowing(room, "[kim"), room.place / "demo", SAMPLE)
    with closing(op.desk):
        assert op.backout.plan.contacts
