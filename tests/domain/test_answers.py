"""From answers to a plan: what was said is there, what was not is open, and nothing that is typed becomes structure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.plan.answers import plan_of
from backout_tui.domain.plan.plan import Block, Contact, Fact, Plan
from backout_tui.domain.plan.questionnaire import BLANKS, PAGES, release_complaint
from backout_tui.domain.plan.readiness import questions
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples

EXAMPLES = {name: "\n".join(blank.example) for name, blank in BLANKS.items()}
ANSWERED_BY = {
    "Q1": ("when", "success"),
    "Q2": ("window",),
    "Q3": ("authoriser",),
    "Q4": ("performer",),
    "Q5": ("steps",),
    "Q6": ("if-it-fails",),
    "Q7": ("expected-time", "steps"),  # each step of the example has its time
    "Q8": ("message-to",),
    "Q9": ("rehearsals",),
}
HOSTILE = [
    *("# x", "## Steps", "### 2. Drop", "#", "> quote", "```", "```sh", "~~~", "---", "===", "* * *", "<!-- x -->"),
    *("<!--", "-->", "| a | b |", "|---|", "- x", "- [ ] box", "[x] box", "1. one", "2)", "\\", "\\#", "`a`", "``"),
    *(
        "\x1b[31mred\x1b[0m",
        "\x9b6n",
        "\x00",
        "\u202egnp",
        "\u2028",
        "\t",
        "    code",
        "$ rm -rf x",
        "$",
        "$ ",
        "$ ```",
    ),
    *("expect: x", "Expect: `", "expect: /(/", "expect: /a/", "expect: <!-- x -->", "(5 min)", "x (soon)", "x (9 min)"),
    *("TBD", "<name>", "none", "{+ x +}", "- owner: nobody", "- to: all", "<b>", "</b>", "Step 4: x", "A. x", "#hash"),
    *("a, b", "a after b", "a, within 5 min", "x (y)", "x (y) (z)", "a|b", "a\\|b", "## Steps ##", "x #", "", " "),
]
PIECES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
ANSWERS = st.dictionaries(
    st.sampled_from(sorted(BLANKS)),
    st.builds("\n".join, st.lists(st.one_of(PIECES, st.builds("".join, st.lists(PIECES, max_size=3))), max_size=4)),
)


def answered(plan: Plan) -> set[str]:
    return {question.id for question in questions(plan) if question.answered}


def titles(plan: Plan) -> list[str]:
    return [f"{step.number}. {step.title}" for step in plan.top_steps()]


@settings(max_examples=examples(few=50))
@given(ANSWERS)
def test_the_plan_of_any_answers_is_read_as_it_was_written(answers: dict[str, str]) -> None:
    plan = plan_of(answers)
    read = read_plan(write_plan(plan))
    assert read == plan
    assert answered(read) == answered(plan)
    assert not plan.others


@given(st.sets(st.sampled_from(sorted(BLANKS))))
def test_exactly_what_was_said_is_answered(named: set[str]) -> None:
    plan = plan_of({name: EXAMPLES[name] for name in named})
    assert answered(plan) == {one for one, names in ANSWERED_BY.items() if named.intersection(names)}


def test_nothing_is_invented_where_nothing_was_said() -> None:
    assert plan_of({}) == Plan(title="Backout plan")
    assert plan_of(dict.fromkeys(BLANKS, " \n ")) == Plan(title="Backout plan")


@given(st.sampled_from(sorted(BLANKS)), st.text(st.characters(categories=["L", "N"]), min_size=12, max_size=20))
def test_every_word_that_is_typed_stands_in_the_plan(name: str, word: str) -> None:
    text = write_plan(plan_of({name: f"{word} {word}x\n{word}y"}))
    assert all(one in text for one in (f"{word} {word}x", f"{word}y"))


def test_the_examples_make_a_whole_plan() -> None:
    plan = plan_of(EXAMPLES)
    assert answered(plan) == set(ANSWERED_BY)
    assert plan.release == ("payments-api", "4.12.0")
    assert [(step.title, step.fact("estimate")) for step in plan.top_steps()] == [
        ("Freeze deployments", "2 min"),
        ("Roll the deployment back", "5 min"),
    ]
    assert [check.kind for check in plan.checks] == ["command"]
    assert [(one.name, one.role) for one in plan.contacts] == [
        ("release manager", "authoriser"),
        ("payments lead", "proxy"),
        ("deployment engineer", "performer"),
        ("ledger team", "ledger"),
    ]


def test_steps_are_numbered_and_take_their_commands_and_expectations_with_them() -> None:
    plan = plan_of(
        {"steps": "1. Freeze\nRoll back (5-8 min)\n$ cd /srv\n$ ./undo  'a  b'\nexpect: done\n$ ./more\nLook"}
    )
    assert titles(plan) == ["1. Freeze", "2. Roll back", "3. Look"]
    second = list(plan.top_steps())[1]
    assert second.facts == (Fact("estimate", "5-8 min"),)
    assert second.blocks == (
        Block("fence", "cd /srv\n./undo  'a  b'", "sh"),
        Block("expect", "`done`"),
        Block("fence", "./more", "sh"),
    )


def test_a_command_above_every_step_is_a_step_of_its_own_words() -> None:
    plan = plan_of({"steps": "$\n$ ./undo\nexpect: ok\nLook"})
    assert titles(plan) == ["1. ./undo", "2. Look"]
    assert next(plan.top_steps()).blocks == (Block("fence", "./undo", "sh"), Block("expect", "`ok`"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("rolled out", "`rolled out`"),
        ("`rolled out`", "`rolled out`"),
        ("/^done$/", "/^done$/"),
        ("/(/", "`/(/`"),
        ("a `b` c", "``a `b` c``"),
        ("`b", "`` `b ``"),
    ],
)
def test_an_expectation_is_a_literal_unless_it_is_a_pattern(typed: str, kept: str) -> None:
    plan = plan_of({"steps": f"Undo\n$ ./undo\nexpect: {typed}"})
    assert [step.expected for step in plan.top_steps()] == [(kept,)]


def test_checks_get_letters_and_a_time_in_them_is_only_words() -> None:
    plan = plan_of({"checks": "Errors are gone (5 min)\n$ ./errors\nexpect: 0\nTen charges agree"})
    assert [(check.letter, check.title, check.kind) for check in plan.checks] == [
        ("A", "Errors are gone (5 min)", "command"),
        ("B", "Ten charges agree", "manual"),
    ]


def test_a_line_that_looks_like_markdown_says_what_it_said() -> None:
    plan = plan_of({"when": "- errors\n# ## Steps\n> 2 % of them\n1. 2. three\n[x] box\nTBD\n---"})
    assert plan.when is not None
    assert plan.when.items == ("errors", "\\# ## Steps", "\\> 2 % of them", "2\\. three", "\\[x] box")
    assert read_plan(write_plan(plan)).parts == ()


def test_a_person_with_two_parts_is_one_contact_and_groups_of_names_are_several() -> None:
    plan = plan_of({
        "authoriser": "Ann", "proxy": "Bob after 10 min", "performer": "ann within 5 min", "message-to": "Cem, ANN",
    })  # fmt: skip
    assert plan.contacts == (Contact("Ann", "authoriser, performer"), Contact("Bob", "proxy"), Contact("Cem"))


def test_a_message_keeps_its_lines_and_its_braces() -> None:
    (message,) = plan_of({"message-text": "\nSubject: {release}\n\n# not a heading \n"}).messages
    assert message.text == "Subject: {release}\n\n# not a heading"
    assert (message.to, message.by) == ((), "email")


def test_every_question_is_asked_with_a_reason_and_an_example() -> None:
    assert [page.id for page in PAGES] == ["", *ANSWERED_BY]
    assert all(page.why.endswith(".") and page.text.endswith("?") for page in PAGES)
    assert all(blank.example and (blank.several or len(blank.example) == 1) for blank in BLANKS.values())
    assert sum(len(page.blanks) for page in PAGES) == len(BLANKS)


@pytest.mark.parametrize(("release", "fine"), [("web 2.0", True), ("web shop 2.0", True), ("web", False), (" ", False)])
def test_a_release_has_a_name_and_a_version(release: str, fine: bool) -> None:
    assert (release_complaint(release) == "") is fine
