"""Commands that would do something else than is written are refused; those that the check calls wrong want a reason."""

from __future__ import annotations

from typing import Any

import pytest

from backout_tui.domain.backout.states import AttemptStatus, CheckVerdict, StepStatus
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import check_verbs, probe_verbs, run_verbs, step_verbs
from tests.engine.desks import HEAD, PEOPLE, Room, log_of, refusal, settled


def plan(steps: str, more: str = "") -> str:
    return f"{HEAD}{more}\n## Steps\n\n{steps}\n{PEOPLE}"


def one(script: str, facts: str = "", language: str = "sh") -> str:
    return plan(f"### 1. One\n{facts}\n```{language}\n{script}\n```\n")


def run(op: Operator, number: str = "1", **given: Any) -> None:
    run_verbs.run(op, number, **given)
    settled(op)


def printed(op: Operator, number: str = "1") -> str:
    attempt = op.backout.steps[number].attempts[-1]
    return op.output(attempt).text.decode()


# ── what nothing sets ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("script", "language"),
    [
        ('rm -rf "$NOBODY_SET/data"', "sh"),
        ("deploy ${NOBODY_SET%.*}", "shell"),
        ("echo ${NOBODY_SET:?}", "bash"),
        ("make NOBODY_SET=$NOBODY_SET", "sh"),
        ("echo ${NOBODY_SET:-none}; rm -rf $NOBODY_SET/data", "sh"),
        ("sleep $((NOBODY_SET * 2))", "bash"),
        ("cat <<EOF\nit's $NOBODY_SET\nEOF", "sh"),
    ],
)
def test_a_command_with_a_variable_that_nothing_sets_is_refused_whatever_is_given(
    room: Room, script: str, language: str
) -> None:
    op = room.decided(one(script, language=language))
    refused = refusal(op, run_verbs.run, "1", reason="it is urgent, all agree", break_glass=True)
    assert refused.reason == (
        "Step 1 is not filled in: NOBODY_SET. Set NOBODY_SET (var-set NOBODY_SET VALUE), or change the command (c)."
    )
    assert refused.lifted_by == ""


@pytest.mark.parametrize(
    "script",
    [
        'echo "${NOBODY_SET:-default}"', "NOBODY_SET=x; echo $NOBODY_SET", '[ -n "$NOBODY_SET" ] || echo none',
        "for NOBODY_SET in a; do echo $NOBODY_SET; done",
        "echo x | while read -r NOBODY_SET; do echo $NOBODY_SET; done",
        "echo $PWD $PPID", "awk 'BEGIN {\n print $NOBODY_SET }' </dev/null",
    ],
)  # fmt: skip
def test_what_the_script_or_the_shell_sets_is_no_fault(room: Room, script: str) -> None:
    op = room.decided(one(script))
    run(op)
    assert op.backout.steps["1"].state is StepStatus.DONE


