"""A plan as JSON: the shape that other programs rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.plan.readiness import questions
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.reports.plan_json import check_json, plan_json

SPECIMEN = Path(__file__).parent.parent / "planfile" / "specimen.md"


@pytest.fixture(scope="module")
def specimen() -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(json.dumps(plan_json(read_plan(SPECIMEN.read_text(encoding="utf-8")))))
    return shown


def options(steps: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = plan_json(read_plan(f"# T\n\n## Steps\n\n{steps}"))["options"]
    return shown


def test_it_has_every_key_that_is_promised(specimen: dict[str, Any]) -> None:
    assert set(specimen) >= {
        "title", "release", "team", "affects", "questions", "options", "checks", "contacts", "communications",
        "criteria", "success", "prerequisites", "contingencies", "after", "risks", "placeholders", "warnings",
    }  # fmt: skip
    assert set(specimen["options"][0]["steps"][0]) == {
        "number", "title", "kind", "body", "commands", "expected", "owner", "estimate_s", "condition", "required",
        "optional", "point_of_no_return", "line_start", "line_end", "children",
    }  # fmt: skip


def test_the_specimen_is_shown_whole(specimen: dict[str, Any]) -> None:
    assert specimen["release"] == {
        "name": "payments-api",
        "version": "4.12.0",
        "returns_to": "4.11.3",
        "environment": "production",
    }
    assert specimen["affects"] == ["ledger (ledger team)"]
    assert [(one["id"], one["answered"]) for one in specimen["questions"]] == [(f"Q{n}", True) for n in range(1, 10)]
    assert specimen["criteria"] == ["5xx on /charge above 2 % for 5 minutes", "any ledger mismatch"]
    assert specimen["contingencies"] == ["Stop all writers, call the payments lead, decide on the snapshot together."]
    assert specimen["checks"][0] == {
        "id": "A",
        "title": "Error rate is back to normal",
        "kind": "http",
        "required": True,
        "line_start": 45,
    }
    assert specimen["communications"][0]["to"] == ["stakeholders"]


def test_a_step_with_a_command_is_shown_with_it(specimen: dict[str, Any]) -> None:
    (option,) = specimen["options"]
    step = option["steps"][1]
    assert option["name"] is None
    assert (step["number"], step["kind"], step["estimate_s"], step["owner"]) == ("2", "command", 300, None)
    assert step["commands"] == [
        {"language": "sh", "text": 'kubectl -n "$NAMESPACE" rollout undo deployment/payments-api'}
    ]
    assert (step["expected"], step["point_of_no_return"], step["children"]) == (["`successfully rolled out`"], True, [])
    assert (step["line_start"], step["line_end"]) == (32, 41)


def test_an_empty_plan_has_no_options_and_invents_nothing() -> None:
    shown = plan_json(read_plan(""))
    assert shown["release"] == {"name": None, "version": None, "returns_to": None, "environment": None}
    assert (shown["options"], shown["team"], shown["criteria"]) == ([], None, [])
    assert not any(one["answered"] for one in shown["questions"])


def test_options_have_their_names_and_phases_are_an_order_of_steps_only() -> None:
    shown = options(
        "### 1. a\n### Phase: x\n#### 2. b\n### Option A: by hand\n#### A1. c\n"
        "### Option B: by script\n#### B1. d\n### 3. e\n"
    )
    assert [(one["name"], [step["number"] for step in one["steps"]]) for one in shown] == [
        (None, ["1", "2"]),
        ("A: by hand", ["A1"]),
        ("B: by script", ["B1"]),
        (None, ["3"]),
    ]


def test_several_commands_of_a_step_are_its_children() -> None:
    ((step,),) = (
        one["steps"]
        for one in options("### 1. a\n- owner: Ann\n\nFirst.\n\n```sh\nx\n```\nThen.\n\n```bash\ny\n```\nExpect: `z`\n")
    )
    assert [command["text"] for command in step["commands"]] == ["x", "y"]
    assert [
        (one["number"], one["commands"], one["expected"], one["line_start"], one["line_end"], one["owner"])
        for one in step["children"]
    ] == [
        ("1.1", [{"language": "sh", "text": "x"}], [], 10, 12, "Ann"),
        ("1.2", [{"language": "bash", "text": "y"}], ["`z`"], 15, 17, "Ann"),
    ]


def test_sub_steps_that_are_written_are_the_children() -> None:
    ((step,),) = (one["steps"] for one in options("### 1. a\n```sh\nx\n```\n```sh\ny\n```\n#### 1.1 b\n"))
    assert [(one["number"], one["title"]) for one in step["children"]] == [("1.1", "b")]


def test_what_is_still_to_be_filled_is_shown_by_line() -> None:
    shown = plan_json(read_plan("# T\n\n{+ words +}\n\n## Steps\n\n### 1. a\n\n```sh\nx\ndeploy <tag>\n```\n"))
    assert shown["placeholders"] == [{"text": "{+ words +}", "line": 3}, {"text": "<tag>", "line": 11}]
    assert [one["rule"] for one in shown["warnings"]] == ["placeholder", "placeholder-in-command"]


def test_sections_without_bullets_are_shown_by_paragraph() -> None:
    shown = plan_json(read_plan("## Risks\n\n<!-- all -->\n\nOne thing\nor two.\n\nAnother.\n"))
    assert shown["risks"] == ["One thing or two.", "Another."]


def test_several_affected_services_may_be_named_in_one_fact_or_in_several() -> None:
    shown = plan_json(read_plan("# T\n- affects: ledger (Ann, Bob), mail\n- affects: web\n"))
    assert shown["affects"] == ["ledger (Ann, Bob)", "mail", "web"]


def test_a_check_says_no_when_there_is_an_error_and_names_what_is_unanswered() -> None:
    plan = read_plan(
        "# T\n- release: a 1\n- returns to: 0\n- window: 2h after deploy\n\n## Steps\n\n### 1. x\n- estimate: soon\n"
    )
    shown = check_json(check_plan(plan), questions(plan))
    assert shown["ok"] is False
    assert shown["findings"] == [
        {
            "rule": "estimate-form",
            "severity": "error",
            "line": 9,
            "item": "step 1",
            "message": "`soon` cannot be read as a time; write `5 min`, `5-10 min`, `1 h 30 min` or `90 s`",
        }
    ]
    assert shown["unanswered"] == ["Q1", "Q3", "Q4", "Q6", "Q7", "Q8", "Q9"]


def test_warnings_alone_are_no_reason_to_say_no() -> None:
    plan = read_plan("# T\n- release: a 1\n")
    assert check_json(check_plan(plan), ())["ok"] is True
