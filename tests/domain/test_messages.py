"""Texts for contacts: what is filled in stays text, and everybody is told once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.plan.plan import Contact, Variable
from backout_tui.domain.plan.texts import (
    NAMES,
    fill,
    letter,
    not_known,
    recipients,
    subject_and_body,
    variable_values,
)

CONTACTS = (
    Contact("Release Manager", groups=("stakeholders",)),
    Contact("payments lead", groups=("stakeholders", "Payments")),
    Contact("ledger team", groups=("payments",)),
    Contact("payments"),
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Backing out {release}.", "Backing out payments-api 4.12.0."),
        ("{finish}", "not known yet"),
        ("{outcome}", "not known yet"),
        ("{NAMESPACE} {LATER}", "payments not known yet"),
        ("{unknown} {} { release } {Release} {{", "{unknown} {} { release } {Release} {"),
        ('{{{release} }} {"a": {{"b": 1}}}', '{payments-api 4.12.0 }} {"a": {"b": 1}}'),
        ("{{release}} {{release}", "{release} {release}"),
        ("{release", "{release"),
        ("a {b\n} c", "a {b\n} c"),
        ("{release!r} {release:>5} {0} %s $release", "{release!r} {release:>5} {0} %s $release"),
        ("{operator}", "{release} {finish}"),
    ],
)
def test_names_are_filled_in_and_any_other_brace_is_literal(text: str, filled: str) -> None:
    values = {
        "release": "payments-api 4.12.0",
        "outcome": "  ",
        "NAMESPACE": "payments",
        "LATER": "",
        "operator": "{release} {finish}",
    }
    assert fill(text, values) == filled


@given(st.text(), st.dictionaries(st.sampled_from(NAMES), st.text(st.sampled_from("{}release\\g<1>\n a"))))
def test_values_are_never_looked_at_again(before: str, values: dict[str, str]) -> None:
    """Each is inserted as it is, whatever it holds."""
    plain = before.replace("{", "(").replace("}", ")")
    text = plain.join(f"{{{name}}}" for name in NAMES)
    assert fill(text, values) == plain.join(values.get(name, "").strip() or "not known yet" for name in NAMES)


def test_what_is_not_known_is_listed_once_for_the_preview() -> None:
    assert not_known("{finish} {release} {finish} {x} {outcome}", {"release": "r"}) == ("finish", "outcome")


def test_a_secret_never_leaves_in_a_message() -> None:
    variables = (Variable("TOKEN", "", "secret"), Variable("TAG", "v1"), Variable("NODE", "", "asked at start"))
    values = variable_values(variables, {"TOKEN": "hunter2", "NODE": "n1"})
    assert values == {"TOKEN": "(secret)", "TAG": "v1", "NODE": "n1"}


@pytest.mark.parametrize(
    ("text", "subject", "body"),
    [
        ("Subject: Backing out\n\nWe are.\nNow.", "Backing out", "We are.\nNow."),
        ("\n subject:Backing: out\nWe are.", "Backing: out", "We are."),
        ("Subject:\nWe are.", "Started", "We are."),
        ("We are.\nSubject: no", "Started", "We are.\nSubject: no"),
        ("Subject matters", "Started", "Subject matters"),
        ("Subject: alone", "alone", ""),
        ("", "Started", ""),
    ],
)
def test_a_first_line_may_be_the_subject(text: str, subject: str, body: str) -> None:
    assert subject_and_body(text, "Started") == (subject, body)


def test_every_message_ends_in_the_logs_head() -> None:
    written = letter("Subject: {release}\n\nWe are.\n\n", "Started", {"release": "r 1"}, "12:ab34")
    assert (written.subject, written.body) == ("r 1", "We are.\n\n--\nLog head: 12:ab34\n")
    assert letter("Subject: x", "Started", {}, "1:a").body == "--\nLog head: 1:a\n"


def test_no_value_can_become_a_subject_or_a_header() -> None:
    values = {"release": "Subject: mine\nBcc: x@example.org\r\n\x1b[31m"}
    assert letter("{release}", "Started", values, "1:a").subject == "Started"
    written = letter("Subject: a {release}\nb", "Started", values, "1:a")
    assert written.subject == "a Subject: mine⏎Bcc: x@example.org⏎␛[31m"
    assert "\x1b" not in letter("{release}", "Started", values, "1:a").body


@pytest.mark.parametrize(
    ("to", "names", "unknown"),
    [
        (["stakeholders"], ["Release Manager", "payments lead"], []),
        (["ledger team", "Stakeholders"], ["ledger team", "Release Manager", "payments lead"], []),
        (["release  MANAGER", "stakeholders"], ["Release Manager", "payments lead"], []),
        (["PAYMENTS"], ["payments lead", "ledger team", "payments"], []),
        (["nobody", "ledger team", "nobody", ""], ["ledger team"], ["nobody", ""]),
        ([], [], []),
    ],
)
def test_groups_are_expanded_and_everybody_is_told_once(to: list[str], names: list[str], unknown: list[str]) -> None:
    chosen, missing = recipients(to, CONTACTS)
    assert [contact.name for contact in chosen] == names
    assert list(missing) == unknown
