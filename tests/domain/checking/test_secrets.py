"""secret-in-text: forms that are surely secrets, and what only speaks of them. None of these is real."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan, secrets_told
from backout_tui.domain.checking.secrets import secret_in
from backout_tui.planfile.reading.reader import read_plan


@pytest.mark.parametrize(
    "line",
    [
        "AKIA" + "ABCDEFGHIJKLMNOP", "token ghp_" + "a1B2" * 9, "xoxb-" + "1234567890-abcdef", "glpat-" + "a1B2c3" * 4,
        "eyJ" + "hbGciOiJIUzI1.eyJ" + "zdWIiOiIxMjM0.SflKxwRJSMeK", "-----BEGIN RSA PRIVATE KEY-----",
        "psql postgres://app:hunter2@db/ledger", "PGPASSWORD=hunter2 psql", "export API_TOKEN='abcd1234'",
        "curl -u admin:hunter2 http://x", "curl -H 'Authorization: Bearer abcdef123456' x", "mysql -u root -phunter2",
        "db_password: hunter2x9", "mysqldump --password=hunter2", "login --token a1b2c3d4e5",
        "password = correct-horse",
        "sshpass -p hunter2 ssh x", "- **password**: Tr0ub4dor",
    ],
)  # fmt: skip
def test_it_is_one(line: str) -> None:
    assert secret_in(line)


@pytest.mark.parametrize(
    "line",
    [
        'PGPASSWORD="$DB_PASSWORD" psql', "password=${PASSWORD}", "password: ask the lead", "token: see the vault",
        "- DB_PASSWORD: (secret)", "--password <password>", "password={password}", "token=[TOKEN]",
        "password=$(pass db)",
        "psql postgres://app:$PW@db/ledger", "psql postgres://app@db/ledger", "reset the password: it has expired",
        "the token expires after 10 min", "TOKEN_FILE=/run/secrets/token", "password=***", "passwordless sudo = yes",
        "curl -u admin:$PW http://x", "--token \"$TOKEN\"", "secretary: Ann", "Authorization: Bearer $TOKEN",
        "kubectl create secret generic web", "pwd = /srv/web", "password: required", "tokens: 1204 left", "key = value",
        "mysql -p ledger", "http://example.org:8080/a@b", "Password: the one of the day",
    ],
)  # fmt: skip
def test_it_is_none(line: str) -> None:
    assert not secret_in(line)


def test_a_variable_whose_name_says_it_is_one_whatever_its_value() -> None:
    variables = "## Variables\n- DB_PASSWORD: swordfish\n## Steps\n### 1. $DB_PASSWORD\n"
    plan = read_plan(f"# P\n- release: a 1\n- returns to: 0\n{variables}")
    assert [(one.rule, one.item) for one in check_plan(plan)] == [("secret-in-text", "variable DB_PASSWORD")]


def test_it_is_found_wherever_it_stands_and_never_repeated() -> None:
    text = "---\npassword: hunter2x9\n---\n# P\n\n<!-- password=hunter2 -->\n\n"
    text += "## Contacts\n| name | x |\n|---|---|\n| A | token=hunter2 |\n"
    found = secrets_told(read_plan(text), text)
    assert [one.line for one in found] == [2, 6, 11]
    assert not any("hunter2" in one.message for one in check_plan(read_plan(text), text))


def test_one_that_is_silenced_is_none() -> None:
    text = "# P\n\n<!-- silence secret-in-text: an example -->\npassword=hunter2\n"
    assert secrets_told(read_plan(text), text) == ()
