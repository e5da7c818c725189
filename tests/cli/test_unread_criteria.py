"""A criterion that cannot be read is never none: refused at run whatever is offered, told at the start and by check."""

from __future__ import annotations

import pytest

from tests.cli.lines import Line
from tests.engine.bench import wait_for

TOP = """# Backout plan: shop 2.0

- release: shop 2.0
- returns to: 1.9
- environment: production

## Steps

### 1. Roll back
"""
COMMAND = "```sh\necho nothing of the kind\n```\n"
FORMS = {
    "no code span": f"{COMMAND}Expect: ok\n",
    "nothing": f"{COMMAND}Expect:\n",
    "two code spans": f"{COMMAND}Expect: `a` or `b`\n",
    "a pattern never closed": f"{COMMAND}Expect: /ok\n",
    "no pattern": f"{COMMAND}Expect: /(/\n",
    "flags": f"{COMMAND}Expect: /ok/i\n",
    "two patterns": f"{COMMAND}Expect: /a/ or /b/\n",
    "expects": f"{COMMAND}expects: `ok`\n",
    "expected": f"{COMMAND}Expected: `ok`\n",
    "expected output": f"{COMMAND}Expected output: `ok`\n",
    "a list": f"{COMMAND}- Expect: `ok`\n",
    "a numbered list": f"{COMMAND}1. Expect: `ok`\n",
    "a task list": f"{COMMAND}- [ ] Expect: `ok`\n",
    "bold without a code span": f"{COMMAND}**Expect:** ok\n",
    "italics": f"{COMMAND}*Expect:* `ok`\n",
    "all in backticks": f"{COMMAND}`Expect: ok`\n",
    "a table": f"{COMMAND}\n| Expect | ok |\n|---|---|\n",
    "a quote": f"{COMMAND}> Expect: `ok`\n",
    "a heading": f"{COMMAND}#### Expect\n`ok`\n",
    "behind a sentence": f"{COMMAND}Look at it. Expect: `ok`\n",
    "an empty code span": f"{COMMAND}Expect: ``\n",
    "a blank code span": f"{COMMAND}Expect: ` `\n",
    "words beside it": f"{COMMAND}Expect: `ok`, and no error\n",
    "the backtick never closed": f"{COMMAND}Expect: `ok\n",
    "a fact": f"- expect: `ok`\n{COMMAND}",
    "far from its command": f"{COMMAND}\nWait.\n\nThen look.\n\nexpect: it is there\n",
    "above its command": f"Expect: ok\n\n{COMMAND}",
    "inside the fence": "```sh\necho nothing\nExpect: `ok`\n```\n",
    "a comment of the command": "```sh\necho nothing\n# Expect: `ok`\n```\n",
    "a time limit that is none": "```sh timeout=soon\necho nothing\n```\n",
    "a time limit with a blank": "```sh timeout=5 min\necho nothing\n```\n",
    "until, unreadable": f"- until: now and then\n{COMMAND}",
    "until, empty": f"- until:\n{COMMAND}",
    "until, too late": f"Wait.\n\n- until: every 1 s, at most 5 s\n\n{COMMAND}",
    "until, with lines below it": f"- until: every 1 s, at most 5 s\n  - or so\n\n{COMMAND}",
    "until, misspelt": f"- untill: every 1 s, at most 5 s\n\n{COMMAND}",
    "capture, unreadable": f"- capture: the version\n{COMMAND}",
    "for each, empty": f"- for each:\n{COMMAND}",
}


def decided(line: Line, text: str) -> None:
    line.start(text)
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_criterion_that_cannot_be_read_refuses_the_command_and_nothing_lifts_it(line: Line, body: str) -> None:
    text = f"{TOP}{body}"
    found = line.run("plan", "check", line.write("plan.md", text), "--json")
    assert found.code == 1
    assert any(
        one["severity"] == "error" and one["item"] == "step 1" and one["line"] > 8 for one in found.json["findings"]
    )
    started = line.ok("start", line.write("plan.md", text), "--json")
    assert "plan.md: Step 1 cannot run" in started.err
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")
    for offered in ((), ("--reason", "it is meant so"), ("--reason", "it burns", "--break-glass")):
        refused = line.run("do", "1", "step-run", "1", "--yes", "--wait", *offered)
        assert refused.code == 3
        assert "line " in refused.err
    assert not {"StepStarted", "BreakGlass"}.intersection(line.kinds())


