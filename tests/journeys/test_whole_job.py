"""The whole job in one night, at 80x24, through keys alone: from the plan to the log that the lead reads."""

from __future__ import annotations

import re
from pathlib import Path

from tests.journeys import plans
from tests.journeys.site import Site
from tests.journeys.terminal import DOWN, ENTER, SAVE, TAB, UP, Terminal
from tests.smtp import MailServer, Manners

REFUSED = {"lead@example.org": "550 5.1.1 no such user"}
TO_THE_END = "\x1b[F"


def test_a_release_is_backed_out_from_its_plan_to_its_log(tmp_path: Path) -> None:
    """Everything an operator does in a night, against real commands and a real mail server."""
    with MailServer(Manners(refuse=REFUSED)) as mail:
        site = Site(tmp_path, mail)
        (site.folder / "plan.md").write_text(plans.WHOLE_JOB, encoding="utf-8")
        with site.dashboard("start", "../plan.md") as terminal:
            identify(terminal)
            decide(terminal)
            tell_that_it_started(terminal, mail)
            first_steps(terminal, site)
            a_step_that_fails(terminal, site)
            left_out_and_opened_again(terminal)
            changed_and_added(terminal, site)
            stopped(terminal, site)
            no_way_back(terminal, site)
            on_the_phone(terminal)
            verify(terminal, site)
            look_back(terminal)
            end(terminal, mail)
            said_on_leaving = leave(terminal)
        the_lead_reads(site, said_on_leaving)


def identify(terminal: Terminal) -> None:
    """The first problem is typed ahead in one write; the second is told more of."""
    terminal.wait_for("Next: log what is wrong")
    terminal.send(f"p5xx on charge{ENTER}")
    terminal.wait_for("P1 is logged")
    assert "5xx on charge" in terminal.row(" P1 ")
    assert "unassigned" in terminal.row(" P1 ")
    terminal.press("p", "Log a problem")
    terminal.fill("ledger lag", until="P2 is logged")
    terminal.press("c", "P2: what is known")
    terminal.fill("", "m", "j", "d", "payments lead")
    terminal.send(f"lag rose{ENTER}within a minute{SAVE}")
    terminal.wait_for("P2 is changed")
    assert re.search(r"P2 +ledger lag +major +payments lead", terminal.text())


def decide(terminal: Terminal) -> None:
    """By the one whom the plan names, offered by the arrow key."""
    terminal.wait_for("Next: decide whether to back out")
    terminal.press("D", "decided by")
    terminal.fill(DOWN, "errors above two percent", "", "by phone", until="Decided by release manager: back-out")
    terminal.wait_for("Next: do step 1, Freeze deployments")


def tell_that_it_started(terminal: Terminal, mail: MailServer) -> None:
    """The preview shows whose hour it is; one of three cannot be reached, and the screen says so."""
    terminal.press("m", "Tell people")
    assert "due now" in terminal.row("Started")
    terminal.press(ENTER, "Send “Started”")
    terminal.wait_for("Enter to send it")
    shown = terminal.text()
    assert re.search(r"release manager <rm@example.org>, \d\d:\d\d (GMT|BST) there", shown)
    assert re.search(r"ledger team <ledger@example.org>, \d\d:\d\d IST there", shown)
    assert "To, in their quiet hours" in shown
    assert re.search(r"payments lead <lead@example.org>, \d\d:\d\d E[SD]T there", shown)
    terminal.press("\x1b[6~", "Subject: Backing out payments-api 4.12.0")
    assert mail.connections == 0
    terminal.confirm("Send “Started”")
    terminal.wait_for("told, failed")
    terminal.press("4", "2 sent, 1 failed")
    (received,) = mail.received
    assert received.recipients == ("rm@example.org", "ledger@example.org")
    assert "decided by release manager" in received.body
    assert "5xx on charge" in received.body
    terminal.press(ENTER, "550 5.1.1 no such user")
    terminal.escape("550 5.1.1")
    terminal.press("2", "8    Lift the freeze")


def first_steps(terminal: Terminal, site: Site) -> None:
    """One by hand; one whose output is seen as it comes, and whose command is shown before it runs."""
    terminal.press("d", "Step 1 is done")
    terminal.wait_for("Next: run step 2, Drain the workers (~2 min)")
    terminal.press("r", "Run step 2: Drain the workers")
    terminal.wait_for("Enter to run")
    assert 'echo "draining $NAMESPACE"' in terminal.text()
    assert "affects ledger (ledger team)" in terminal.text()
    terminal.confirm("Run step 2: Drain the workers", "draining payments")
    assert re.search(r"Next: wait for step 2 \(0:\d\d of ~2:00\)", terminal.text())
    assert "▶ 2" in terminal.row("Drain the workers")
    site.touch("go-drain")
    terminal.wait_for("Next: run step 3")
    assert "✔ 2" in terminal.row("Drain the workers")
    assert site.lines() == ["drain"]


