"""Judging takes time in proportion to the plan, however many people and messages it names."""

from __future__ import annotations

import time

from backout_tui.domain.checking.check import found_in
from backout_tui.planfile.reading.reader import read_plan

_HEAD = "# Backout plan: web 2.0\n\n- release: web 2.0\n\n## Steps\n### 1. Go back\n\n```sh\ntrue\n```\n\n"


def seconds(text: str) -> float:
    """The processor time of one judgement; not the clock's, since tests share their machine."""
    plan = read_plan(text)
    start = time.process_time()
    found_in(plan, text)
    return time.process_time() - start


def contacts(many: int) -> str:
    """A table in which each person is of one of fifty groups, with a role that stands in a cell of its own."""
    rows = "".join(f"|p{at}|developer|g{at % 50}|||\n" for at in range(many))
    return f"## Contacts\n\n| name | role | groups | zone | quiet | reach |\n|---|---|---|---|---|---|\n{rows}"


def test_ten_thousand_contacts_are_judged_in_a_moment() -> None:
    assert seconds(_HEAD + contacts(10_000)) < 4


def test_so_are_messages_to_all_their_groups() -> None:
    told = "".join(f"### Word {at}\n- to: g{at % 50}, p{at}, nobody {at}\n\n> text\n\n" for at in range(3_000))
    assert seconds(f"{_HEAD}## Communication\n\n{told}{contacts(10_000)}") < 6


def test_so_are_facts_that_go_on_in_a_second_line() -> None:
    steps = "".join(f"### {at}. Go back\n- owner: somebody\n  of team {at}\n\n" for at in range(1, 5_000))
    assert seconds(f"# T\n\n## Steps\n{steps}") < 6