def test_the_environment_that_the_command_really_gets_decides(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_SITE", "north")
    monkeypatch.setenv("BACKOUT_SITE", "north")
    op = room.decided(one("echo at $OPS_SITE"))
    run(op)
    assert printed(op) == "at north\n"
    hidden = room.decided(one("echo at $BACKOUT_SITE").replace("web 2.0", "web 3.0"))
    assert "BACKOUT_SITE" in refusal(hidden, run_verbs.run, "1").reason


def test_a_value_that_was_given_counts_even_an_empty_one(room: Room) -> None:
    op = room.decided(one('echo "[$NOBODY_SET]"'))
    step_verbs.set_variable(op, "NOBODY_SET", "")
    run(op)
    assert printed(op) == "[]\n"
    step_verbs.set_variable(op, "NOBODY_SET", "x")


def test_a_plans_variable_without_value_is_no_fault_where_the_script_provides_one(room: Room) -> None:
    variables = "## Variables\n- TAG:\n- ZONE: (asked when needed)\n"
    script = "### 1. One\n```sh\necho ${TAG:-latest}\n```\n### 2. Two\n```sh\necho ${ZONE:-a}\n```\n"
    op = room.decided(plan(script, variables))
    run(op)
    assert "ZONE" in refusal(op, run_verbs.run, "2").reason  # the plan wants it asked


def test_probes_checks_and_loops_are_looked_at_like_steps(room: Room) -> None:
    steps = (
        "### 1. Fail\n- probe: `test -e $NOBODY_SET`\n```sh\nexit 1\n```\n"
        '### 2. Each\n- for each: a, b\n- probe: `echo "at $ITEM"`\n```sh\necho $ITEM $NOBODY_SET; exit 1\n```\n'
    )
    op = room.decided(plan(steps, "## Verification\n### A. Ok\n```sh\ntest $NOBODY_SET = a\n```\n"))
    run(op)
    assert "The probe of step 1 is not filled in: NOBODY_SET" in refusal(op, probe_verbs.run, "1", reason="x").reason
    assert "Check A is not filled in: NOBODY_SET" in refusal(op, check_verbs.run, "A", reason="x").reason
    assert "Check A is not filled in" in refusal(op, check_verbs.run_all, reason="x").reason
    step_verbs.skip(op, "1", "not what this test is about")
    assert "NOBODY_SET" in refusal(op, run_verbs.run, "2[a]").reason
    step_verbs.set_variable(op, "NOBODY_SET", "b")
    run(op, "2[a]")
    assert printed(op, "2[a]") == "a b\n"
    probe_verbs.run(op, "2[a]")
    settled(op)
    probe = op.backout.steps["2[a]"].last_probe
    assert probe is not None
    assert probe.state is AttemptStatus.DONE


def test_a_rehearsal_command_is_looked_at_and_what_is_only_shown_is_not(room: Room) -> None:
    steps = (
        "### 1. One\n- rehearse: `echo $NOBODY_SET`\n```sh\necho $OTHER_UNSET\n```\n### 2. Two\n```sh\necho $X9\n```\n"
    )
    op = room.decided(plan(steps), rehearsal=True, rehearsed_in="staging")
    assert "NOBODY_SET" in refusal(op, run_verbs.run, "1", reason="x").reason
    step_verbs.skip(op, "1", "not what this test is about")
    run_verbs.run(op, "2")
    assert log_of(op)[-1].kind == "StepShown"


# ── what the check calls an error ─────────────────────────────────────────────────────────────────────────────────

WRONG = {
    "syntax": ("if true; then echo x", "sh cannot read this command"),
    "another version": ("echo roll back to 1.7.3", "1.7.3"),
    "a curly quote": ("echo \u201cx\u201d", "quote"),
    "a prompt": ("$ echo x", "prompt"),
    "another environment": ("echo deploy --env staging", "staging"),
    "no end": (
        "timeout 1 true; tail -f /dev/null & kill $!; tail -f /etc/hosts --pid=$!; true\ntail -f /x",
        "end by itself",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_error_in_a_command_wants_a_reason_and_its_sentence_is_said(room: Room, case: str) -> None:
    script, words = WRONG[case]
    op = room.decided(one(script).replace("returns to: 1.9", "returns to: 1.9.0").replace("web 2.0", "web 2.0.0"))
    refused = refusal(op, run_verbs.run, "1")
    assert refused.lifted_by == "reason"
    assert words in refused.reason
    assert run_verbs.preview(op, "1").wrong


def test_a_reason_lifts_it_and_stands_in_the_record_beside_what_was_found(room: Room) -> None:
    op = room.decided(one("echo back to 1.7.3").replace("web 2.0", "web 2.0.0").replace("to: 1.9", "to: 1.9.0"))
    run(op, reason="1.7.3 is only named")
    began = next(event for event in log_of(op) if event.kind == "StepStarted")
    assert began.data["despite_why"] == "1.7.3 is only named"
    assert "1.7.3" in began.data["despite"][0]
    assert op.backout.deviations == () or all(one.kind != "reordered" for one in op.backout.deviations)


def test_a_silence_in_the_plan_lifts_it_but_not_for_a_command_that_was_changed_here(room: Room) -> None:
    silence = "<!-- silence other-version: the tool is called so -->\n"
    steps = f"### 1. One\n{silence}\n```sh\necho 1.7.3\n```\n"
    steps += f"### 2. Each\n- for each: a, b\n{silence}\n```sh\necho $ITEM 1.7.3\n```\n"
    op = room.decided(plan(steps).replace("web 2.0", "web 2.0.0").replace("to: 1.9", "to: 1.9.0"))
    run(op)
    run(op, "2[a]")
    step_verbs.change(op, "2[b]", command="echo also 1.7.3", reason="another word")
    assert "1.7.3" in refusal(op, run_verbs.run, "2[b]").reason


def test_checks_and_probes_want_a_reason_too(room: Room) -> None:
    steps = "### 1. Fail\n- probe: `echo 1.7.3`\n```sh\nexit 1\n```\n"
    text = plan(steps, "## Verification\n### A. Ok\n```sh\necho 1.7.3 | grep 1\n```\n")
    op = room.decided(text.replace("web 2.0", "web 2.0.0").replace("to: 1.9", "to: 1.9.0"))
    run(op)
    assert refusal(op, probe_verbs.run, "1").lifted_by == "reason"
    assert refusal(op, check_verbs.run, "A").lifted_by == "reason"
    probe_verbs.run(op, "1", reason="only a name")
    check_verbs.run_all(op, reason="only a name")
    settled(op)
    assert op.backout.checks["A"].verdict is CheckVerdict.PASS
    assert [event.data["despite_why"] for event in log_of(op) if "despite" in event.data] == ["only a name"] * 2
