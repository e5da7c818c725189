"""Email through a real server: the good way, and every way in which it goes wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backout_tui.engine.channels.email import deliver
from tests.engine.channels.sending import PASSWORD, PEOPLE, children, envelope, send, send_into_silence, states
from tests.smtp import HOST, MailServer, Manners

CLOSED = "the mail server closed the connection"
BEFORE_THE_TEXT = {
    "connect": "connecting to the mail server",
    "ehlo": "connecting to the mail server",
    "mail": "naming the sender",
    "rcpt": "naming the recipients",
    "data": "handing over the text, which is not whole there",
}


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Each test ends without a process of its own."""
    before = children()
    yield
    assert children() <= before


def test_one_transaction_reaches_everybody_and_the_servers_words_are_kept() -> None:
    with MailServer() as server:
        result = send(server)
    assert result["result"] == "done"
    assert result["why"] == ""
    assert result["recipients"] == [one | {"state": "sent", "detail": "250 2.0.0 queued as 7F3A"} for one in PEOPLE]
    assert server.connections == len(server.received) == 1
    assert server.received[0].recipients == ("rm@example.org", "lead@example.org", "ledger@example.org")
    assert server.received[0].message["Message-ID"] == "<0123@host>"
    assert server.received[0].body == "We are backing out.\n.\nExpected to finish: 03:31.\n"


def test_a_refused_recipient_fails_with_the_servers_words_and_the_others_get_it() -> None:
    refuse = {"lead@example.org": "550 5.1.1 no such \x1b[31mperson"}
    with MailServer(Manners(refuse=refuse)) as server:
        result = send(server)
    assert (result["result"], result["why"]) == ("failed", "1 failed of 3")
    assert states(result) == ["sent", "failed", "sent"]
    assert result["recipients"][1]["detail"] == "550 5.1.1 no such ␛[31mperson"
    assert server.received[0].recipients == ("rm@example.org", "ledger@example.org")


def test_when_everybody_is_refused_no_text_is_handed_over() -> None:
    with MailServer(Manners(refuse={one["address"]: "450 4.2.0 later" for one in PEOPLE})) as server:
        result = send(server)
    assert (result["result"], result["why"]) == ("failed", "450 4.2.0 later")
    assert "DATA" not in server.commands


def test_a_refused_text_fails_for_everybody_who_was_accepted() -> None:
    manners = Manners(data_reply="554 5.7.1 looks like spam", refuse={"rm@example.org": "550 who"})
    with MailServer(manners) as server:
        result = send(server)
    assert result["result"] == "failed"
    assert [one["detail"] for one in result["recipients"]] == ["550 who"] + ["554 5.7.1 looks like spam"] * 2


def test_an_answer_to_the_text_that_makes_no_sense_leaves_it_in_doubt() -> None:
    with MailServer(Manners(data_reply="hello there")) as server:
        result = send(server)
    assert result["result"] == "in_doubt"
    assert "makes no sense" in result["why"]


def test_a_refused_sender_fails_for_everybody() -> None:
    with MailServer(Manners(refuse_sender="553 5.7.1 not you")) as server:
        result = send(server)
    assert states(result) == ["failed"] * 3
    assert result["why"] == "the mail server refused the sender backout@example.org: 553 5.7.1 not you"


@pytest.mark.parametrize("moment", BEFORE_THE_TEXT)
def test_a_connection_lost_before_the_text_means_failed(moment: str) -> None:
    with MailServer(Manners(hang_up=moment)) as server:
        result = send(server)
    assert (result["result"], states(result)) == ("failed", ["failed"] * 3)
    assert result["why"] == f"{CLOSED} while {BEFORE_THE_TEXT[moment]}"
    assert server.connections == 1


def test_a_connection_lost_after_the_text_means_in_doubt_for_those_accepted() -> None:
    """And it is never tried again: the mail may be there already, and here it is."""
    with MailServer(Manners(hang_up="reply", refuse={"ledger@example.org": "550 who"})) as server:
        result = send(server)
    assert (result["result"], result["why"]) == ("in_doubt", "1 failed, 2 in doubt of 3")
    assert states(result) == ["in_doubt", "in_doubt", "failed"]
    assert result["recipients"][0]["detail"] == f"{CLOSED} after the text was handed over: it may have arrived"
    assert server.connections == len(server.received) == 1


def test_a_connection_lost_after_the_answer_to_the_text_changes_nothing() -> None:
    with MailServer(Manners(hang_up="after reply")) as server:
        assert send(server)["result"] == "done"


