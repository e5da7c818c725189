"""What a copy still says of the other release: its version is an error, all else is asked about once."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.backout.payloads.plan_payloads import Source
from backout_tui.domain.checking.check import placed_passages
from backout_tui.domain.checking.copies.copied import CopiedPlan, CopiedWord, copied_words, leftovers, warnings
from backout_tui.domain.checking.copies.inherited import Inherited
from backout_tui.domain.checking.passages import passages
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import concerned, items_of
from backout_tui.planfile.reading.reader import read_plan
from tests.campaigns.counts import examples

SOURCE = Source(1, 1, "0" * 64, "orders-api", "2.7.0", "2.6.4")
TOP = "# Backout plan: orders-api 2.8.0\n\n- release: orders-api 2.8.0\n- returns to: 2.7.0\n- authoriser: Kim\n\n"
PLACES = {
    "criterion": "## When to back out\n- slower than {}\n",
    "success": "## When the release is a success\n- {} is quiet\n",
    "before": "## Before you start\n- {} is what runs\n",
    "risk": "## Risks\n- {} writes a column\n",
    "variable": "## Variables\n- TAG: {}\n",
    "step title": "## Steps\n### 1. Take {} out\n",
    "step fact": "## Steps\n### 1. Go\n- if it fails: start {} again\n",
    "prose": "## Steps\n### 1. Go\nWait until {} is gone.\n",
    "command": "## Steps\n### 1. Go\n```sh\n./stop --now {}\n```\n",
    "expectation": "## Steps\n### 1. Go\n```sh\nx\n```\nExpect: `stopped {}`\n",
    "check": "## Verification\n### A. It is not {}\nLook.\n",
    "contingency": "## If the backout fails\nStop {} by hand.\n",
    "after": "## After the backout\n- delete {}\n",
    "message": "## Communication\n### Hi\n- to: Kim\n> taking orders-api {} back\n",
    "anything else": "## Notes\nAs {} was.\n",
}


def copied(was: str, now: str | None = None, services: tuple[str, ...] = ()) -> tuple[CopiedPlan, str]:
    """A plan that said `was` when it was copied, and says `now`."""
    text = f"{TOP}{was if now is None else now}"
    return CopiedPlan(read_plan(text), read_plan(f"{TOP}{was}"), SOURCE, services), text


def left(was: str, now: str | None = None) -> list[int]:
    """The lines with a leftover."""
    copy, text = copied(was, now)
    return [one.line for one in leftovers(copy, placed_passages(copy.plan, text))]


def asked(was: str, now: str | None = None, services: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The rule and the text of each word that is asked about."""
    copy, text = copied(was, now, services)
    words: list[CopiedWord] = list(copied_words(copy, placed_passages(copy.plan, text)))
    return [(one.rule.removeprefix("copied-"), one.text) for one in words]


@pytest.mark.parametrize("place", PLACES)
def test_the_sources_version_is_found_wherever_it_stands_unchanged_although_it_is_the_one_to_return_to(
    place: str,
) -> None:
    said = PLACES[place].format("2.7.0")
    assert len(left(said)) == 1
    assert left(said, PLACES[place].format("2.8.0")) == []


def test_what_was_written_for_this_release_may_name_what_it_returns_to() -> None:
    was = "## Steps\n### 1. Go\nTake the pods to 2.6.4, one by one.\n"
    assert left(was, was.replace("2.6.4", "2.7.0")) == []


def test_a_sentence_that_was_changed_elsewhere_still_holds_the_leftover() -> None:
    was = "## Steps\n### 1. Go\nTell Ann that orders-api 2.7.0 goes, and wait.\n"
    assert len(left(was, was.replace("Ann", "Kim").replace("wait", "wait for her answer"))) == 1


def test_one_neighbour_that_stayed_is_enough_unless_it_is_a_word_like_to() -> None:
    was = (
        "## Steps\n### 1. Go\nTell Ann that orders-api 2.7.0 goes.\nBack to 2.6.4 then.\nAs close to 2.7.0 as can be.\n"
    )
    assert len(left(was, was.replace("goes", "stops"))) == 2
    assert len(left(was, was.replace("2.6.4 then", "2.7.0 now"))) == 2
    assert len(left(was, was.replace("that orders-api 2.7.0 goes", "of orders_api 2.7.0 now"))) == 1


def test_a_leftover_survives_another_line_break_and_another_place() -> None:
    was = "## Steps\n### 1. Go\nTell Ann that orders-api\n2.7.0 goes.\n### 2. End\n"
    now = "## Steps\n### 1. Begin\n### 2. Go\nTell Ann that orders-api 2.7.0\ngoes.\n"
    assert len(left(was, now)) == 1


