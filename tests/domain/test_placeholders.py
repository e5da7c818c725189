"""What a script still has to be filled with, and what is ordinary shell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backout_tui.domain.plan.placeholders import (
    Placeholder,
    placeholders,
    placeholders_in_prose,
    unfilled,
    used_variables,
)


def texts(script: str) -> list[str]:
    return [one.text for one in placeholders(script)]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("deploy <tag>", ["<tag>"]),
        ("deploy <NAME>", ["<NAME>"]),
        ("docker pull registry/<image/tag>", ["<image/tag>"]),
        ("kubectl -n <your namespace> get pods", ["<your namespace>"]),
        ("deploy v<VERSION>-rc", ["<VERSION>"]),
        ("ssh <user@host>", ["<user@host>"]),
        ("deploy [NAME]", ["[NAME]"]),
        ("rm -r /srv/[APP NAME]/old", ["[APP NAME]"]),
        ('helm rollback "[RELEASE]" 3', ["[RELEASE]"]),
        ("deploy {+ the older tag +}", ["{+ the older tag +}"]),
        ("deploy {+ <tag> +}", ["{+ <tag> +}"]),
        ("cp <from> <to>", ["<from>", "<to>"]),
        ("cat <<EOF\nimage: <tag>\nEOF", ["<tag>"]),
        ("deploy '<tag>'", ["<tag>"]),
        ("psql -c 'drop table <table>'", ["<table>"]),
    ],
)
def test_template_text_is_found(script: str, found: list[str]) -> None:
    assert texts(script) == found


@pytest.mark.parametrize(
    "script",
    [
        "diff <(sort a) <(sort b)",
        "cat <<EOF\nplain\nEOF",
        "cat <<'EOF'>out\nplain\nEOF",
        "grep x <<<WORD",
        "[ 1 -lt 2 ] && a < b > c",
        "sort <file >out",
        "wc -l < in > out",
        "[ -f x ] && rm x",
        "[[ -n $X && $X == [a-z]* ]]",
        "tr '[A-Z]' '[a-z]'",
        "ls [0-9]*.log",
        "echo ${ARR[IDX]} ${ARR[@]}",
        "arr[IDX]=3",
        "echo $((a<b)) $((b>a))",
        "grep -E '\\[ERROR\\]' log",
        "sed 's/[ABC]/x/' file",
        "echo '[INFO] rolling back'",
        'printf "%s" "[OK]"',
        "curl -d '<note><to>x</to></note>' http://localhost",
        'git commit --author "A B <a.b@example.org>"',
        "grep -P '(?<year>[0-9]{4})' log",
        "grep '\\<word\\>' log",
        "make # deploy <tag> later",
        "# replace [NAME] before use",
        "case $x in [a-z]) ;; esac",
        "echo '<br>'",
    ],
)
def test_ordinary_shell_is_no_placeholder(script: str) -> None:
    assert texts(script) == []


def test_a_placeholder_knows_its_line() -> None:
    assert placeholders("one\ntwo <tag>\n\n[NAME]") == (Placeholder("<tag>", 2), Placeholder("[NAME]", 4))


def test_a_hash_inside_a_word_or_quotes_begins_no_comment() -> None:
    assert texts("echo ${x#y} <tag>") == ["<tag>"]
    assert texts('echo "a # b" <tag>') == ["<tag>"]


@pytest.mark.parametrize(
    "prose",
    [
        "see [RUNBOOK](https://example.org) and ![GRAPH](g.png) and [NOTE][1]",
        "<https://example.org> <a@example.org>",
        "<details><summary>more</summary></details> <br> <u>x</u>",
        "<!-- fill <tag> here -->",
        "- [ ] a box and [X] another",
        "a < b and c > d",
    ],
)
def test_links_tags_and_boxes_are_no_placeholders_in_prose(prose: str) -> None:
    assert placeholders_in_prose(prose) == ()


def test_prose_is_searched_too() -> None:
    found = placeholders_in_prose("Ask {+ who +} for\nthe `<tag>` of [SERVICE].")
    assert [(one.text, one.line) for one in found] == [("{+ who +}", 1), ("<tag>", 2), ("[SERVICE]", 2)]


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ('echo "$A" ${B} ${C:-x} ${#D} ${!E}', {"A", "B", "C", "D", "E"}),
        ("echo '$A' \"'$B'\" \\$C", {"B"}),
        ("awk '{print $A}' f; echo $B", {"B"}),
        ("echo $1 $$ $? $@", set()),
        ("# don't use $A\necho $B # it's $C", {"B"}),
        ("echo $A_B-$C", {"A_B", "C"}),
        ("echo 'open\n$A", {"A"}),
    ],
)
def test_used_variables_are_those_outside_single_quotes(script: str, names: set[str]) -> None:
    assert used_variables(script) == names


def test_unfilled_names_placeholders_and_empty_variables_that_are_used_once_each() -> None:
    script = "deploy <tag> <tag> $IMAGE $ZONE $HOME"
    assert unfilled(script, ["IMAGE", "ZONE", "UNUSED"]) == ("<tag>", "IMAGE", "ZONE")


def test_a_filled_script_lacks_nothing() -> None:
    assert unfilled('deploy "$TAG"', []) == ()


@given(st.text())
def test_any_text_can_be_searched(script: str) -> None:
    count = script.count("\n") + 1
    assert all(1 <= one.line <= count for one in (*placeholders(script), *placeholders_in_prose(script)))
    used_variables(script)


def test_long_lines_of_brackets_are_searched_quickly() -> None:
    """Patterns that go back and forth would take minutes here."""
    for text in ("[" * 50_000, "<a" * 50_000, "{+" * 50_000, "[A_" + "A_" * 50_000, "$'" * 50_000):
        placeholders(text)
        placeholders_in_prose(text)
        used_variables(text)