def a_step_that_fails(terminal: Terminal, site: Site) -> None:
    """What it printed is there at once; run again, it fails again as a new attempt; then it is worked around."""
    terminal.press("r", "Run step 3")
    terminal.confirm("Run step 3", "batchctl: no route to host")
    terminal.wait_for("! Next")
    assert re.search(r"✘ 3 +Stop the batch jobs .*failed: exit code 3", terminal.text())
    assert "stop them in the console" in terminal.next_line
    terminal.press("r", "Run step 3")
    terminal.confirm("Run step 3")
    terminal.press(ENTER, "Run 1 at")
    terminal.wait_match(r"Run 2 at .*: failed")
    terminal.escape("Run 2 at")
    assert site.lines() == ["drain", "batch", "batch"]
    terminal.press("w", "Work around step 3")
    terminal.fill("stopped them in the batch console", until="Step 3 was worked around")
    terminal.wait_for("Next: run step 4")


def left_out_and_opened_again(terminal: Terminal) -> None:
    """A skip wants a reason; it can be taken back, and said again."""
    terminal.press("s", "Skip step 4: Flush the queue")
    terminal.fill("", until="why is needed")
    terminal.fill("the queue is empty already", until="Step 4 is skipped")
    terminal.wait_for("Next: run step 5")
    terminal.press(UP)
    terminal.press("u", "Reopen step 4: Flush the queue")
    terminal.fill("somebody filled it again", until="Step 4 is open again")
    terminal.wait_for("Next: run step 4")
    terminal.press("s", "Skip step 4: Flush the queue")
    terminal.fill("it emptied itself meanwhile", until="Step 4 is skipped")


def changed_and_added(terminal: Terminal, site: Site) -> None:
    """The plan is a guide: another command, and a step that nobody planned."""
    terminal.wait_for("Next: run step 5")
    terminal.press("c", "Change step 5")
    terminal.send(TAB + TO_THE_END + "; echo 4.11.3 > version; echo 'successfully rolled' out")
    terminal.send(TAB + TAB + TAB + "undo alone went to a broken revision" + ENTER)
    terminal.wait_for("Step 5 is changed")
    terminal.press("r", "Run step 5")
    terminal.wait_for("echo 4.11.3 > version")
    terminal.confirm("Run step 5", "Next: run step 6")
    assert "(changed)" in terminal.row("Roll the deployment back")
    terminal.press(UP)
    terminal.press("a", "Add a step after 5")
    terminal.fill("Rebuild the index")
    terminal.send(f"echo index >> ran{TAB}queries time out without it{ENTER}")
    terminal.wait_for("Step 5a is added")
    terminal.wait_for("Next: run step 5a")
    terminal.press("r", "Run step 5a")
    terminal.confirm("Run step 5a", "Next: run step 6")
    assert site.lines()[-1] == "index"


def stopped(terminal: Terminal, site: Site) -> None:
    """A command that would go on for ten minutes is stopped, and a person vouches for the step."""
    terminal.press("r", "Run step 6")
    terminal.confirm("Run step 6", "waiting for 3 of 3 pods")
    terminal.press("x", "Stop step 6")
    terminal.confirm("Stop step 6", "! Next")
    assert "stopped by sam" in terminal.row("Follow the rollout")
    terminal.press("d", "Mark step 6 as done")
    terminal.fill("all three pods run, seen in the console", until="Step 6 is done.")
    assert site.lines()[-1] == "follow"


def no_way_back(terminal: Terminal, site: Site) -> None:
    """What cannot be undone wants its number typed; Enter alone, or another number, does nothing."""
    terminal.wait_for("Next: run step 7")
    terminal.press("r", "This cannot be undone. Type 7 to run")
    assert "no way back after it: charges since the deploy are gone" in terminal.text()
    terminal.read(0.2)
    terminal.press(ENTER, "That is not 7. Nothing was done.")
    terminal.escape("Run step 7")
    terminal.press("r", "Run step 7")
    terminal.confirm("Run step 7", "Next: do step 8", typed="7")
    assert site.lines()[-1] == "restore"
    terminal.press("d", "Step 8 is done")


def on_the_phone(terminal: Terminal) -> None:
    """A call that reached nobody comes back in the Next line at its time, before everything else that is open."""
    terminal.press("k", "Log a call")
    assert "release manager: +44 20 7946 0000" in terminal.text()
    terminal.fill("ledger team", "n", "rang for a minute", "1 s", until="The call to ledger team is logged")
    terminal.wait_match(r"! Next: +call ledger team again: rang for a minute")
    terminal.press("k", "Log a call")
    assert "ledger team" in terminal.row(" who ")
    terminal.fill("", "", "they look at it", "", until="The call to ledger team is logged")


