"""Who acts: what is claimed, and what the system knows."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.backout.events import Actor
from backout_tui.engine.session.identity import login_uid, whoami, why_ask_name
from backout_tui.errors import BackoutError
from backout_tui.settings import Settings

LOGIN = pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("claimed", "environment", "name"),
    [
        (None, {}, LOGIN),
        (None, {"BACKOUT_AS": "ann"}, "ann"),
        ("bob", {"BACKOUT_AS": "ann"}, "bob"),
        ("bob", {"BACKOUT_AS": ""}, "bob"),
        ("  Ann O'Hara ", {}, "Ann O'Hara"),
        ("a\x1b[31mb\nc\u202e", {}, "a␛[31mb⏎c\\u202e"),
        (None, {"USER": "mallory", "LOGNAME": "mallory"}, LOGIN),
    ],
)
def test_the_name_is_the_one_claimed_else_the_login(
    claimed: str | None, environment: dict[str, str], name: str
) -> None:
    assert whoami(claimed, environment).name == name


@pytest.mark.parametrize(
    ("claimed", "environment", "where"),
    [
        ("", {}, "--as"),
        (" \t", {}, "--as"),
        (None, {"BACKOUT_AS": ""}, "BACKOUT_AS"),
        (None, {"BACKOUT_AS": " "}, "BACKOUT_AS"),
    ],
)
def test_a_blank_name_is_refused_and_not_read_as_the_login(
    claimed: str | None, environment: dict[str, str], where: str
) -> None:
    """An empty variable in somebody's script would otherwise record the shared login."""
    with pytest.raises(BackoutError, match=f"{where}: the name is blank. Give your name"):
        whoami(claimed, environment)


def test_what_the_system_knows_stands_beside_the_claim() -> None:
    actor = whoami("ann", {})
    assert (actor.login, actor.uid, actor.host) == (LOGIN, os.getuid(), os.uname().nodename)


@pytest.mark.parametrize(
    ("environment", "client"),
    [
        ({}, ""),
        ({"SSH_CONNECTION": "10.0.0.5 51812 10.0.0.9 22"}, "10.0.0.5"),
        ({"SSH_CLIENT": "fe80::1%eth0 51812 22"}, "fe80::1%eth0"),
        ({"SSH_CONNECTION": "10.0.0.5 1 2 3", "SSH_CLIENT": "10.0.0.6 1 2"}, "10.0.0.5"),
        ({"SSH_CONNECTION": " "}, ""),
        ({"SSH_CLIENT": "\x1b]0;x\x07 1 2"}, "␛]0;x␇"),
    ],
)
def test_the_ssh_client_is_where_the_connection_comes_from(environment: dict[str, str], client: str) -> None:
    assert whoami(None, environment).ssh_client == client


def test_the_terminal_is_named_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real one, in place of standard error."""
    leader, follower = os.openpty()
    kept = os.dup(2)
    try:
        os.dup2(follower, 2)
        named = whoami(None, {}).tty
        expected = os.ttyname(follower)
    finally:
        os.dup2(kept, 2)
        for descriptor in (leader, follower, kept):
            os.close(descriptor)
    assert named in (expected, _own_tty())


def _own_tty() -> str:
    """The terminal that the tests themselves were started on, if any: it comes first."""
    for descriptor in (0, 1):
        if os.isatty(descriptor):
            return os.ttyname(descriptor)
    return ""


def test_a_uid_without_an_entry_still_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    unknown: Callable[[int], pwd.struct_passwd] = nobody
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert whoami(None, {}).name == f"uid {os.getuid()}"


@pytest.mark.parametrize(
    ("name", "claimed", "asked"),
    [("deploy", None, True), ("ann", "ann", False), ("ann", None, False), ("deploy", "deploy", False)],
)
def test_a_shared_login_is_asked_who_it_is(name: str, claimed: str | None, asked: bool) -> None:
    settings = Settings(shared_accounts=("root", "deploy"))
    assert bool(why_ask_name(settings, Actor(name, login="deploy"), claimed)) is asked
    assert why_ask_name(Settings(), Actor(name, login="deploy"), claimed) is None


@pytest.mark.parametrize(
    ("environment", "sudo_user"),
    [
        ({"SUDO_USER": "alice"}, "alice"),
        ({"DOAS_USER": "alice"}, "alice"),
        ({"PKEXEC_UID": "0"}, "root"),
        ({"PKEXEC_UID": "99999999999999999999"}, "uid 99999999999999999999"),
        ({"SUDO_USER": " al\x1b]0;x\x07ice"}, "al␛]0;x␇ice"),
        ({}, ""),
    ],
)
def test_who_changed_to_this_login_is_kept_beside_it(environment: dict[str, str], sudo_user: str) -> None:
    assert whoami(None, environment).sudo_user == sudo_user


@pytest.mark.parametrize(
    ("said", "uid"), [("1000\n", 1000), ("0\n", 0), ("4294967295\n", -1), ("nonsense", -1), ("", -1)]
)
def test_the_kernel_keeps_who_logged_in(tmp_path: Path, said: str, uid: int) -> None:
    file = tmp_path / "loginuid"
    file.write_text(said)
    assert login_uid(file) == uid
    assert login_uid(tmp_path / "missing") == -1


@pytest.mark.parametrize(
    ("known", "behind", "said"),
    [
        ({"sudo_user": "alice"}, "alice", "root (alice)"),
        ({"login_user": "alice", "login_uid": 1000}, "alice", "root (alice)"),
        ({"login_user": "alice", "login_uid": 1000, "sudo_user": "bob"}, "alice", "root (alice)"),
        ({"login_user": "root", "login_uid": 0}, "", "root"),
        ({"sudo_user": "root"}, "", "root"),
        ({}, "", "root"),
    ],
)
def test_the_person_behind_root_is_named_beside_it(known: dict[str, Any], behind: str, said: str) -> None:
    actor = Actor("root", login="root", uid=0, **known)
    assert (actor.behind, actor.said) == (behind, said)
    assert bool(why_ask_name(Settings(), actor, None)) is bool(behind)
    assert why_ask_name(Settings(), actor, "kim") is None


def test_a_record_says_nothing_of_sudo_where_there_was_none() -> None:
    """And one with it is read back as it was written."""
    plain, through = Actor("kim", login="kim"), Actor("root", login="root", sudo_user="alice", login_uid=1000)
    assert not {"sudo_user", "login_uid", "login_user"} & set(plain.record())
    assert through.record().items() >= {"sudo_user": "alice", "login_uid": 1000}.items()
