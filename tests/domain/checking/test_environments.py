"""other-environment: what names another environment, and what is an English word or a program."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.planfile.reading.reader import read_plan


def others(text: str, own: str = "production", known: tuple[str, ...] = ()) -> list[str]:
    """The environments that are found."""
    top = f"# P\n- release: web 2\n- returns to: 1\n- environment: {own}\n"
    found = check_plan(read_plan(f"{top}{text}\n"), environments=known)
    return [one.message.split("`")[1] for one in found if one.rule == "other-environment"]


def command(script: str) -> str:
    """A plan with one command."""
    return f"## Steps\n### 1. One\n```sh\n{script}\n```\n"


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("kubectl --context staging get pods", "staging"),
        ("kubectl -n payments-qa get pods", "qa"),
        ("curl http://web.uat.example.org", "uat"),
        ("kubectl -n test get pods", "test"),
        ("kubectl --namespace=dev get pods", "dev"),
        ("ansible-playbook -i inventories/test/hosts x.yml", "test"),
        ("helm upgrade web -f values-dev.yaml", "dev"),
        ("curl https://api.dev.example.org/x", "dev"),
        ("ENV=STAGING deploy", "STAGING"),
    ],
)
def test_in_commands(script: str, named: str) -> None:
    assert others(command(script)) == [named]


@pytest.mark.parametrize(
    "script",
    [
        "test -e /dev/null", "npm test && make test", "git stage x", "kubectl -n prod get pods",
        "NODE_ENV=production x",
        "curl http://web.prod.example.org", "echo >/dev/tcp/x/1", "npm ci --omit=dev", "go test ./...", "tests/run",
        "chrome --no-sandbox", "ls develop.md", "nginx -t; stage=2",
    ],
)  # fmt: skip
def test_nothing_in_commands_that_is_a_word_or_its_own(script: str) -> None:
    assert others(command(script)) == []


def test_in_another_environment_production_is_another() -> None:
    assert others(command("kubectl --context prod get pods"), own="staging") == ["prod"]
    assert others(command("RAILS_ENV=production rake x"), own="staging") == []
    assert others(command("kubectl --context test get pods"), own="test") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Log in to the staging cluster.", "staging"),
        ("Run it in staging first.", "staging"),
        ("Use the test environment.", "test"),
        ("See https://staging.example.org/x.", "staging"),
        ("## Variables\n- HOST: db.staging.example.org", "staging"),
        ("## Steps\n### 1. One\n- on: qa-3", "qa"),
    ],
)
def test_in_words(text: str, named: str) -> None:
    assert others(text) == [named]


@pytest.mark.parametrize(
    "text",
    [
        "Test it. The development team is told; this stage is the last; ask QA; stage left, dev lead.",
        "It was tested in staging.", "The release is in production.", "## Rehearsals\n- 2026-11-18: passed in staging",
        "Ask the development team, or the QA manager. Test the test.", "A test of the system.",
    ],
)  # fmt: skip
def test_nothing_in_words_that_is_english(text: str) -> None:
    assert others(text) == []


def test_environments_of_other_plans_are_found_whole() -> None:
    assert others(command("kubectl --context production-eu get pods"), known=("production-eu", "production")) == [
        "production-eu"
    ]
    assert others(command("kubectl --context production get pods"), known=("production-eu",)) == []


def test_a_plan_without_an_environment_names_none_wrongly() -> None:
    plan = read_plan(f"# P\n- release: web 2\n- returns to: 1\n{command('kubectl --context staging get x')}")
    assert [one.rule for one in check_plan(plan)] == []
