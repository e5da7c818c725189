"""Which plans are offered for a release: the nearest first, each with the reason."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.nearness import (
    AFFECTS_IT,
    SAME_SERVICE,
    SAME_TEAM,
    SIMILAR_SERVICE,
    THIS_RELEASE,
    Sought,
    are_similar,
    ranked,
    version_key,
    with_team,
)
from backout_tui.domain.plan.plan_line import PlanHead

PAYMENTS = Sought("payments-api", "4.12.0", "production", "payments")


def head(number: int, release: str, environment: str = "production", team: str = "") -> PlanHead:
    name, _, version = release.partition(" ")
    return PlanHead(number, name, version, environment, team, 1)


def near(*plans: PlanHead, sought: Sought = PAYMENTS, affecting: tuple[int, ...] = ()) -> list[tuple[int, str]]:
    return [(plan.id, reason) for plan, reason in ranked(plans, sought, affecting)]


def test_the_same_service_stands_before_the_team_and_the_team_before_similar_services() -> None:
    plans = (
        head(1, "search 1.0"),
        head(2, "payments-batch 1.0"),
        head(3, "ledger 2.0", team="Payments"),
        head(4, "mailer 2.0"),
        head(5, "Payments-API 4.11.0"),
        head(6, "payments-api 4.12.0"),
    )
    assert near(*plans, affecting=(4,)) == [
        (6, THIS_RELEASE), (5, SAME_SERVICE), (3, SAME_TEAM), (2, SIMILAR_SERVICE), (4, AFFECTS_IT),
    ]  # fmt: skip


def test_of_one_service_the_newest_version_stands_first_and_in_it_the_same_environment() -> None:
    plans = (
        head(1, "payments-api 4.9.0"),
        head(2, "payments-api 4.10.0", "staging"),
        head(3, "payments-api 4.10.0"),
        head(4, "payments-api 4.10.0", "test"),
        head(5, "payments-api 4.10.0-rc2"),
    )
    assert [number for number, _ in near(*plans)] == [3, 4, 2, 5, 1]


def test_the_same_release_elsewhere_is_not_this_release_but_any_place_will_do_when_none_is_named() -> None:
    plan = head(1, "payments-api 4.12.0", "staging")
    assert near(plan) == [(1, SAME_SERVICE)]
    assert near(plan, sought=Sought("payments-api", "4.12.0")) == [(1, THIS_RELEASE)]
    assert near(plan, sought=Sought("payments-api")) == [(1, SAME_SERVICE)]


def test_of_another_service_only_the_newest_plan_in_each_environment_is_near() -> None:
    plans = (
        head(1, "payments-batch 1.9"),
        head(2, "payments-batch 1.10"),
        head(3, "payments-batch 1.8", "staging"),
    )
    assert [number for number, _ in near(*plans)] == [2, 3]


def test_without_a_team_the_services_own_is_taken() -> None:
    plans = (head(1, "payments-api 4.11.0", team="core"), head(2, "search 1.0", team="core"))
    sought = Sought("payments-api", "4.12.0")
    older = head(3, "payments-api 4.9.0", team="old core")
    assert near(*plans, sought=with_team(sought, (*plans, older))) == [(1, SAME_SERVICE), (2, SAME_TEAM)]
    assert with_team(PAYMENTS, plans) == PAYMENTS
    assert with_team(sought, [head(4, "search 1.0", team="core")]) == sought


def test_of_a_teams_services_the_similar_ones_stand_first() -> None:
    plans = (head(1, "payments-batch 1.0", team="payments"), head(2, "search 9.0", team="payments"))
    assert [number for number, _ in near(*plans)] == [1, 2]


def test_a_plan_without_a_name_is_near_nothing() -> None:
    assert near(head(1, " "), sought=Sought("")) == []


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("payments-api", "payments_batch", True),
        ("payments-api", "PAYMENTS/web", True),
        ("ledger", "ledgers", True),
        ("payments-api", "search-api", False),
        ("web", "web", True),
        ("web", "web_admin", True),
        ("web", "api", False),
        ("ledger", "search", False),
    ],
)
def test_similar_is_what_shares_a_telling_word_or_is_nearly_the_same(one: str, other: str, similar: bool) -> None:
    assert are_similar(one, other) is similar
    assert are_similar(other, one) is similar


def test_versions_go_by_their_numbers_and_after_their_own_pre_releases() -> None:
    versions = ["", "1.0-rc1", "1.0-rc2", "1.0", "1.0.1", "v1.9", "1.10", "2026-11-18", "9" * 5000]
    backwards = versions[::-1]
    assert sorted(backwards, key=version_key) == versions
