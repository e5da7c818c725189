"""`backout-tui help`: the shipped topics, compared with the program's tables, and read in a real terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from backout_tui import settings
from backout_tui.domain.checking.rules import severity_of
from backout_tui.domain.plan.texts import NAMES
from backout_tui.domain.shell.handed_on import READ_BY_SHELLS
from backout_tui.help.layout import page
from backout_tui.help.topics import FOLDER, TOPICS, text_of
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.reading.sections import TITLES
from backout_tui.settings_table import Table
from tests.cli.lines import SCRIPT, Line
from tests.pty_screen import PtyScreen
from tests.topics import TABLES, between

ROOT = Path(__file__).parents[2]


def first_cells(topic: str, heading: str) -> list[str]:
    """What the first column of the table that begins with `heading` holds, without its marks."""
    rows = text_of(topic).partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [row.split("|")[1].strip().strip("`") for row in rows]


# ── what the topics say ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("topic", "name"), TABLES)
def test_a_topic_shows_the_programs_own_table(topic: str, name: str) -> None:
    assert between(text_of(topic), name)[0] == f"{TABLES[topic, name]()}\n", "write it anew: python -m tests.topics"


def test_every_file_is_a_topic_and_readme_leads_to_each() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(TOPICS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [topic for topic in TOPICS if f"(backout_tui/help/{topic}.md)" not in readme] == []


def test_every_name_a_message_may_hold_is_told() -> None:
    assert first_cells("messages", "name") == [f"{{{name}}}" for name in NAMES]


def test_every_section_of_a_plan_is_told() -> None:
    assert first_cells("plan-file", "section") == list(TITLES.values())


def test_every_setting_is_told_and_the_example_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = tmp_path / "config.toml"
    example.write_text(text_of("settings").partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    assert settings.read_settings(example, {}).mail.sender == "backout@example.org"
    asked: list[str] = []

    def finish(table: Table, kind: str = "a setting") -> None:
        asked.extend(f"{table.name}.{key}".lstrip(".") for key in table._known if key != "mail")

    monkeypatch.setattr(Table, "finish", finish)
    settings.read_settings(example, {})
    assert sorted(asked) == sorted(first_cells("settings", "setting"))


def test_the_plan_in_the_help_is_one_that_is_read_without_an_error() -> None:
    plan = read_plan(text_of("plan-file").partition("````markdown\n")[2].partition("````")[0])
    assert [one.message for one in plan.remarks if severity_of(one.rule) == "error"] == []
    assert [check.kind for check in plan.checks] == ["command", "manual"]


# ── how a topic is laid out ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_a_terminal_of_80_columns(topic: str) -> None:
    lines = page(text_of(topic)).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert not any(line.startswith(("|", "#", "```", "<!--")) for line in lines)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_word_of_a_topic_is_lost_on_its_way_to_the_terminal(topic: str) -> None:
    text = re.sub(r"<!-- /?(?:rules|keys|plan keys|facts|verbs) -->|!\[.*\)", "", text_of(topic))
    markup = {"markdown", "toml"}  # what a fence is named is not shown, nor the heading of a table of groups
    grouped = (
        {*words("where key does")} if topic == "keys" else {*words("in fact says")} if topic == "plan-file" else set()
    )
    assert words(text) - words(page(text)) <= markup | grouped


def words(text: str) -> set[str]:
    """The words of a text, whatever their case."""
    return set(re.findall(r"\w+", text.casefold()))


def test_lines_end_nowhere_inside_a_command() -> None:
    said = page("- one two three `four five six` seven", 24)
    assert said.splitlines() == ["- one two three", "  `four five six` seven"]


def test_a_table_of_groups_says_each_group_once() -> None:
    table = "| where | key | does |\n|---|---|---|\n| here | `a` | goes on and on |\n|  | `b c` | ends |\n"
    assert page(table, 14).splitlines() == ["here", "  a    goes on", "       and on", "  b c  ends"]


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_alone_it_lists_every_topic(line: Line) -> None:
    said = line.run("help")
    assert said.code == 0
    assert all(f"  {topic} " in said.out and about in said.out for topic, about in TOPICS.items())
    assert max(map(len, said.out.splitlines())) <= 80


@pytest.mark.parametrize("named", [("plan-file",), ("plan", "file"), ("Plan-File",)])
def test_a_topic_is_printed(line: Line, named: tuple[str, ...]) -> None:
    said = line.run("help", *named)
    assert said.code == 0
    assert said.out.startswith("THE PLAN FILE\n")


@pytest.mark.parametrize(
    ("named", "usage"),
    [
        (("start",), "Usage: backout-tui start [OPTIONS] [PLAN]"),
        (("plan", "check"), "Usage: backout-tui plan check [OPTIONS] PLAN"),
        (("step-run",), "Usage: backout-tui do BACKOUT step-run [OPTIONS] STEP"),
        (("do", "step-run"), "Usage: backout-tui do BACKOUT step-run [OPTIONS] STEP"),
    ],
)
def test_a_command_and_a_verb_show_their_options(line: Line, named: tuple[str, ...], usage: str) -> None:
    said = line.run("help", *named)
    assert said.code == 0
    assert said.out.startswith(usage)


@pytest.mark.parametrize(
    ("named", "near"), [("kezs", "keys"), ("stert", "start"), ("plan chekc", "plan check"), ("step run", "step-run")]
)
def test_what_is_no_topic_names_the_nearest(line: Line, named: str, near: str) -> None:
    said = line.run("help", *named.split())
    assert said.code == 2
    assert f'there is no help on "{named}". Did you mean {near}' in said.err
    assert "`backout-tui help` lists the topics." in said.err


def test_a_topic_loads_no_screen_no_database_and_no_plan() -> None:
    script = (
        "import sys; from backout_tui.cli.main import run; code = run(['help', 'keys']); "
        "heavy = {'textual', 'rich', 'sqlmodel', 'asyncio', 'markdown_it', 'sqlite3'} & set(sys.modules); "
        "print(code, sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "0 []\n"


# ── in a terminal ─────────────────────────────────────────────────────────────────────────────────────────────────


def shown(pager: str) -> str:
    """What `help promises` writes to a terminal of 24 lines whose reader wants `pager`."""
    with PtyScreen([str(SCRIPT), "help", "promises"], environ={"PAGER": pager}) as screen:
        assert screen.wait() == 0
        return screen.raw.decode().replace("\r\n", "\n")


def test_a_topic_longer_than_the_terminal_goes_through_the_readers_pager(tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\ncat > {tmp_path}/paged\necho PAGED\n", encoding="utf-8")
    pager.chmod(0o755)
    assert shown(str(pager)) == "PAGED\n"
    assert (tmp_path / "paged").read_text(encoding="utf-8").rstrip("\n") == page(text_of("promises"))


def test_without_a_pager_it_is_printed() -> None:
    assert page(text_of("promises")) in shown("cat")


def test_a_short_list_is_printed_at_once() -> None:
    with PtyScreen([str(SCRIPT), "help"], environ={"PAGER": "false"}) as screen:
        assert screen.wait() == 0
        assert b"Topics:" in screen.raw


def test_what_is_not_handed_on_to_a_command_is_named() -> None:
    assert [name for name in sorted(READ_BY_SHELLS) if f"`{name}`" not in text_of("plan-file")] == []
