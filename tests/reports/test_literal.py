"""Text from outside in Markdown: rendered by a real renderer, it reads as it was written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backout_tui.domain.text import clean, clean_line
from backout_tui.reports.literal import fenced, literal, table
from tests.hostile_plan import ALL, MARKDOWN, NASTY

RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TRICKY = st.text(st.sampled_from(list("\\`*_{}[]<>()#+-.!|~&;$=:/@'\" \t\nab1")), max_size=24)
TEXT = st.text(max_size=40) | TRICKY | st.sampled_from((*NASTY, ALL))


def read(inline: Token) -> str:
    """What a reader sees of an inline token; any markup in it is said, so that no comparison holds."""
    assert inline.children is not None
    pieces = [one.content if one.type in ("text", "text_special") else f"<{one.type}>" for one in inline.children]
    return " ".join("".join(pieces).split())


def written(text: str) -> str:
    """What a reader should see."""
    return " ".join(clean_line(text).split())


@given(TEXT)
def test_a_cell_of_a_table_reads_as_it_was_written(text: str) -> None:
    lines = list(table(("a", "b"), [(literal(text), "end")]))
    tokens = RENDERER.parse("\n".join(lines))
    cells = [tokens[index + 1] for index, token in enumerate(tokens) if token.type == "td_open"]
    assert [read(cell) for cell in cells] == [written(text), "end"]


@given(TEXT)
def test_a_bullet_and_a_heading_read_as_they_were_written(text: str) -> None:
    tokens = RENDERER.parse(f"# {literal(text)}\n\n- {literal(text)}\n\nend\n")
    assert [token.type for token in tokens if token.type.endswith("_open")][:3] == [
        "heading_open",
        "bullet_list_open",
        "list_item_open",
    ]
    inline = [read(token) for token in tokens if token.type == "inline"]
    assert inline == [written(text), *([written(text)] if written(text) else []), "end"] or not written(text)


@given(TEXT)
def test_several_lines_stay_in_their_block(text: str) -> None:
    tokens = RENDERER.parse("\n".join((*fenced(text), "", "end")))
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content.strip("\n") == re.sub("\x00", "\ufffd", clean(text)).strip("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("payments-api 4.12.0", "payments-api 4.12.0"),
        ("charge_errors", "charge_errors"),
        ("5xx on /charge: 4 %", "5xx on /charge: 4 %"),
        ("1. first", "1\\. first"),
        ("# x", "\\# x"),
        ("ends so ##", "ends so \\#\\#"),
        ("a | b", "a \\| b"),
        ("http://x.example", "http:/\\/x.example"),
        ("two\nlines", "two⏎lines"),
    ],
)
def test_plain_words_are_not_cluttered(text: str, shown: str) -> None:
    assert literal(text) in (shown, shown.replace(":/\\/", ":\\//"))


def test_the_worst_title_cannot_become_html_or_break_a_table() -> None:
    html = RENDERER.render("\n".join(table(("a",), [(literal(MARKDOWN),)])))
    assert "<script" not in html
    assert html.count("<td") == 1


def test_a_table_without_rows_is_no_table() -> None:
    assert list(table(("a", "b"), [])) == []
