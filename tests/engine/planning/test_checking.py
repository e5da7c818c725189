"""A plan checked with all that is at hand: shells, earlier revisions, other plans, links and programs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from backout_tui.domain.checking.finding import Checked
from backout_tui.domain.values import replace
from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import links, reviewing, shells
from backout_tui.engine.planning.checking import check
from backout_tui.engine.planning.programs import programs_of
from backout_tui.engine.planning.silencing import silence
from backout_tui.engine.starting import Start
from backout_tui.errors import BackoutError
from tests.domain.checking.planted import VALID
from tests.engine.desks import Room, SetClock

SCALE = 'kubectl -n "$NAMESPACE" scale deployment/payments-api --replicas="$REPLICAS"'


def checked(room: Room, text: str, *, live: bool = False, desk: Desk | None = None) -> Checked:
    """What is found in a file."""
    path = room.place / "plan.md"
    path.write_text(text, encoding="utf-8")
    desk = desk or room.desk()
    return check(desk, plans.find(desk, str(path)), live=live)


def rules(found: Checked) -> list[tuple[str, str]]:
    """Rule and item of each finding."""
    return [(one.rule, one.item) for one in found.findings]


def line_of(words: str) -> int:
    """The first line of the plan that holds `words`."""
    return next(at for at, line in enumerate(VALID.split("\n"), start=1) if words in line)


def stored(room: Room, text: str) -> Desk:
    """The text as the next revision of its plan."""
    path = room.place / "stored.md"
    path.write_text(text, encoding="utf-8")
    desk = room.desk()
    plans.keep(desk, plans.find(desk, str(path)))
    return desk


def without(room: Room, *programs: str) -> Desk:
    """A desk on whose path there is the shell, and nothing else."""
    path = room.place / "bin"
    path.mkdir()
    for name in ("sh", "bash", *programs):
        found = shutil.which(name)
        assert found is not None
        (path / name).symlink_to(found)
    return replace(room.desk(), environment={"PATH": str(path)})


def test_a_plan_without_faults_has_none_for_the_shells_either(room: Room) -> None:
    assert checked(room, VALID).findings == ()


def test_what_a_shell_cannot_read_is_found_in_its_line(room: Room) -> None:
    text = VALID.replace(SCALE, f"{SCALE}\nif true; then")
    (found,) = checked(room, text).findings
    assert (found.rule, found.item, found.severity) == ("shell-syntax", "step 2", "error")
    assert found.message.startswith("bash cannot read this command: syntax error")
    (found,) = checked(room, VALID.replace("PGPASSWORD=", "echo 'one; PGPASSWORD=")).findings
    assert (found.rule, found.item, found.line) == ("shell-syntax", "step 3", line_of("PGPASSWORD"))


def test_nothing_of_a_command_is_run_to_check_it(room: Room) -> None:
    marks = [room.place / name for name in ("one", "two")]
    script = f"touch {marks[0]}; : $(touch {marks[1]})"
    checked(room, VALID.replace(SCALE, f"{SCALE}\n{script}"))
    assert not any(mark.exists() for mark in marks)


def test_each_shell_reads_what_it_will_run(room: Room) -> None:
    array = 'parts=(api worker); echo "${parts[@]}"'
    assert rules(checked(room, VALID.replace(SCALE, f"{SCALE}\n{array}"))) == []
    if shutil.which("dash"):
        assert rules(checked(room, VALID.replace("PGPASSWORD=", "fi\nPGPASSWORD="))) == [("shell-syntax", "step 3")]


def test_of_another_shells_word_it_is_said_whose_it_is_and_not_also_that_sh_cannot_read_it(room: Room) -> None:
    found = checked(room, VALID.replace("PGPASSWORD=", "parts=(api worker)\nPGPASSWORD=")).findings
    assert [(one.rule, one.item, one.line) for one in found] == [("other-shell", "step 3", line_of("PGPASSWORD"))]
    assert "is bash's" in found[0].message


def test_what_an_operator_exports_does_not_change_how_a_shell_reads_a_command(room: Room) -> None:
    environment = {**os.environ, "SHELLOPTS": "noexec", "BASH_ENV": str(room.place / "first"), "POSIXLY_CORRECT": "1"}
    (room.place / "first").write_text(f"touch {room.place / 'mark'}\n")
    assert checked(room, VALID, desk=replace(room.desk(), environment=environment)).findings == ()
    assert not (room.place / "mark").exists()


def test_a_command_that_is_not_filled_in_or_mistyped_is_not_a_syntax_error_too(room: Room) -> None:
    assert rules(checked(room, VALID.replace("--replicas=", "<(tag --replicas="))) == [("shell-syntax", "step 2")]
    assert rules(checked(room, VALID.replace("scale deployment", "scale <which> deployment"))) == [
        ("placeholder-in-command", "step 2")
    ]
    curly = VALID.replace('--replicas="$REPLICAS"', '--replicas=”$REPLICAS"')
    assert rules(checked(room, curly)) == [("curly-quote", "step 2")]


def test_a_shell_reads_what_several_steps_say_once_and_the_finding_stands_at_each(room: Room) -> None:
    twice = "### {}. Close it\n- estimate: 1 min\n\n```sh\nif true; then\n```\n"
    text = VALID.replace("## Verification", f"{twice.format(20)}\n{twice.format(21)}\n## Verification")
    assert rules(checked(room, text)) == [("shell-syntax", "step 20"), ("shell-syntax", "step 21")]


def test_beyond_so_many_different_commands_the_rest_is_named(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shells, "MOST", 1)
    found = checked(room, VALID).findings
    (unread,) = [one for one in found if one.rule == "shell-unread"]
    assert (unread.severity, unread.item) == ("warning", "")
    assert "the first 1 different ones (step 3" in unread.message
    monkeypatch.setattr(shells, "MOST", 100)
    assert checked(room, VALID).findings == ()


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_warns_of_what_the_shell_reads(room: Room) -> None:
    text = VALID.replace(SCALE, f'{SCALE}\nrm -rf "$NAMESPACE"/*')
    (found,) = checked(room, text).findings
    assert (found.rule, found.severity, found.item) == ("shellcheck", "warning", "step 2")
    assert "(SC2115)" in found.message
    assert found.line == line_of(SCALE) + 1


def test_without_shellcheck_nothing_is_missed_and_its_silences_stay(room: Room) -> None:
    text = VALID.replace("see https", "<!-- silence shellcheck at step 2: meant so -->\nsee https")
    assert checked(room, text, desk=without(room)).findings == ()


def test_a_rehearsal_is_stale_when_a_step_changed_since(room: Room) -> None:
    clock = SetClock()
    room.clock = clock  # 2026-11-22
    desk = stored(room, VALID)
    assert check(desk, plans.find(desk, "1")).findings == (), "the first revision is no change"
    stored(room, VALID.replace("- estimate: 2 min", "- estimate: 3 min"))
    assert check(desk, plans.find(desk, "1")).findings == (), "how long it takes was not rehearsed"
    stored(room, VALID.replace("Set the freeze in", "Set the freeze now in"))
    (found,) = check(desk, plans.find(desk, "1")).findings
    assert (found.rule, found.severity, found.item) == ("stale-rehearsal", "error", "")
    assert VALID.split("\n")[found.line - 1].startswith("- 2026-11-18: passed")
    newer = VALID.replace("2026-11-18: passed", f"{clock.now().date()}: passed").replace("freeze in", "freeze now in")
    stored(room, newer)
    assert check(desk, plans.find(desk, "1")).findings == ()


def test_a_rehearsal_in_the_database_counts_for_the_revision_it_ran(room: Room) -> None:
    room.clock = SetClock()
    desk = stored(room, VALID)
    changed = VALID.replace("Set the freeze in", "Set the freeze now in")
    stored(room, changed)
    plans.approve(desk, desk.reader.revisions_of(1)[-1], "release manager")
    starting.start(desk, "1", Start(rehearsal=True))
    assert check(desk, plans.find(desk, "1")).findings == ()
    stored(room, changed.replace("Set the freeze", "Set a freeze"))
    assert rules(check(desk, plans.find(desk, "1"))) == [("stale-rehearsal", "")]


def test_environments_of_other_plans_are_known(room: Room) -> None:
    stored(room, VALID.replace("environment: production", "environment: blue-eu").replace("4.12.0", "4.12.0"))
    assert rules(checked(room, VALID.replace("scale deployment", "--context blue-eu scale deployment"))) == [
        ("other-environment", "step 2")
    ]


def test_a_copy_speaks_of_nothing_that_its_source_did(room: Room) -> None:
    source = VALID.replace("4.11.3", "build-77").replace("4.12.0", "build-80")
    stored(room, source)
    top = "- release: payments-api 2.1\n- returns to: 2.0\n- derived from: payments-api build-80\n"
    text = source.replace("- release: payments-api build-80\n- returns to: build-77\n", top)
    found = {one.message.split("`")[1] for one in checked(room, text).findings if one.rule == "other-version"}
    assert {"build-80", "build-77"} <= found


class _Site(BaseHTTPRequestHandler):
    """Answers by path: `/404` with 404; `/shy` likes no HEAD; `/slow` waits."""

    def do_HEAD(self) -> None:
        self._answer(405 if self.path == "/shy" else 500 if self.path == "/get-only" else self._status())

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/get-only" else self._status())

    def _status(self) -> int:
        return int(self.path[1:4]) if self.path[1:4].isdigit() else 200

    def _answer(self, status: int) -> None:
        self.server.seen.append((self.command, self.path, dict(self.headers)))  # type: ignore[attr-defined] # ours
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    """A server on the loopback that keeps what it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.seen = []  # type: ignore[attr-defined] # ours
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_links_are_asked_only_when_that_is_wanted(room: Room, site: ThreadingHTTPServer) -> None:
    base = f"http://127.0.0.1:{site.server_port}"
    text = VALID.replace("https://wiki.example.org/payments", f"{base}/404").replace(
        "http://payments.example.org/version", f"{base}/200"
    )
    assert checked(room, text).findings == ()
    assert site.seen == []  # type: ignore[attr-defined] # ours
    found = [one for one in checked(room, text, live=True).findings if one.rule == "dead-link"]
    assert [(one.line, one.item, one.severity) for one in found] == [(14, "", "error")]
    assert f"{base}/404 answers 404" in found[0].message


