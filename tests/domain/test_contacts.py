"""The people whom a plan only mentions: found by name and by group, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from backout_tui.domain.plan.authorisers import authorisers, may_authorise
from backout_tui.domain.plan.mentioned import mentioned, with_contacts
from backout_tui.domain.plan.plan import Contact, Fact, Message, Part, Plan, Step
from backout_tui.domain.plan.texts import recipients
from tests.campaigns.counts import examples
from tests.planfile.plans import plans
from tests.sample_plan import facts

RM = Contact("Release Manager", "authoriser", ("stakeholders",), "Europe/London", "22:00-07:00", ("email:rm@x.org",))
LEAD = Contact("payments lead", "development", ("stakeholders", "payments"), "UTC", "", ("email:lead@x.org",))
OTHER = Contact("somebody else", "", ("others",), "", "", ("email:other@x.org",))
KNOWN = (OTHER, RM, LEAD)


def names(plan: Plan, known: tuple[Contact, ...] = KNOWN) -> list[str]:
    """Who is in it once it is resolved."""
    return [one.name for one in with_contacts(plan, known).contacts]


def telling(*to: str, contacts: tuple[Contact, ...] = ()) -> Plan:
    """A plan with one message to these."""
    return Plan(messages=(Message("Started", facts(to=", ".join(to))),), contacts=contacts)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(facts=facts(authoriser=" payments  LEAD ")),
        Plan(facts=facts(proxy="Payments Lead after 10 min")),
        Plan(facts=facts(performer="payments lead, within 10 min")),
        Plan(facts=(Fact("affects", "search"), Fact("affects", "ledger (payments lead), billing"))),
        Plan(parts=(Part("", "", (Step("1", "x", facts(owner="sam, payments lead")),)),)),
        Plan(parts=(Part("", "", (Step("1", "x", children=(Step("1.1", "y", facts(owner="payments lead")),)),)),)),
        Plan(parts=(Part("option", "A", (), facts(owner="payments lead")),)),
        telling("payments lead", "nobody"),
        telling("PAYMENTS"),
    ],
    ids=["authoriser", "proxy", "performer", "affects", "owner", "owner below", "owner of an option", "to", "group"],
)
def test_whom_the_plan_mentions_is_found_whatever_the_case_and_the_spacing(plan: Plan) -> None:
    found = with_contacts(plan, KNOWN).contacts
    assert found == (LEAD,)


def test_a_group_brings_in_all_its_members_and_everybody_once() -> None:
    plan = telling("stakeholders", "release manager")
    assert names(plan) == ["Release Manager", "payments lead"]


@pytest.mark.parametrize(
    "plan",
    [
        Plan(),
        Plan(title="payments lead", intro="Call the payments lead."),
        Plan(facts=facts(performer="sam, payments lead", team="payments", authoriser="", proxy="after 10 min")),
        telling("payments lead's deputy"),
        Plan(parts=(Part("", "", (Step("1", "Ask the payments lead"),)),)),
    ],
)
def test_whom_it_does_not_mention_by_a_name_stays_away(plan: Plan) -> None:
    assert names(plan) == []


def test_the_plans_own_row_goes_first_cell_by_cell() -> None:
    own = Contact("release manager", zone="Asia/Tokyo", reach=("phone:+44 20 7946 0000",), line=40)
    plan = Plan(facts=facts(authoriser="release manager"), contacts=(own,))
    (filled,) = with_contacts(plan, KNOWN).contacts
    assert filled == Contact(
        "release manager", "authoriser", ("stakeholders",), "Asia/Tokyo", "22:00-07:00", ("phone:+44 20 7946 0000",)
    )
    assert filled.line == 40
    assert with_contacts(Plan(contacts=(Contact("payments  Lead"),)), KNOWN).contacts[0].reach == LEAD.reach


def test_a_name_that_the_plans_own_table_gives_somebody_is_looked_up_nowhere_else() -> None:
    """Its stakeholders are those that were approved with it."""
    own = Contact("sam", groups=("Stakeholders",))
    assert names(telling("stakeholders", contacts=(own,))) == ["sam"]
    assert names(telling("stakeholders", "payments", contacts=(own,))) == ["sam", "payments lead"]


def test_a_row_that_is_filled_up_is_in_its_group_and_is_not_added_again() -> None:
    plan = with_contacts(telling("stakeholders", contacts=(Contact("release manager"),)), KNOWN)
    people, unknown = recipients(("stakeholders",), plan.contacts)
    assert ([one.name for one in people], unknown) == (["release manager", "payments lead"], ())


def test_only_the_plan_says_who_authorises() -> None:
    """The file lies in the operator's own folder: nobody makes themselves the authoriser there."""
    sam = Contact("sam", "Authoriser of everything", ("stakeholders",))
    anybody = with_contacts(telling("stakeholders"), (sam, RM))
    assert authorisers(anybody) == ()
    named = Plan(facts=facts(authoriser="release manager"), contacts=(Contact("sam"),))
    found = with_contacts(named, (sam, RM))
    assert [(one.name, one.role) for one in found.contacts] == [("sam", ""), ("Release Manager", "authoriser")]
    assert not may_authorise(found, "sam")
    assert may_authorise(found, "release manager")


@settings(max_examples=examples(few=25))
@given(plans())
def test_nothing_but_the_contacts_becomes_another(plan: Plan) -> None:
    """And it is the same to resolve a plan twice."""
    known = tuple(Contact(name, groups=("x",), reach=("email:a@x.org",)) for name in mentioned(plan)[:2])
    found = with_contacts(plan, known)
    assert [one.name for one in found.contacts[: len(plan.contacts)]] == [one.name for one in plan.contacts]
    assert with_contacts(found, known) == found
    assert with_contacts(plan, ()) == plan
    assert {one.name for one in found.contacts} <= {one.name for one in (*plan.contacts, *known)}