def test_the_same_version_for_another_environment_is_no_leftover() -> None:
    text = f"{TOP}{PLACES['prose'].format('2.7.0')}".replace("2.8.0", "2.7.0").replace("to: 2.7.0", "to: 2.6.4")
    plan = read_plan(text)
    assert list(leftovers(CopiedPlan(plan, plan, SOURCE), placed_passages(plan, text))) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("drop orders_2_7_0", [("version", "2_7_0")]),
        ("kubectl delete cm orders-2-7", [("version", "2-7")]),
        ("git checkout release-2.7", [("version", "2.7")]),
        ("./undo orders27", [("version", "27")]),
        ("./undo 27", [("version", "27")]),
        ("./undo orders_264", [("version", "264")]),
        ("open CHG-4711", [("ticket", "CHG-4711")]),
        ("open OPS-12 INC0012345", [("ticket", "OPS-12"), ("ticket", "INC0012345")]),
        ("git revert 3fa9c1d", [("digest", "3fa9c1d")]),
        ("docker pull orders@sha256:0123456789abcdef", [("digest", "sha256:0123456789abcdef")]),
        ("kubectl rollout undo deployment/orders --to-revision=41", [("revision", "--to-revision=41")]),
        ("helm rollback orders 41", [("revision", "helm rollback orders 41")]),
        ("./migrate down V42__add_column.sql", [("migration", "V42__add_column")]),
        ("psql -f 0042_add_column.sql", [("migration", "0042_add_column")]),
        ("rake db:migrate VERSION=20261001120000", [("migration", "20261001120000")]),
        ("ssh ops@db-1 uptime", [("host", "db-1")]),
        ("curl https://orders.example.org/health", [("host", "orders.example.org")]),
        ("ping 10.20.30.40", [("host", "10.20.30.40")]),
        ("ssh bastion uptime", [("host", "bastion")]),
        ("psql -h ordersdb -c 'select 1'", [("host", "ordersdb")]),
        ("scp a.sql ops@store1:/tmp", [("host", "store1")]),
        ("docker pull orders:main-3fa9c1d", [("digest", "3fa9c1d")]),
        ("flyway -target=42 undo", [("migration", "42")]),
        ("alembic downgrade 1a2b3c4d5e6f", [("digest", "1a2b3c4d5e6f")]),
    ],
)
def test_what_belongs_to_one_release_is_asked_about_in_a_command(script: str, said: list[tuple[str, str]]) -> None:
    assert asked(PLACES["command"].replace("./stop --now {}", script)) == said


@pytest.mark.parametrize(
    "script",
    [
        "sleep 27", "docker run nginx:1.25.3", "uname -r | grep 5.15", "python3.11 -m orders", "curl localhost:8080",
        "echo utf-8 sha-256 step-1", "./run.sh backup.py", "gunzip a.sql.gz", "echo 12:27", "x --ratio=2.75",
        'kubectl -n "$NAMESPACE" get pods', "psql -c 'select 1'", "echo 27%", "./stop --now 2.8.0",
        "jq .data.id x.json", "pip install vendor==3.9.18", "echo node.id", "helm upgrade orders --timeout 300",
        "kubectl rollout undo deployment/orders",
    ],
)  # fmt: skip
def test_nothing_that_only_looks_so_is_asked_about(script: str) -> None:
    assert asked(PLACES["command"].replace("./stop --now {}", script)) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Ask Maria before it.", [("person", "Maria")]),
        ("Tell Ann Lee, then go.", [("person", "Ann Lee")]),
        ("Maria knows the index.", [("person", "Maria")]),
        ("Write to @maria first.", [("person", "@maria")]),
        ("Ask Kim before it.", []),
        ("Ask Grafana, or call Support.", []),
        ("Call Clement Evans.", [("person", "Clement Evans")]),
        ("Call Project Management, then the Service Desk; tell Configuration Manager.", []),
        ("Version 1.7.0.2 of it.", []),
        ("See [this](#backout-procedures-1).", []),
        ("It was on 12 October 2026.", [("date", "12 October 2026")]),
        ("It was on 2026-10-12, at noon.", [("date", "2026-10-12")]),
        ("As in 2.7 before.", [("version", "2.7")]),
        ("It takes 2.7 s, and 27 s at worst.", []),
        ("It needs Redis 2.7, as before.", []),
    ],
)
def test_in_prose_people_and_days_are_asked_about_as_well(words: str, said: list[tuple[str, str]]) -> None:
    assert asked(f"## Steps\n### 1. Go\n{words}\n") == said


def test_other_services_are_asked_about_and_a_plain_word_only_where_it_is_no_english() -> None:
    said = "## Steps\n### 1. Go\nSearch is slow; payments-api waits.\n\n```sh\nrestart search\n```\n"
    assert asked(said, services=("payments-api", "search", "orders-api")) == [
        ("service", "payments-api"),
        ("service", "search"),
    ]