@pytest.mark.parametrize("path", ["401", "403", "405", "429", "shy", "get-only", "200"])
def test_whoever_answers_in_any_way_is_there(site: ThreadingHTTPServer, path: str) -> None:
    text = f"see http://127.0.0.1:{site.server_port}/{path}."
    assert list(links.about_links(text, lambda _line: "")) == []


def test_one_that_is_not_there_or_says_nothing_is_found_in_time(site: ThreadingHTTPServer) -> None:
    gone = ThreadingHTTPServer(("127.0.0.1", 0), _Site)  # it takes a connection, and never answers
    text = f"a http://127.0.0.1:1/x\nb http://127.0.0.1:{gone.server_port}/y?token=abc"
    found = {one.line: one.message for one in links.about_links(text, lambda _line: "", deadline_s=0.4)}
    gone.server_close()
    assert "does not answer (" in found[1]
    assert "did not answer within 0.4 s" in found[2]
    assert "abc" not in found[2]


def test_links_with_a_gap_or_a_login_are_passed_over() -> None:
    text = "http://a.example/{version} http://u:p@b.example/ http://$HOST/x <https://c.example/d>, [e](http://f.example/g)."
    assert list(links.links_of(text)) == ["https://c.example/d", "http://f.example/g"]


def test_programs_are_looked_for_only_when_that_is_wanted(room: Room) -> None:
    text = VALID.replace("https://wiki", "the wiki").replace("curl -fsS http://payments.example.org/version", "true")
    desk = without(room, "true")
    assert checked(room, text, desk=desk).findings == ()
    found = checked(room, text, live=True, desk=desk)
    assert rules(found) == [("missing-program", f"step {n}") for n in (2, 3)] + [("missing-program", "check B")]
    assert "`kubectl`" in found.findings[0].message