@pytest.mark.parametrize("moment", ["connect", "rcpt", "data"])
def test_silence_before_the_text_means_failed_at_the_deadline(moment: str) -> None:
    with MailServer(Manners(silent_at=moment)) as server:
        began = time.monotonic()
        result, deadline_s = send_into_silence(server, moment)
        assert time.monotonic() - began < 60
    assert states(result) == ["failed"] * 3
    assert result["why"] == f"the deadline of {deadline_s:g} s passed while {BEFORE_THE_TEXT[moment]}"


def test_silence_after_the_text_means_in_doubt_at_the_deadline() -> None:
    with MailServer(Manners(silent_at="reply")) as server:
        result, deadline_s = send_into_silence(server, "reply")
    assert states(result) == ["in_doubt"] * 3
    assert (
        result["why"] == f"the deadline of {deadline_s:g} s passed after the text was handed over: it may have arrived"
    )


def test_a_server_that_drips_byte_by_byte_cannot_stretch_the_deadline() -> None:
    with MailServer(Manners(drip_s=0.2)) as server:
        began = time.monotonic()
        result = send(server, deadline_s=1)
        assert time.monotonic() - began < 30
    assert states(result) == ["failed"] * 3


def test_an_answer_to_the_text_that_drips_past_the_deadline_means_in_doubt() -> None:
    with MailServer(Manners(drip_s=0.2, drip_from="reply")) as server:
        assert states(send(server, deadline_s=2)) == ["in_doubt"] * 3


def test_nobody_listening_is_said_with_the_place() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    result = deliver({"mail": MailServer().settings | {"port": port}, "envelope": envelope()}, {})
    assert result["why"] == f"no connection to {HOST}:{port}: Connection refused"


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".invalid", "..", "ex ample"])
def test_a_host_without_an_address_fails(host: str) -> None:
    """Whatever the resolver does with it, including nothing until the deadline."""
    result = deliver({"mail": MailServer().settings | {"host": host, "deadline_s": 2}, "envelope": envelope()}, {})
    assert states(result) == ["failed"] * 3
    assert result["why"]


def test_an_address_that_is_none_fails_alone() -> None:
    people = [*PEOPLE[:1], {"name": "nobody", "address": "not an\r\nRCPT TO:<x@example.org>"}]
    with MailServer() as server:
        result = deliver({"mail": server.settings, "envelope": envelope(recipients=people)}, {})
    assert states(result) == ["sent", "failed"]
    assert result["recipients"][1]["detail"] == "this is not an email address"
    assert server.received[0].recipients == ("rm@example.org",)
    assert "nobody" not in server.received[0].message["To"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recipients": []}, "it is addressed to nobody"),
        ({"recipients": [{"name": "x", "address": ""}]}, "this is not an email address"),
        ({"from": ""}, "the sender is not an email address: set `from` under [mail] in config.toml"),
        ({"from": "a@b\r\nRCPT TO:c@d"}, "the sender is not an email address: set `from` under [mail] in config.toml"),
    ],
)
def test_what_cannot_be_sent_opens_no_connection(changes: dict[str, Any], words: str) -> None:
    with MailServer() as server:
        result = deliver({"mail": server.settings, "envelope": envelope(**changes)}, {})
    assert (result["result"], result["why"]) == ("failed", words)
    assert server.connections == 0


def test_a_long_text_of_every_kind_of_line_arrives_as_it_is() -> None:
    body = "".join(f"{'.' * (n % 4)}line {n} of übergröße {'x' * (n % 1500)} \n" for n in range(400))
    with MailServer() as server:
        deliver({"mail": server.settings, "envelope": envelope(body=body)}, {})
    assert server.received[0].body == body


def test_the_password_is_in_no_argument_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    before = children()
    with MailServer(Manners(silent_at="ehlo", login=("deploy", PASSWORD))) as server:
        sending = threading.Thread(target=send, args=(server, {"MAIL_PASSWORD": PASSWORD}), kwargs={"deadline_s": 2})
        sending.start()
        while not server.commands:
            time.sleep(0.01)
        (child,) = children() - before
        seen = Path(f"/proc/{child}/cmdline").read_bytes() + Path(f"/proc/{child}/environ").read_bytes()
        sending.join()
    assert b"email_child" in seen
    assert b"PATH=" in seen
    assert PASSWORD.encode() not in seen