def verify(terminal: Terminal, site: Site) -> None:
    """A check that the program runs, one that a person looks at, twice."""
    terminal.wait_for("Next: run check A")
    terminal.press("v", "Run check A: The old version answers")
    terminal.confirm("Run check A: The old version answers", "Next: look at check B")
    terminal.press(ENTER, "Check B: Ten charges looked at")
    assert "The amounts agree with the ledger." in terminal.text()
    terminal.fill("f", "two of ten differ by a cent", until="Check B: fail")
    assert "1 of 2 passed, 1 failed" in terminal.text()
    terminal.press("v", "Check B: Ten charges looked at")
    assert "Last: fail, two of ten differ by a cent (sam)" in terminal.text()
    terminal.fill("p", "rounding, the ledger team agrees", until="Check B: pass")
    assert "2 of 2 passed" in terminal.text()


def look_back(terminal: Terminal) -> None:
    """As planned beside as run; the log, filtered; a note."""
    terminal.press("n", "Write a note")
    terminal.fill("the runbook has to name the revision", until="The note is in the log")
    terminal.press("=", "As planned beside as run")
    assert re.search(r"5a .*Rebuild the index", terminal.text())
    assert re.search(r"4 +Flush the queue .*skipped", terminal.text())
    terminal.escape("As planned beside as run")
    terminal.press("l", "─ Log ─")
    terminal.press("/", "Filter the log")
    terminal.fill("flush", until="it emptied itself meanwhile")
    terminal.wait_gone("ledger lag")
    assert "somebody filled it again" in terminal.text()
    terminal.escape("it emptied itself")


def end(terminal: Terminal, mail: MailServer) -> None:
    """People are told, also in words that no plan had; the verdict; the close covers what is left open."""
    terminal.wait_for("Next: tell people: “Started”")
    terminal.press("m", "Tell people")
    terminal.press("G")
    terminal.press(ENTER, "text")
    terminal.fill("payments lead, ledger team", "Your mailbox refuses us")
    terminal.send(f"Please look.{ENTER}Thanks.{SAVE}")
    terminal.confirm("Send “Your mailbox refuses us”")
    terminal.wait_match(r"Your mailbox refuses us .* 1 sent, 1 failed")
    assert mail.received[1].recipients == ("ledger@example.org",)
    assert mail.received[1].body.startswith("Please look.\nThanks.\n\n--\nLog head: ")
    terminal.press("X", "Did it work?")
    terminal.fill("", "", until="The verdict is backed-out. X closes the backout.")
    close(terminal)


def close(terminal: Terminal) -> None:
    """One list of what is left open, and one reason that covers it."""
    terminal.press("X", "Close the backout")
    for left in ("“Started” was not sent to everybody", "“Finished” was not sent", "P1 is assigned to nobody"):
        assert left in terminal.text()
    terminal.fill("", "", until="reason for closing is needed")
    terminal.fill("the rest goes out in the morning", "", until="Closed.")
    terminal.wait_for("Next: closed. The log is complete (l).")
    terminal.press("n", "! This backout is closed. Reopen it with a reason to change it.")


def leave(terminal: Terminal) -> str:
    """The exit line holds the anchor of the log."""
    assert terminal.leave() == 0
    said = terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()
    match = re.search(r"Backout 1, payments-api 4.12.0: log head (\d+:[0-9a-f]{20})", said)
    assert match, said
    return match[1]


def the_lead_reads(site: Site, head: str) -> None:
    """Next week: the log, what it promises, and the report."""
    shown = site.show()
    assert shown["log"]["head"] == head
    assert (shown["state"], shown["outcome"]) == ("closed", "backed-out")
    states = {step["number"]: step["state"] for step in shown["steps"]}
    assert states == dict.fromkeys(["1", "2", "5", "5a", "6", "7", "8"], "done") | {
        "3": "worked_around",
        "4": "skipped",
    }
    assert [len(step["attempts"]) for step in shown["steps"]] == [0, 1, 2, 0, 1, 1, 1, 1, 0]
    assert {(one["kind"], one["step"]) for one in shown["deviations"]} == {
        ("worked_around", "3"),
        ("skipped", "4"),
        ("changed", "5"),
        ("added", "5a"),
        ("worked_around", "6"),
    }
    assert site.lines() == ["drain", "batch", "batch", "undo to a broken revision", "index", "follow", "restore"]
    assert f"head {head}: sound" in site.run("verify", "1", "--anchor", head)
    kinds = site.kinds()
    assert kinds[:3] == ["BackoutOpened", "ControlsTaken", "ProblemLogged"]
    assert kinds[-2:] == ["VerdictGiven", "BackoutClosed"]
    assert kinds.count("StepStarted") == kinds.count("StepFinished") == 7
    report = site.run("report", "1", "--format", "md")
    for told in ("release manager", "errors above two percent", "it emptied itself meanwhile", "no such user", head):
        assert told in report, f"{told} is not in:\n{report}"