READABLE = {
    "bold": "**Expect:** `kind`\n",
    "bold word": "**Expect**: `kind`\n",
    "lower case": "expect: `kind`\n",
    "indented": "  Expect: `kind`\n",
    "nested backticks": "Expect: ``kind``\n",
    "a pattern": "Expect: /k.nd$/\n",
}


@pytest.mark.parametrize("expect", READABLE.values(), ids=READABLE)
def test_what_can_be_read_decides_and_is_told_nowhere(line: Line, expect: str) -> None:
    assert line.ok("start", line.write("plan.md", f"{TOP}{COMMAND}{expect}"), "--json").err == ""
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")
    assert line.ok("do", "1", "step-run", "1", "--yes", "--wait").code == 0
    assert line.state()["steps"][0]["attempts"][0]["expect_met"] is True


def test_a_rehearsal_refuses_it_as_well(line: Line) -> None:
    line.ok("start", line.write("plan.md", f"{TOP}{COMMAND}Expect: ok\n"), "--json", "--rehearsal")
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")
    assert line.run("do", "1", "step-run", "1", "--yes").code == 3


def test_a_rehearsal_command_that_cannot_be_read_is_refused(line: Line) -> None:
    text = f"{TOP}- rehearse: `touch ran` or `true`\n{COMMAND}"
    line.ok("start", line.write("plan.md", text), "--json", "--rehearsal", "--environment", "staging")
    line.do("problem-add", "5xx")
    line.do("decide", "--by", "kim", "--reason", "errors above two percent")
    refused = line.run("do", "1", "step-run", "1", "--yes")
    assert refused.code == 3
    assert "line 10: `rehearse: `touch ran` or `true`` is not one code span" in refused.err


def test_step_change_mends_it_and_says_by_what_the_step_is_judged(line: Line) -> None:
    decided(line, f"{TOP}{COMMAND}Expect: kind\n")
    kept = line.ok("do", "1", "step-change", "1", "--command", "echo of a kind", "--reason", "it has another name")
    assert "Step 1 cannot run until this is fixed: line 13" in kept.err
    assert line.run("do", "1", "step-run", "1", "--yes").code == 3
    mended = line.ok("do", "1", "step-change", "1", "--expect", "a kind", "--reason", "the plan lacks the backticks")
    assert "Step 1 must print `a kind`." in mended.err
    assert line.ok("do", "1", "step-run", "1", "--yes", "--wait").code == 0
    assert line.state()["steps"][0]["expected"] == ["`a kind`"]


def test_a_changed_command_must_still_print_what_the_plan_expects(line: Line) -> None:
    decided(line, f"{TOP}{COMMAND}Expect: `nothing of`\n")
    changed = line.ok("do", "1", "step-change", "1", "--command", "echo something", "--reason", "it has another name")
    assert "Step 1 still must print `nothing of`." in changed.err
    assert line.run("do", "1", "step-run", "1", "--yes", "--wait").code == 1
    anew = line.ok("do", "1", "step-change", "1", "--no-expect", "--reason", "exit 0 is enough for this one")
    assert "Step 1 must print nothing in particular." in anew.err
    assert line.ok("do", "1", "step-run", "1", "--yes", "--wait").code == 0


@pytest.mark.parametrize("typed", ["/(/", "`a` or `b`", " ", "two\nlines"])
def test_what_is_said_anew_has_to_be_readable_too(line: Line, typed: str) -> None:
    decided(line, f"{TOP}{COMMAND}")
    assert line.run("do", "1", "step-change", "1", "--expect", typed, "--reason", "to be sure of it").code == 2
    assert "StepChanged" not in line.kinds()


