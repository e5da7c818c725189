"""Messages: previewed, sent by real email, told person by person, resolved; and where nothing may leave."""

from __future__ import annotations

import json

import pytest

from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import decision_verbs, message_verbs, problem_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.settings import MailSettings, Settings
from tests.engine.desks import HEAD, PEOPLE, Room, SetClock, attempts_on_disk, kinds, nothing_written, refusal, settled
from tests.smtp import MailServer, Manners

PLAN = (
    HEAD
    + """## Variables
- TARGET: blue
- TOKEN: (secret)

## Steps

### 1. Do it

## Communication

### Started
- to: everybody
- by: email

> Subject: Backing out {release}
>
> {release} goes back to {returns_to} because of {problems}. Finish: {finish}. {TARGET} {TOKEN} {other}

### To the desk
- to: desk, nobody
- by: email

> Hello

### Page
- to: web lead
- by: pager

> Wake up
"""
    + PEOPLE
)


def opened(room: Room, server: MailServer | None = None, **how: bool) -> Operator:
    """A backout of the plan, with a mail server when there is one."""
    op = room.start(PLAN, desk=room.desk(mail_port=server.port if server else 0), **how)
    problem_verbs.log(op, "5xx {release}")
    return op


def told(op: Operator, title: str = "Started") -> dict[str, str]:
    """Each recipient's state."""
    message = op.backout.message(title)
    assert message is not None
    return {one.name: one.state for one in message.recipients}


def test_the_preview_says_what_would_leave_to_whom_and_what_hour_it_is_there(room: Room) -> None:
    clock = room.clock = SetClock()
    letter = message_verbs.preview(opened(room), "started")
    assert letter.subject == "Backing out web 2.0"
    assert "web 2.0 goes back to 1.9 because of P1 5xx {release}. Finish: not known yet." in letter.body
    assert "blue (secret) {other}" in letter.body
    assert letter.not_known == ("finish",)
    assert [(one.name, one.address, one.local_time, one.quiet) for one in letter.recipients] == [
        ("release manager", "rm@example.org", "03:00 GMT", False),
        ("web lead", "lead@example.org", "12:00 JST", False),
    ]
    assert letter.unreachable == (("desk", "has no email address"),)
    clock.put_on(11 * 60)
    assert [one.quiet for one in message_verbs.preview(opened_again(room), "Started").recipients] == [False, True]


def opened_again(room: Room) -> Operator:
    """The same backout at another terminal."""
    return Operator.open(room.desk(), 1)


def test_a_message_is_sent_to_everybody_who_can_be_reached_and_told_person_by_person(room: Room) -> None:
    with MailServer() as server:
        op = opened(room, server)
        before = op.backout.head
        receipt = message_verbs.send(op, "started")
        assert receipt.event is not None
        assert receipt.event.kind == "MessageSending"
        assert "is being sent" in refusal(op, message_verbs.send, "Started").reason
        settled(op)
    assert told(op) == {"desk": "failed", "release manager": "sent", "web lead": "sent"}
    assert op.backout.messages["M1"].state == "partly"
    mail = server.received[0].message
    assert mail["Subject"] == "Backing out web 2.0"
    assert f"Log head: {before}" in server.received[0].body
    assert sorted(one for mail in server.received for one in mail.recipients) == ["lead@example.org", "rm@example.org"]
    assert attempts_on_disk(op) == []


def test_what_was_shown_is_what_is_sent(room: Room) -> None:
    """The clock goes on while the operator reads; the text they agreed to is the text that leaves."""
    with MailServer() as server:
        op = opened(room, server)
        shown = message_verbs.preview(op, "Started")
        problem_verbs.log(op, "a second problem meanwhile")
        message_verbs.send(op, "Started", shown=shown)
        settled(op)
    assert server.received[0].body.strip() == shown.body.strip()


def test_only_those_who_have_not_got_it_get_it_the_second_time(room: Room) -> None:
    refusing = Manners(refuse={"lead@example.org": "550 5.1.1 no such user"})
    with MailServer(refusing) as server:
        op = opened(room, server)
        message_verbs.send(op, "Started")
        settled(op)
        assert told(op) == {"desk": "failed", "release manager": "sent", "web lead": "failed"}
        assert [one.name for one in message_verbs.preview(op, "Started").recipients] == ["web lead"]
        message_verbs.send(op, "Started")
        settled(op)
    rcpts = [line for line in server.commands if line.startswith("RCPT")]
    assert rcpts.count("RCPT rm@example.org") == 1
    assert rcpts.count("RCPT lead@example.org") == 2


def test_a_connection_lost_after_the_text_is_in_doubt_and_never_sent_again_by_itself(room: Room) -> None:
    with MailServer(Manners(hang_up="reply")) as server:
        op = opened(room, server)
        message_verbs.send(op, "Started")
        settled(op)
        states = told(op)
        assert set(states.values()) == {"failed", "in_doubt"}
        doubtful = [name for name, state in states.items() if state == "in_doubt"]
        assert not {one.name for one in message_verbs.preview(op, "Started").recipients} & set(doubtful)
    with nothing_written(op), pytest.raises(BackoutError, match="sent, not-sent"):
        message_verbs.resolve(op, "Started", doubtful[0], "maybe", "asked")
    assert "There is no doubt" in refusal(op, message_verbs.resolve, "Started", "desk", "sent", "asked").reason
    for name in doubtful:
        message_verbs.resolve(op, "started", name.upper(), "not-sent", "asked them: nothing came")
    assert set(told(op).values()) == {"failed"}


def test_when_nobody_can_be_reached_it_says_why(room: Room) -> None:
    with MailServer() as server:
        op = opened(room, server)
        refused = refusal(op, message_verbs.send, "To the desk")
    assert "desk: has no email address; nobody: is not a contact of this plan" in refused.reason
    assert server.connections == 0


