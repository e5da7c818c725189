"""Sections, tables, variables, messages, and everything around them that must not break the reading."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.plan import Component, Contact, Plan, Variable
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.reading.sections import TITLES, section_of


def rules(plan: Plan) -> list[str]:
    return [remark.rule for remark in plan.remarks]


def test_byte_order_mark_line_ends_tabs_and_front_matter_change_nothing() -> None:
    text = "# T\n- release: a 1\n\n## Steps\n\n### 1. one\n-\towner: Ann\n\n```sh\n\ta\n```\n"
    plain = read_plan(text)
    for other in (f"\ufeff{text}", text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.rstrip("\n")):
        assert read_plan(other) == plain
    with_matter = read_plan(f"---\ntitle: Else\ntags:\n  - a\n---\n{text}")
    assert with_matter == plain
    assert next(with_matter.top_steps()).line == 11


def test_front_matter_gives_the_title_when_no_heading_does() -> None:
    assert read_plan('---\ntitle: "Roll it back"\n---\n\n## Steps\n').title == "Roll it back"


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read_plan("---\nSome words.\n\n---\n").intro == "---\nSome words.\n\n---"


def test_comments_hide_what_stands_in_them() -> None:
    plan = read_plan("# T\n\n<!--\n## Steps\n### 1. no\n{+ x +}\n-->\n\n## Risks\n\nNone.\n")
    assert (plan.parts, plan.remarks) == ((), ())
    assert plan.risks is not None


def test_a_comment_that_never_ends_hides_nothing() -> None:
    plan = read_plan("# T\n\n<!-- oh\n\n## Steps\n\n### 1. yes\n")
    assert [step.title for step in plan.top_steps()] == ["yes"]
    assert rules(plan) == ["unclosed-comment"]


def test_comments_in_headings_are_left_out() -> None:
    assert [step.title for step in read_plan("## Steps <!-- x -->\n### 1. a <!-- b -->\n").top_steps()] == ["a"]


def test_headings_may_be_underlined_but_a_paragraph_above_a_rule_is_none() -> None:
    plan = read_plan("T\n===\n\nRisks\n-----\n\nOne line\nand another\n---\nmore\n")
    assert plan.title == "T"
    assert plan.risks is not None
    assert plan.risks.body == "One line\nand another\n***\nmore"


def test_words_before_and_below_the_title_are_the_introduction() -> None:
    plan = read_plan("Badge.\n\n# T\n- team: x\n\nWords.\n")
    assert (plan.intro, plan.fact("team")) == ("Badge.\n\nWords.", "x")


@pytest.mark.parametrize("section", TITLES)
def test_our_titles_are_known_however_they_are_dressed(section: str) -> None:
    title = TITLES[section]
    for dressed in (
        title,
        title.upper(),
        f"**{title}**",
        f"2. {title}",
        f"{title}:",
        f"{title} (all)",
        f"{title} {{#x}}",
    ):
        assert section_of(dressed) == section


def test_prose_sections_keep_their_words_and_their_bullets() -> None:
    plan = read_plan(
        "## When to back out\n\nIf:\n\n- errors\n  rise\n\n  a lot\n- [ ] or not\n  - nested\n\n### More\n\nx\n"
    )
    assert plan.when is not None
    assert plan.when.items == ("errors rise", "or not")
    assert plan.when.body.startswith("If:\n\n- errors")
    assert plan.when.body.endswith("### More\n\nx")


def test_a_second_section_of_the_same_name_is_kept_and_not_read() -> None:
    plan = read_plan("## Steps\n### 1. a\n## Rollback procedure\n### 1. b\n## Steps\n### 1. c\n")
    assert [step.title for step in plan.top_steps()] == ["a"]
    assert [section.title for section in plan.others] == ["Rollback procedure", "Steps"]
    assert [(one.rule, one.line) for one in plan.remarks if "section" in one.rule] == [
        ("unknown-section", 3),
        ("repeated-section", 5),
    ]


def test_contacts_are_read_by_the_titles_of_their_columns() -> None:
    plan = read_plan(
        "## Contacts\n\n| Role | **Name** | Email | Reach | Groups |\n|---|:--|---|---|---|\n"
        "| lead | Ann \\| Bob | a@x.org | phone:+1 2, pager:7 | all, night |\n| | | | | |\n| dev | Cy |\n"
    )
    assert plan.contacts == (
        Contact("Ann | Bob", "lead", ("all", "night"), reach=("phone:+1 2", "pager:7", "email:a@x.org")),
        Contact("Cy", "dev"),
    )
    assert [one.line for one in plan.contacts] == [5, 7]
    assert [(one.rule, one.line) for one in plan.remarks if one.rule == "table-cells"] == [("table-cells", 7)]


def test_words_around_a_table_are_kept_and_named_by_line() -> None:
    plan = read_plan("# T\n## Contacts\nCall first.\n\n| name |\n|---|\n| Ann |\n\nThen write.\n")
    assert [section.body for section in plan.others] == ["Call first.\n\nThen write."]
    assert [(one.rule, one.line) for one in plan.remarks] == [("not-read", 3), ("not-read", 9)]


def test_a_table_of_something_else_is_no_table_of_contacts() -> None:
    plan = read_plan("## Contacts\n\n| when | what |\n|---|---|\n| now | run |\n")
    assert plan.contacts == ()
    assert plan.others[0].body.startswith("| when")


def test_components_are_read() -> None:
    plan = read_plan("## Components\n\n| component | version | returns to |\n|---|---|---|\n| api | 2 | 1 |\n")
    assert plan.components == (Component("api", "2", "1"),)


@pytest.mark.parametrize(
    ("written", "variable"),
    [
        ("NAME: a value: with colons", Variable("NAME", "a value: with colons")),
        ("`NAME`: x", Variable("NAME", "x")),
        ("NAME:", Variable("NAME")),
        ("NAME (secret)", Variable("NAME", "", "secret")),
        ("NAME: (Secret)", Variable("NAME", "", "secret")),
        ("NAME: v1 (asked at start)", Variable("NAME", "v1", "asked at start")),
        ("NAME: (asked  when needed)", Variable("NAME", "", "asked when needed")),
        ("NAME: (captured by step 1)", Variable("NAME", "", "captured by 1")),
        ("NAME: x (of old)", Variable("NAME", "x (of old)")),
    ],
)
def test_variables_have_a_value_a_flag_or_both(written: str, variable: Variable) -> None:
    assert read_plan(f"## Variables\n- {written}\n").variables == (variable,)


def test_the_value_of_a_secret_never_enters_the_plan() -> None:
    plan = read_plan("## Variables\n- KEY: hunter2 (secret)\n")
    assert plan.variables == (Variable("KEY", "", "secret"),)
    assert "hunter2" not in repr(plan)


def test_a_message_is_its_quote_without_the_marks() -> None:
    plan = read_plan(
        "## Communication\n\n### Started\n- to: all\n\n> Subject: x\n>\n>   indented\nlazy\n>> deeper\n\nA note.\n"
    )
    (message,) = plan.messages
    assert message.text == "Subject: x\n\n  indented\nlazy\n> deeper"
    assert message.notes == "A note."


def test_messages_of_one_title_are_told_apart() -> None:
    plan = read_plan("## Communication\n### Hi\n> a\n### Hi\n> b\n")
    assert [message.title for message in plan.messages] == ["Hi", "Hi (line 4)"]


@pytest.mark.parametrize("when", ["start", "decision", "after 1", "after A1", "after a1", "end", "Decision"])
def test_moments_of_a_message(when: str) -> None:
    plan = read_plan(
        f"# T\n## Steps\n### 1. a\n### Option A: x\n#### A1. b\n## Communication\n### Hi\n- when: {when}\n> x\n"
    )
    assert rules(plan) == []


def test_a_message_that_repeats_is_kept_and_said_to_have_no_effect_yet() -> None:
    plan = read_plan("# T\n## Communication\n### Hi\n- when: every 20 min\n> x\n")
    assert rules(plan) == ["not-acted-on"]


def test_checks_without_letters_get_those_that_no_other_has() -> None:
    plan = read_plan("## Verification\n### one\n### A. two\n### 1. three\n### Check D: four\n")
    assert [(check.letter, check.title) for check in plan.checks] == [
        ("B", "one"),
        ("A", "two"),
        ("C", "three"),
        ("D", "four"),
    ]


def test_a_check_of_a_later_kind_is_kept_and_said_to_have_no_effect_yet() -> None:
    plan = read_plan("# T\n## Verification\n### A. x\n```promql url=MAIN\nup\nexpect: value = 1\n```\n")
    assert plan.checks[0].kind == "promql"
    assert [(one.rule, one.line) for one in plan.remarks] == [("not-acted-on", 3)]


@pytest.mark.parametrize("after", ["1", "1.2", "2.1"])
def test_a_check_comes_after_a_step_a_sub_step_or_one_of_several_fences(after: str) -> None:
    steps = "## Steps\n### 1. a\n```sh\nx\n```\n```sh\ny\n```\n### 2. b\n#### 2.1 c\n"
    plan = read_plan(f"# T\n{steps}## Verification\n### A. x\n- after: {after}\n")
    assert rules(plan) == []


@pytest.mark.parametrize("after", ["9", "1, 2", "step 1", "the end"])
def test_a_check_after_anything_else_is_an_error(after: str) -> None:
    plan = read_plan(f"# T\n## Steps\n### 1. a\n### 2. b\n## Verification\n### A. x\n- after: {after}\n")
    assert rules(plan) == ["unknown-step"]


@pytest.mark.parametrize("waits_for", ["1", "1, 2", "1 and 2", "step 1", "steps 1, 2, and 3"])
def test_a_step_may_wait_for_several(waits_for: str) -> None:
    plan = read_plan(f"# T\n## Steps\n### 1. a\n### 2. b\n### 3. c\n### 4. d\n- waits for: {waits_for}\n")
    assert rules(plan) == []


def test_file_names_stand_where_a_remark_points_elsewhere() -> None:
    text = "# T\n## Steps\n### 1. a\n### 1. b\n"
    assert "line 3" in read_plan(text).remarks[0].message
    assert "night/plan.md:3" in read_plan(text, "night/plan.md").remarks[0].message