def test_the_service_that_the_plan_was_copied_from_is_asked_about_in_words_as_well() -> None:
    text = f"{TOP}## Steps\n### 1. Go\nPayments is slow.\n"
    plan = read_plan(text)
    copy = CopiedPlan(plan, plan, Source(1, 1, "0" * 64, "payments", "3.0.0", "2.9.0"))
    words = list(copied_words(copy, placed_passages(plan, text)))
    assert [(one.rule, one.text) for one in words] == [("copied-service", "payments")]


def test_what_was_written_since_the_copy_is_not_asked_about() -> None:
    was = PLACES["command"].replace("./stop --now {}", "./undo CHG-1000")
    assert asked(was, was.replace("CHG-1000", "CHG-2000")) == []


def test_one_text_is_one_question_wherever_it_stands_and_another_text_asks_anew() -> None:
    said = "## Steps\n### 1. Go\nSee CHG-4711.\n### 2. Stop\nSee CHG-4711 again.\n"
    copy, text = copied(said)
    (one,) = warnings(copied_words(copy, placed_passages(copy.plan, text)))
    assert (one.label, one.lines) == ("warning 1", ("step 1: See CHG-4711.", "step 2: See CHG-4711 again."))
    copy, text = copied(said, said.replace("again", "and again"))
    (other,) = warnings(copied_words(copy, placed_passages(copy.plan, text)))
    assert (other.key, other.hash != one.hash) == (one.key, True)


WORDS = st.sampled_from(
    [
        "stop",
        "the",
        "pods",
        "to",
        "of",
        "web",
        "then",
        "2.7.0",
        "2.6.4",
        "2.8.0",
        "CHG-4711",
        "db-1",
        "v2.7.0",
        "`2.7.0`",
    ]
)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=5).map("\n".join)


def _plan(body: str) -> Plan:
    return read_plan(f"{TOP}## Steps\n\n### 1. Go\n\n{body}\n")


@settings(max_examples=examples())
@given(TEXTS)
def test_in_any_copy_every_line_with_the_sources_version_is_told(body: str) -> None:
    copy = CopiedPlan(_plan(body), _plan(body), SOURCE)
    told = list(leftovers(copy, placed_passages(copy.plan, f"{TOP}## Steps\n\n### 1. Go\n\n{body}\n")))
    assert len(told) == sum("2.7.0" in line for line in body.split("\n"))


@settings(max_examples=examples())
@given(TEXTS, TEXTS)
def test_nothing_is_told_that_the_copy_does_not_say_and_its_source_did_not(was: str, now: str) -> None:
    copy = CopiedPlan(_plan(now), _plan(was), SOURCE)
    words = list(copied_words(copy, passages(copy.plan)))
    assert all(one.text in now and one.text in was for one in words)
    assert len({(one.item, one.text) for one in words}) == len(words)
    if "2.7.0" not in was:
        assert not list(leftovers(copy, passages(copy.plan)))


@settings(max_examples=examples())
@given(TEXTS)
def test_every_word_of_an_unchanged_text_is_inherited(body: str) -> None:
    plan = _plan(body)
    inherited = Inherited(passages(plan))
    for passage in passages(plan):
        assert all(" ".join(kept.split()) == " ".join(line.split()) for _, line, kept in inherited.lines(passage))


ITEMS = [place for place in PLACES if place not in ("before", "after", "anything else")]


@settings(max_examples=examples())
@given(st.sets(st.sampled_from(ITEMS)), st.randoms(use_true_random=False))
def test_in_any_copy_every_item_that_holds_the_sources_version_has_an_error_of_its_own(
    holding: set[str], random: Random
) -> None:
    """Which is what keeps it from being confirmed unseen, whatever kind of item it is."""
    bodies: dict[str, list[str]] = {}
    for place in ITEMS:
        heading, _, body = PLACES[place].format("2.7.0" if place in holding else "9").partition("\n")
        bodies.setdefault(heading, []).append(body)
    for number, step in enumerate(bodies["## Steps"], start=1):
        bodies["## Steps"][number - 1] = step.replace("### 1. ", f"### {number}. Number {number}: ")
    sections = [f"{heading}\n{''.join(body)}" for heading, body in bodies.items()]
    random.shuffle(sections)
    said = "\n".join(sections)
    copy, text = copied(said)
    items = items_of(copy.plan)
    found = list(leftovers(copy, placed_passages(copy.plan, text)))
    told = {item.key for one in found if (item := concerned(items, one.item, one.line)) is not None}
    for item in items:
        words = item.lines if item.kind == "command" else (item.title, *item.lines)
        assert "2.7.0" not in " ".join(words) or item.key in told, item.label
    assert len(found) == len(holding)