def test_of_several_commands_the_one_that_it_stands_behind_is_refused(line: Line) -> None:
    decided(line, f"{TOP}```sh\necho one\n```\n\nThen look.\n\nExpect: ok\n\n```sh\necho two\n```\n")
    assert line.run("do", "1", "step-run", "1.1", "--yes", "--wait").code == 3
    line.do("step-skip", "1.1", "--reason", "it was done by hand before")
    assert line.ok("do", "1", "step-run", "1.2", "--yes", "--wait").code == 0


def test_above_the_first_of_several_commands_it_is_not_known_which_is_meant(line: Line) -> None:
    decided(line, f"{TOP}Expect: `one`\n\n```sh\necho one\n```\n\nExpect: `two`\n\n```sh\necho two\n```\n")
    refused = line.run("do", "1", "step-run", "1.1", "--yes")
    assert refused.code == 3
    assert "line 10: this expectation stands above the first of several commands" in refused.err


def test_at_a_step_that_has_only_parts_it_refuses_the_parts(line: Line) -> None:
    decided(line, f"{TOP}Expect: `ok`\n\n#### 1.1 By a script\n```sh\necho one\n```\n")
    assert line.run("do", "1", "step-run", "1.1", "--yes").code == 3


CHECK = f"{TOP}{COMMAND}\n## Verification\n\n### A. It answers\n"


@pytest.mark.parametrize(
    "body",
    [
        "```sh\ntrue\n```\nExpect: ok\n",
        "```sh timeout=never\ntrue\n```\n",
        "```sh\ntrue\n```\n```http\nGET http://x\n```\n",
    ],
    ids=["expect", "timeout", "an http fence beside it"],
)
def test_a_check_that_cannot_be_read_is_not_run_alone_or_with_all(line: Line, body: str) -> None:
    found = line.run("plan", "check", line.write("plan.md", f"{CHECK}{body}"), "--json")
    assert any(one["severity"] == "error" and one["item"] == "check A" for one in found.json["findings"])
    line.start(f"{CHECK}{body}")
    for which in ("A", "all"):
        refused = line.run("do", "1", "check-run", which, "--wait")
        assert refused.code == 3
        assert "line " in refused.err
    assert "CheckStarted" not in line.kinds()


@pytest.mark.parametrize("kind", ["http", "sql url=DB", "promql url=P"])
@pytest.mark.parametrize("expect", ["expect: status = 200", "expect: status 200", "expect: = 200", "expects: body = x"])
def test_no_machine_passes_a_check_of_a_kind_that_is_not_run(line: Line, kind: str, expect: str) -> None:
    text = f"{CHECK}```{kind}\nGET http://127.0.0.1/\n{expect}\n```\n"
    found = line.run("plan", "check", line.write("plan.md", text), "--json").json["findings"]
    assert any(one["rule"] == "expect-form" for one in found) == (expect != "expect: status = 200")
    line.start(text)
    assert line.run("do", "1", "check-run", "A", "--wait").code == 3
    assert line.run("do", "1", "check-run", "all", "--wait").code == 3
    assert line.state()["checks"][0]["verdict"] is None


@pytest.mark.parametrize("probe", ["`true` or `false`", "``", ""])
def test_a_probe_that_cannot_be_read_is_not_run(line: Line, probe: str) -> None:
    text = f"{TOP}- probe: {probe}\n```sh\nfalse\n```\n"
    found = line.run("plan", "check", line.write("plan.md", text), "--json").json["findings"]
    assert ("probe-form", "error", 10) in [(one["rule"], one["severity"], one["line"]) for one in found]
    decided(line, text)
    assert line.run("do", "1", "step-run", "1", "--yes", "--wait").code == 1
    wait_for(lambda: line.state()["steps"][0]["state"] == "failed")
    assert line.run("do", "1", "step-probe", "1", "--yes").code == 3


def test_an_expectation_at_no_step_is_an_error_of_the_check(line: Line) -> None:
    text = f"{TOP.replace('### 1.', 'Expect: `ok`' + chr(10) * 2 + '### 1.')}{COMMAND}"
    found = line.run("plan", "check", line.write("plan.md", text), "--json").json["findings"]
    assert [(one["rule"], one["line"]) for one in found if one["severity"] == "error"] == [("expect-form", 9)]