def test_only_email_is_sent_and_only_with_a_sender(room: Room) -> None:
    op = opened(room)
    assert "backout-tui sends only email" in refusal(op, message_verbs.send, "Page").reason
    with nothing_written(op), pytest.raises(BackoutError, match="no sender is set"):
        message_verbs.send(op, "Started")
    with nothing_written(op), pytest.raises(BackoutError, match=r"no message Nonsense.*Started, To the desk, Page"):
        message_verbs.send(op, "Nonsense")


def test_a_password_that_cannot_be_had_stops_the_message_before_its_intent(room: Room) -> None:
    op = opened(room)
    op.desk.settings = Settings(mail=MailSettings(sender="backout@example.org", username="backout"))
    with nothing_written(op), pytest.raises(BackoutError, match="needs a password"):
        message_verbs.send(op, "Started")
    op.desk.settings = Settings(
        mail=MailSettings(sender="backout@example.org", username="backout", password_env="NO_SUCH_PASSWORD")
    )
    with nothing_written(op), pytest.raises(BackoutError, match="NO_SUCH_PASSWORD"):
        message_verbs.send(op, "Started")


def test_the_mail_password_is_on_no_disk(room: Room) -> None:
    word = "hunter2-for-the-mail"
    with MailServer(Manners(login=("backout", word), silent_at="reply")) as server:
        op = opened(room, server)
        op.desk.settings = Settings(
            mail=MailSettings(
                port=server.port, sender="b@example.org", username="backout", password_env="MAILWORD", deadline_s=2
            )
        )
        op.desk.whole_environment = {"MAILWORD": word}
        message_verbs.send(op, "Started")
        (folder,) = attempts_on_disk(op)
        request = (folder / "request.json").read_text()
        settled(op)
    assert json.loads(request)["mail"]["username"] == "backout"
    assert word not in request
    assert word.encode() not in b"".join(path.read_bytes() for path in room.place.rglob("*") if path.is_file())


@pytest.mark.parametrize("how", [{"rehearsal": True}, {"sends_mail": False}])
def test_a_rehearsal_and_the_demo_show_it_and_send_nothing(room: Room, how: dict[str, bool]) -> None:
    with MailServer() as server:
        op = opened(room, server, **how)
        before = op.backout.seq
        message_verbs.send(op, "Started")
        assert kinds(op, before) == ["MessageShown"]
        assert "was shown already" in refusal(op, message_verbs.send, "Started").reason
    assert op.backout.messages["M1"].state == "shown"
    assert "Backing out web 2.0" in op.backout.messages["M1"].sent_subject
    assert server.connections == 0


def test_one_written_on_the_spot_is_a_draft_until_it_is_sent(room: Room) -> None:
    with MailServer() as server:
        op = opened(room, server)
        receipt = message_verbs.write(op, ("web lead", " "), " EMAIL ", "We are late.\nSorry.", "Late")
        assert receipt.created == "M4"
        message = receipt.backout.messages["M4"]
        assert (message.title, message.to, message.by, message.state) == ("Late", ("web lead",), "email", "draft")
        again = message_verbs.write(op, ("web lead",), "", "Later still.", "Late").created
        assert op.backout.messages[str(again)].title == "Late (2)"
        message_verbs.write(op, ("desk",), "email", "no subject")
        assert op.backout.messages["M6"].title == "Message M6"
        message_verbs.send(op, "m4")
        settled(op)
    assert server.received[0].message["Subject"] == "Late"
    assert server.received[0].body.startswith("We are late.\nSorry.")


@pytest.mark.parametrize(("to", "text"), [((), "x"), ((" ",), "x"), (("desk",), " ")])
def test_one_to_nobody_or_of_nothing_is_not_written(room: Room, to: tuple[str, ...], text: str) -> None:
    op = opened(room)
    with nothing_written(op), pytest.raises(BackoutError):
        message_verbs.write(op, to, "email", text)


def test_somebody_without_the_controls_sends_nothing(room: Room) -> None:
    with MailServer() as server:
        op = opened(room, server)
        kim = Operator.open(room.desk("kim", mail_port=server.port), op.backout.id)
        assert "sam has the controls" in refusal(kim, message_verbs.send, "Started").reason
        assert "sam has the controls" in refusal(kim, message_verbs.write, ("desk",), "email", "x").reason
    assert server.connections == 0


def test_two_who_send_the_same_message_send_it_once(room: Room) -> None:
    """The second had seen it as a draft."""
    with MailServer() as server:
        op = opened(room, server)
        second = Operator.open(room.desk(mail_port=server.port), op.backout.id)
        letter = message_verbs.preview(second, "Started")
        message_verbs.send(op, "Started")
        with pytest.raises(Refused):
            message_verbs.send(second, "Started", shown=letter)
        settled(op)
        with pytest.raises(Refused, match="Somebody sent this message meanwhile"):
            message_verbs.send(second, "Started", shown=letter)
    assert [line for line in server.commands if line == "RCPT rm@example.org"] == ["RCPT rm@example.org"]


def test_a_break_glass_message_is_sent_by_a_person_like_any_other(room: Room) -> None:
    with MailServer() as server:
        op = room.start(PLAN, desk=room.desk(mail_port=server.port))
        decision_verbs.decide(op, by="sam", reason="orders {lost} every 100% second", break_glass=True)
        (prepared,) = [one for one in op.backout.messages.values() if one.origin == "prepared"]
        message_verbs.send(op, prepared.id)
        settled(op)
    assert server.received[0].recipients == ("rm@example.org",)
    assert "Why: orders (lost} every 100% second" in server.received[0].body
