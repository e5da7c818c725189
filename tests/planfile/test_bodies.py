"""Facts, prose, fences and expectations below a heading."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.plan import Plan, Step
from backout_tui.planfile.reading.reader import read_plan


def read(body: str) -> tuple[Step, Plan]:
    plan = read_plan(f"# T\n\n## Steps\n\n### 1. a\n{body}")
    return next(plan.top_steps()), plan


def rules(plan: Plan) -> list[str]:
    return [remark.rule for remark in plan.remarks]


def kinds(step: Step) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in step.blocks]


def test_the_first_bullet_that_is_no_fact_ends_them_also_in_the_same_list() -> None:
    step, _ = read("- owner: Ann\n- estimate: 5 min\n- look at the graph\n- on: host\n")
    assert [fact.key for fact in step.facts] == ["owner", "estimate"]
    assert step.body == "- look at the graph\n- on: host"


def test_facts_may_be_spaced_bold_boxed_and_shouted() -> None:
    step, plan = read("\n* **Owner:** Ann\n\n+ __Estimate__: 5 min\n- [x] ON :  host \n- irreversible\n")
    assert [(fact.key, fact.value) for fact in step.facts] == [
        ("owner", "Ann"),
        ("estimate", "5 min"),
        ("on", "host"),
        ("irreversible", ""),
    ]
    assert rules(plan) == []


def test_a_value_may_go_on_in_an_indented_line_but_not_in_the_words_below() -> None:
    step, _ = read("- if it fails: scale the old set\n  by hand\n- owner: Ann\nThen wait.\n")
    assert step.fact("if it fails") == "scale the old set by hand"
    assert (step.fact("owner"), step.body) == ("Ann", "Then wait.")


def test_facts_are_found_behind_a_comment_which_stays() -> None:
    step, _ = read("<!-- who\nelse -->\n- owner: Ann\n\nWords.\n")
    assert step.fact("owner") == "Ann"
    assert step.body == "<!-- who\nelse -->\n\nWords."


def test_a_fact_of_another_place_is_said_to_belong_there() -> None:
    _, plan = read("- to: everybody\n")
    assert "it belongs to a message" in plan.remarks[0].message


def test_a_bullet_with_a_link_or_a_time_is_no_unknown_fact() -> None:
    _, plan = read("- https://example.org/x\n- 10:30 is too late\n- do this: now\n")
    assert rules(plan) == []


def test_prose_fences_and_expectations_keep_their_order_and_lines() -> None:
    step, _ = read("One.\n\n```sh\na\n```\nExpect: `x`\nTwo.\n\n~~~bash timeout=9\nb\n~~~\n\nExpect: /y/\n")
    assert [(block.kind, block.text, block.line, block.line_end) for block in step.blocks] == [
        ("text", "One.", 6, 6),
        ("fence", "a", 8, 10),
        ("expect", "`x`", 11, 11),
        ("text", "Two.", 12, 12),
        ("fence", "b", 14, 16),
        ("expect", "/y/", 18, 18),
    ]


def test_a_fence_inside_a_list_runs_without_the_lists_indentation() -> None:
    step, _ = read("1. Do:\n\n   ```sh\n   a\n     b\n   ```\n2. Then wait.\n")
    assert kinds(step) == [("text", "1. Do:"), ("fence", "a\n  b"), ("text", "2. Then wait.")]


def test_what_stands_in_a_fence_is_no_structure() -> None:
    step, plan = read("```sh\n# a comment\n## another\n### 2. No step\n- owner: x\nExpect: `no`\n```\n")
    assert len(step.commands[0].text.split("\n")) == 5
    assert step.facts == ()
    assert step.expected == ()
    assert len(list(plan.top_steps())) == 1


def test_a_fence_in_a_quote_is_shown_only() -> None:
    step, _ = read("> ```sh\n> rm -rf /\n> ```\n")
    assert step.commands == ()


@pytest.mark.parametrize("written", ["`x`", "``a`b``", "` `` `", "/x/", "/a/b/", "/^done$/"])
def test_an_expectation_is_a_code_span_or_a_pattern(written: str) -> None:
    step, plan = read(f"```sh\na\n```\nExpect: {written}\n")
    assert step.expected == (written,)
    assert rules(plan) == []


@pytest.mark.parametrize(
    "written", ["x", "`x", "`x` or `y", "`x`.", '"x"', "/x", "//", "/(/", "/x/i", "/a{99999999999}/", ""]
)
def test_an_expectation_in_any_other_shape_is_an_error_and_stays_as_words(written: str) -> None:
    step, plan = read(f"```sh\na\n```\nExpect: {written}\n")
    assert step.expected == ()
    assert step.body == f"Expect: {written}".rstrip() or step.body == f"Expect: {written}"
    assert rules(plan) == ["expect-form"]
    assert "write" in plan.remarks[0].message


def test_an_expectation_in_a_list_is_an_error() -> None:
    step, plan = read("```sh\na\n```\n- Expect: `x`\n")
    assert (step.expected, rules(plan)) == ((), ["expect-form"])


@pytest.mark.parametrize(
    ("text", "numbers", "scripts"),
    [
        ("### 1. a\n```sh\nx\n\n### 2. b\n```sh\ny\n```\n", ["1", "2"], ["x\n", "y"]),
        ("### 1. a\n```sh\nx\n```\n### 2. b\n```sh\ny\n### 3. c\n", ["1", "2", "3"], ["x", "y"]),
        ("### 1. a\n- x\n  ```sh\n  y\n\n### 2. b\n", ["1", "2"], ["y\n"]),
        ("### 1. a\n~~~sh\nx\n# only a comment\n", ["1"], ["x\n# only a comment"]),
    ],
)
def test_an_unclosed_fence_does_not_swallow_the_steps_behind_it(
    text: str, numbers: list[str], scripts: list[str]
) -> None:
    plan = read_plan(f"# T\n## Steps\n{text}")
    assert [step.number for step in plan.top_steps()] == numbers
    assert [fence.text for step in plan.top_steps() for fence in step.commands] == scripts
    assert rules(plan) == ["unclosed-fence"]


def test_a_longer_fence_may_hold_shorter_ones() -> None:
    step, plan = read("````sh\ncat > x.md <<'EOF'\n```sh\ny\n```\nEOF\n````\n")
    assert step.commands[0].text.count("```") == 2
    assert rules(plan) == []


@pytest.mark.parametrize("timeout", ["300", "5m", "90s"])
def test_a_timeout_is_a_number_of_seconds_or_a_span(timeout: str) -> None:
    assert rules(read(f"```sh timeout={timeout}\na\n```\n")[1]) == []


@pytest.mark.parametrize("timeout", ["soon", "0", "-1", "1.5.2", "99999999999", "", "5 min", "300 s"])
def test_any_other_timeout_is_an_error(timeout: str) -> None:
    assert rules(read(f"```sh timeout={timeout}\na\n```\n")[1]) == ["fence-timeout"]


@pytest.mark.parametrize("written", ["5 min", "5-10 min", "1 h 30 min", "90 s", "~ 5 min", "2 to 3 h"])
def test_estimates_are_spans(written: str) -> None:
    assert rules(read(f"- estimate: {written}\n")[1]) == []


@pytest.mark.parametrize("written", ["soon", "5", "9" * 400 + " min", "five minutes"])
def test_an_estimate_that_is_no_span_is_an_error(written: str) -> None:
    assert rules(read(f"- estimate: {written}\n")[1]) == ["estimate-form"]
