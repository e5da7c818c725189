"""`contacts.toml`: what it may hold, and what a mistake in it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from backout_tui.contacts_file import read_contacts
from backout_tui.domain.plan.plan import Contact
from backout_tui.errors import BackoutError
from backout_tui.settings import Settings

WHOLE = """\
# people of all plans

[[contact]]
name = "release manager"
role = "authoriser"
groups = ["stakeholders", "on call"]
zone = "Europe/London"
quiet = "22:00-07:00"
reach = ["email:rm@example.org", "phone:+44 20 7946 0000"]

[[contact]]
name = "ledger team"
groups = "stakeholders, ledger"
reach = "email:ledger@example.org, slack:#ledger"

["payments lead"]
email = "lead@example.org"
phone = ["+44 20 7946 0001", "+44 20 7946 0002"]
pager = "4711"

[sam]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contacts.toml"


def read(file: Path, text: str) -> tuple[Contact, ...]:
    """The contacts that `text` makes."""
    file.write_text(text, encoding="utf-8")
    return read_contacts(Settings(path=file.with_name("config.toml")))


def test_everything_that_is_written_is_read(file: Path) -> None:
    assert read(file, WHOLE) == (
        Contact(
            "release manager", "authoriser", ("stakeholders", "on call"), "Europe/London", "22:00-07:00",
            ("email:rm@example.org", "phone:+44 20 7946 0000"),
        ),
        Contact(
            "ledger team", groups=("stakeholders", "ledger"), reach=("email:ledger@example.org", "slack:#ledger")
        ),
        Contact(
            "payments lead",
            reach=("email:lead@example.org", "phone:+44 20 7946 0001", "phone:+44 20 7946 0002", "pager:4711"),
        ),
        Contact("sam"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ['[[contacts]]\nname = "kim"', '[contact]\nname = "kim"', "[kim]", '["kim"]', "['kim']", '[k]\nname = " kim "'],
)
def test_a_contact_bears_its_name_or_stands_below_it(file: Path, text: str) -> None:
    assert [one.name for one in read(file, text)] == ["kim"]


def test_without_the_file_and_without_settings_there_are_none(tmp_path: Path) -> None:
    assert read_contacts(Settings(path=tmp_path / "missing" / "config.toml")) == ()
    assert read_contacts(Settings()) == ()


def test_an_empty_file_has_none(file: Path) -> None:
    assert read(file, "# nobody yet\n") == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[kim\n", 1, "this is not TOML: "),
        ('\nname = "kim"\n', 2, "name must be a table, [[contact]] or [NAME]"),
        ("contact = []", 1, "contact must be a table"),
        ('[[contact]]\nname = "kim"\n\n[[contact]]\nnmae = "sam"', 5, "nmae in [contact] is not a field of a contact"),
        ("[kim]\nmail = 'k@example.org'", 2, "mail in [kim] is not a field of a contact. Did you mean email?"),
        ('["release manager"]\nrole = 3', 2, "role in [release manager] must be text in quotes"),
        ("\n[[contact]]\nrole = 'x'", 2, "name in [contact] is missing. Write name"),
        ("[contact]", 1, "name in [contact] is missing"),
        ("[[contact]]\nname = ' '", 2, "name in [contact] is missing"),
        ('[[contact]]\nname="kim"\n[[contact]]\nname = "KIM"', 4, 'is "KIM", which another contact is called too'),
        ('[kim]\n\n[" Kim"]', 3, 'is "Kim", which another contact is called too. Keep one of them.'),
        ("[kim]\ngroups = [1]", 2, "groups in [kim] must be a list of groups"),
        ("[kim]\ngroups = 1", 2, "groups in [kim] must be a list of groups"),
        ("[kim]\nreach = 'k@example.org'", 2, "reach in [kim] holds an address without its channel"),
        ("[kim]\nreach = ['email: ']", 2, "reach in [kim] holds an address without its channel"),
        ('[kim]\nemail = ["a\\u001b"]', 2, "email in [kim] holds a line break or a control"),
        ("[kim]\nrole = 'x'\nzone = 'Europe/Londn'", 3, 'is "Europe/Londn", and there is no such zone'),
        ("[kim]\nquiet = '22-7'", 2, 'quiet in [kim] is "22-7", and must be hours as in 22:00-07:00'),
        ("[kim]\noffice.phone = '1'\nnote = 'x'", 1, "office in [kim] is not a field of a contact"),
    ],
)
def test_a_mistake_is_named_with_its_line(file: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(BackoutError) as caught:
        read(file, text)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{file}:{line}: ")


def test_a_file_that_cannot_be_read_is_said_so(file: Path) -> None:
    file.mkdir()
    with pytest.raises(BackoutError, match=r"contacts\.toml: the contacts cannot be read: Is a directory"):
        read_contacts(Settings(path=file.with_name("config.toml")))
