"""Rules that are asked by a line's first character see the blocks that markdown-it sees when all are asked."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backout_tui.planfile import blocks

DEEPEST = 120
_BEGINNINGS = (
    *("", "", "   ", "    ", "\t", "> ", ">", "- ", "* ", "+ ", "1. ", "12) ", "# ", "####### ", "```", "```sh", "~~~"),
    *("---", "***", "===", "-", "<!--", "-->", "<!-- x -->", "| a | b |", "|---|---|", ":-- | --", "word ", "$ ls "),
)


def usual() -> MarkdownIt:
    """markdown-it with the same rules, asked in its own way."""
    rules = ["heading", "lheading", "fence", "list", "blockquote", "table", "hr", "code"]
    parser = MarkdownIt("zero", {"maxNesting": DEEPEST}).enable(rules).disable("inline")
    stops = ["paragraph", "blockquote", "list", "table"]
    parser.block.ruler.before("table", "comment", blocks.html_comment, {"alt": stops})
    return parser


def without_cells(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without those between the beginning and the end of a table."""
    kept, inside = list[Token](), False
    for token in tokens:
        inside = inside and token.type != "table_close"
        if not inside:
            kept.append(token)
        inside = inside or token.type == "table_open"
    return kept


def document(seed: int) -> str:
    """Lines that begin in all ways, below and inside each other."""
    chance = random.Random(seed)
    lines = ("".join(chance.choices(_BEGINNINGS, k=chance.randint(1, 3))) for _ in range(chance.randint(1, 30)))
    return "\n".join(line + chance.choice(("", "", "text", " #", "\u2028x")) for line in lines)


@pytest.mark.parametrize("seed", range(20))
def test_the_blocks_are_those_of_markdown_it(seed: int) -> None:
    ours, theirs = blocks.parser(DEEPEST), usual()
    for text in (document(seed * 100 + at) for at in range(100)):
        assert ours.parse(text) == without_cells(theirs.parse(text)), text


def test_so_are_those_of_a_long_document() -> None:
    text = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    assert blocks.parser(DEEPEST).parse(text) == without_cells(usual().parse(text))


def test_a_table_with_very_many_empty_cells_is_read_to_its_end() -> None:
    rows = 30_000
    text = "\n".join(["| name | role | zone |", "|---|---|---|", *("| a |" for _ in range(rows))])
    assert blocks.parser(DEEPEST).parse(text)[0].map == [0, rows + 2]
