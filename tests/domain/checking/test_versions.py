"""other-version: what is a version of another release, and what only looks like one."""

from __future__ import annotations

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.planfile.reading.reader import read_plan

TOP = "# P\n- release: web 4.12.0\n- returns to: 4.11.3\n- deployed: 2026-11-22 01:50 Europe/London\n"

COMPONENTS = "## Components\n| component | version | returns to |\n|---|---|---|\n| agent | 2.7.1 | 2.6.9 |\n"


def others(text: str, top: str = TOP, foreign: tuple[str, ...] = ()) -> list[str]:
    """What is named in the findings, in order."""
    found = check_plan(read_plan(f"{top}{text}\n"), foreign=foreign)
    return [one.message.split("`")[1] for one in found if one.rule == "other-version"]


def command(script: str) -> str:
    """A plan with one command."""
    return f"## Steps\n### 1. One\n```sh\n{script}\n```\n"


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("docker pull web:4.10.1", "4.10.1"),
        ("docker pull registry.example.org:5000/web:4.10", "4.10"),
        ("git checkout release-4.10", "4.10"),
        ("git checkout v4.10", "v4.10"),
        ("helm rollback web --version 4.10.0-rc1", "4.10.0-rc1"),
        ("tar xf web-4.10.0.tar.gz", "4.10.0"),
        ("deploy web@4.10", "4.10"),
        ("restore /backups/2026-10-01/web.dump", "2026-10-01"),
        ("restore dump-20261001.sql", "2026-10-01".replace("-", "")),
        ("get https://example.org/releases/4.10.0/notes", "4.10.0"),
        ("deploy 4.12.0-rc2", "4.12.0-rc2"),
        ("deploy 4.12.1", "4.12.1"),
    ],
)
def test_in_commands(script: str, named: str) -> None:
    assert others(command(script)) == [named]


@pytest.mark.parametrize(
    "script",
    [
        "docker pull web:4.12.0 && docker pull web:v4.11.3", "git checkout release-4.12", "tar xf web-4.11.3-amd64.tgz",
        "ping 10.0.3.12", "curl http://10.0.3.12:8080/api/v2/x", "ip route add 10.4.0.0/16", "sleep 1.5",
        "x --ratio=0.2",
        "restore /backups/2026-11-22/web.dump", "restore /backups/2026-11-21/web.dump", "kubectl apply -f apps/v1beta1",
        "date -d '2026-10-01 12:30:15.250'", "openssl s_client -tls1_2", "aws --version-date 2010-09-09",
        "sha256sum -c 1f2e3d4c5b6a.txt", "python3.11 -m web", "curl localhost:8080", "nc host 10.20.30.x",
    ],
)  # fmt: skip
def test_nothing_in_commands_that_only_looks_like_one(script: str) -> None:
    assert others(command(script)) == []


@pytest.mark.parametrize(
    "text",
    [
        "The rate is 0.2 %, at most 1.25 s; see section 3.2.1, step 1.2.3, and RFC 9.1.1.",
        "On 22.11.2026 at 01.50, or 2026-10-01; call +1.212.555.0100.", "TLS 1.2 and HTTP/1.1 and .NET version 4.0",
        "Back from 4.12.0 to v4.11.3.", "## Rehearsals\n- 2026-10-01: passed with 4.10.0",
        f"{COMPONENTS}\n## Risks\nagent 2.7.1",
        "## Risks\n### 3.2.1 A numbered heading", "<!-- 4.10.0 -->", "releases 5-8 min apart",
    ],
)  # fmt: skip
def test_nothing_in_prose_that_only_looks_like_one(text: str) -> None:
    assert others(text) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Back to 4.10.0.", "4.10.0"),
        ("Back to release 4.10, not further.", "4.10"),
        ("web 4.10 is the last good one", "4.10"),
        ("## When to back out\n- worse than v4.10", "v4.10"),
        ("## Variables\n- TAG: 4.10.1", "4.10.1"),
        ("## Communication\n### Hi\n- to: Ann\n> we go back to 4.10.1", "4.10.1"),
        ("## Steps\n### 1. Bring back 4.10.1", "4.10.1"),
        ("See [the notes](https://example.org/4.10.1).", "4.10.1"),
    ],
)
def test_in_words(text: str, named: str) -> None:
    assert others(text) == [named]


def test_a_title_of_another_release_is_found() -> None:
    assert others("", "# Backout plan: web 4.10.0\n- release: web 4.12.0\n- returns to: 4.11.3\n") == ["4.10.0"]


def test_without_a_release_there_is_nothing_to_compare_with() -> None:
    assert others(command("docker pull web:4.10.1"), "# P\n") == []


def test_without_a_version_to_return_to_every_other_is_found() -> None:
    assert others(command("docker pull web:4.11.3"), "# P\n- release: web 4.12.0\n") == ["4.11.3"]


def test_versions_are_known_by_the_shape_of_the_releases_own() -> None:
    top = "# P\n- release: web build-80\n- returns to: build-79\n"
    assert others(command("deploy build-77; deploy build-80; deploy build-79"), top) == ["build-77"]


@pytest.mark.parametrize(
    ("text", "foreign", "named"),
    [
        ("Back to 1.5 then.", "1.5", ["1.5"]),
        ("Back to build-77 then.", "build-77", ["build-77"]),
        ("Not build-778, nor 11.5.", "1.5", []),
        ("Wait 77 s for web:77.", "77", ["77"]),
        ("Back to 4.11.3.", "4.11.3", []),
    ],
)
def test_versions_of_the_source_are_always_found_where_they_stand_whole(
    text: str, foreign: str, named: list[str]
) -> None:
    assert others(text, foreign=(foreign,)) == named


def test_a_copy_knows_its_source_by_its_own_words() -> None:
    top = TOP + "- derived from: web 3.9 (plan 7)\n"
    assert others("As in 3.9, wait.", top) == ["3.9"]
    assert others("Wait.", top) == []


@pytest.mark.parametrize(
    "words",
    [
        "docker pull nginx:1.25.3", "docker pull docker.io/library/postgres:15.4.1", "uname -r | grep kernel-5.15.0",
        "docker run redis:7.2.4-alpine", "docker pull quay.io/vendor/gateway:1.8.2", "pip install requests==2.31.0",
        "apt-get install openssl=3.0.11", "nvm use node-18.19.0",
    ],
)  # fmt: skip
def test_a_version_beside_another_products_name_is_that_products(words: str) -> None:
    assert others(command(words)) == []


@pytest.mark.parametrize("words", ["On kernel 5.15.0.", "Ubuntu 22.04.3 and PostgreSQL 15.4.1 stay.", "nginx/1.25.3"])
def test_in_prose_as_well(words: str) -> None:
    assert others(words) == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("docker pull web-worker:1.10.1", "1.10.1"),
        ("docker pull team/sidecar:4.10.1", "4.10.1"),
        ("Restore 3.9.1 by hand.", "3.9.1"),
        ("docker pull image:3.9.1", "3.9.1"),
        ('docker pull "$IMAGE:3.9.1"', "3.9.1"),
        ("get https://example.org/releases/3.9.1", "3.9.1"),
    ],
)
def test_what_may_be_a_part_of_the_release_is_no_other_product(words: str, named: str) -> None:
    assert others(command(words)) == [named]
