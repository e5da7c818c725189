"""The whole job in one night, at 80x24, through keys alone: from the plan to the log that the lead reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.journeys import plans
from tests.journeys.site import Site, wait_for
from tests.journeys.terminal import ENTER, ESC, SAVE, TAB, Terminal
from tests.smtp import MailServer, Manners

REFUSED = {"lead@example.org": "550 5.1.1 no such user"}
TO_CLEAR = "\x08" * 60


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
    terminal.fill("", "\x1b[B", "errors above two percent", "by phone", until="Decided by release manager: back-out")
    terminal.wait_for("Next: do step 1, Freeze deployments")
