"""The nearest plans, in words."""

from __future__ import annotations

from backout_tui.domain.plan.plan_line import QUESTIONS, Near, PlanLine, Run
from backout_tui.reports.plan_nearest import nearest_words, reason_words

LINE = PlanLine(3, "payments-api", "4.11.0", "production", "payments", 2, "Backout plan", True, QUESTIONS[:8])


def test_a_line_says_which_plan_how_ready_why_and_how_it_went() -> None:
    runs = (Run(7, "live", ""), Run(5, "live", "failed"), Run(4, "rehearsal", "backed-out"), Run(2, "rehearsal", ""))
    (line,) = nearest_words([Near(LINE, "same service", runs)])
    assert line.startswith("plan 3: payments-api 4.11.0@production, approved, 8 of 9 answered; same service; ")
    assert line.endswith("; backout 7: open; rehearsal 4: backed-out")
    assert reason_words(Near(LINE, "same team")) == "same team; never run"


def test_no_byte_of_a_name_acts_on_the_terminal() -> None:
    hostile = PlanLine(3, "web\x1b[31m", "", "", "", 1, "", False)
    (line,) = nearest_words([Near(hostile, "same team")])
    assert "\x1b" not in line
