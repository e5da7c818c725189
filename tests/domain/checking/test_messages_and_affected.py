"""A message's names are known ones, and somebody of every affected service hears of the backout."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.domain.plan.texts import NAMES
from backout_tui.planfile.reading.reader import read_plan

TOP = "# T\n- release: a 1\n- returns to: 0\n"
PEOPLE = (
    "## Contacts\n| name | role | groups | reach |\n|---|---|---|---|\n"
    "| Ann | ledger lead | all | email:ann@example.org |\n| Bob | | search | email:bob@example.org |\n"
)


def found(text: str, rule: str, top: str = TOP) -> list[tuple[int, str, str]]:
    """Line, severity and words of what a rule finds."""
    told = check_plan(read_plan(f"{top}{text}"), f"{top}{text}")
    return [(one.line, one.severity, one.message) for one in told if one.rule == rule]


def message(text: str, title: str = "Hi") -> str:
    return f"## Communication\n### {title}\n- to: Ann\n- when: end\n\n{text}\n\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_table_is_known(name: str) -> None:
    assert found(message(f"> It is {{{name}}}."), "unknown-name") == []


def test_the_plans_variables_and_what_its_steps_capture_are_known_too() -> None:
    steps = "## Steps\n### 1. One\n- capture: OLD\n```sh\necho 1\n```\n"
    variables = "## Variables\n- TAG: x\n"
    assert found(f"{variables}{steps}{message('> {TAG} and {OLD}')}", "unknown-name") == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("relase", "release"), ("Release", "release"), (" release ", "release"), ("step total", "steps_total"),
        ("version:>9", ""), ("release!r", ""), ("0", ""), ("xyzzy", ""), ("decided-by", "decided_by"),
    ],
)  # fmt: skip
def test_any_other_word_is_an_error_at_its_line(word: str, meant: str) -> None:
    ((line, severity, words),) = found(message(f"> Subject: x\n>\n> On {{{word}}}."), "unknown-name")
    assert (line, severity) == (11, "error")
    assert words.startswith(f"{{{word}}} is no known value")
    assert not meant or f"did you mean {{{meant}}}?" in words


@pytest.mark.parametrize("text", ["{{braced}}", "{{ braced", '{"a": 1}', "{}", "{a, b}", "a { b"])
def test_a_brace_that_is_meant_is_none(text: str) -> None:
    assert found(message(f"> {text}"), "unknown-name") == []


def test_a_title_is_looked_at_where_it_is_the_subject() -> None:
    assert [one[0] for one in found(message("> x", "On {relase}"), "unknown-name")] == [5]
    assert found(message("> Subject: y\n>\n> x", "On {relase}"), "unknown-name") == []


def test_a_name_that_nothing_sets_yet_is_said() -> None:
    ((line, severity, words),) = found(message("> {next_update}"), "not-acted-on")
    assert (line, severity, "{next_update}" in words) == (9, "warning", True)


@pytest.mark.parametrize("affects", ["ledger (Ann)", "ledger (ledger lead)", "all", "Ann", "ledger (Bob, Ann)"])
def test_an_affected_service_is_told_by_name_by_role_or_by_group(affects: str) -> None:
    assert found(message("> x") + PEOPLE, "affected-untold", f"{TOP}- affects: {affects}\n") == []


@pytest.mark.parametrize("affects", ["search (Bob)", "search", "Bob", "reports"])
def test_one_of_which_nobody_gets_a_message_is_found(affects: str) -> None:
    top = f"{TOP}- affects: ledger (Ann), {affects}\n"
    ((line, severity, words),) = found(message("> x") + PEOPLE, "affected-untold", top)
    assert (line, severity) == (4, "warning")
    assert words.startswith(f"nobody of {affects.partition(' (')[0]} gets any message")


def test_every_affects_is_looked_at_each_at_its_line() -> None:
    top = f"{TOP}- affects: ledger (Ann)\n- affects: search (Bob)\n- affects: mail (Bob)\n"
    assert [one[0] for one in found(message("> x") + PEOPLE, "affected-untold", top)] == [5, 6]
    told = message("> x").replace("to: Ann", "to: Ann, search")
    assert found(told + PEOPLE, "affected-untold", top) == []