def test_what_a_script_has_itself_is_no_program() -> None:
    script = "f() { one; }\nf; cd x; ./two; $CMD y; case $z in a|b) three;; *) echo;; esac\nsudo -u me four $(five)"
    assert {name for _, name in programs_of(script)} == {"one", "three", "sudo", "four", "five"}


def test_a_silence_never_takes_the_place_of_what_was_stored_meanwhile(room: Room) -> None:
    text = VALID.replace("- owner: deployment engineer\n- estimate: 2 min\n", "- owner: deployment engineer\n")
    desk = stored(room, text)
    found = plans.find(desk, "1")
    newer = reviewing.drop(desk, found, reviewing.item_named(found, "check B"))
    with pytest.raises(BackoutError, match="revision 2 of plan 1 meanwhile"):
        silence(desk, found, "no-estimate", "step 1", "it takes no time")
    assert desk.reader.plan_text(1) == newer.text


@pytest.mark.parametrize(
    ("title", "reason"),
    [("Started -->", "they know"), ("Started", "they know " * 200)],
    ids=["a title that ends a comment", "too long a reason"],
)
def test_a_silence_that_could_not_be_read_again_is_refused(room: Room, title: str, reason: str) -> None:
    text = VALID.replace("### Started", f"### {title}").replace("- to: stakeholders", "- to: nobody we know")
    desk = stored(room, text)
    with pytest.raises(BackoutError, match="could not be read again"):
        silence(desk, plans.find(desk, "1"), "unknown-recipient", f"message {title}", reason)
    assert len(desk.reader.revisions_of(1)) == 1
