"""Scraps of Markdown in any order: what people really write, cut and pasted."""

from __future__ import annotations

import re

from hypothesis import strategies as st

SCRAPS = [
    *("# T", "# Second", "## Steps", "## Rollback plan", "## Other", "##", "#", "### ", "## Step 3: loose"),
    *("### 1. A", "### B", "### 4.1 x", "#### 1.1 c", "#### 1. d", "#### Notes", "### Option A: x", "### Phase: y"),
    *("#### A1. s", "## Verification", "### A. chk", "### chk", "## Communication", "### Started", "### Steps"),
    *("### Verification", "## Contacts", "## Variables", "## Components", "## Risks", "## Rehearsals"),
    *("> Subject: x", ">", "> text <x>", "> ```", "> # h", "- to: all", "- when: after 1, foo", "- after: 9"),
    *("- owner: x", "- owner: y", "- estimat: 3", "- estimate: 5 min", "- estimate: long", "- required", "  more"),
    *("  - nested", "```sh", "```", "````", "~~~", "   ```sh", "1. ```sh", "   echo", "cmd <tag>", "$ cmd", "# c"),
    *("Expect: `x`", "Expect: x", "Expect: /(/", "- Expect: `x`", "1. one", "2. two", "1. one again", "- bullet"),
    *("- # h", "   # h", "  ## h", "   indented", "\ttab", "    code", "\\", "---", "===", "* * *", "", "", "", ""),
    *("| name | reach |", "|---|---|", "| a | email:x |", "| a | b | c |", "| component | version | returns to |"),
    *("- N: v", "- S: x (secret)", "- N: v (captured by 9)", "<!-- c", "-->", "<!-- c -->", "<!-- c --> text"),
    *("<div>", "- [ ] box", "{+ x +}", "\u200b", "---\ntitle: x\n---", "- " * 30, ">" * 30),
]
_HANGING = re.compile(r"^[ \t]+[#`~]|^(?: {4}| *\t)")
LINES = st.one_of(
    st.sampled_from(SCRAPS),
    st.sampled_from(SCRAPS),
    st.text(max_size=12),
    st.tuples(st.sampled_from(SCRAPS), st.text(max_size=6)).map("".join),
)


def documents() -> st.SearchStrategy[str]:
    """Scraps and any text as lines, with any line ends."""
    return _joined(LINES)


def plain_documents() -> st.SearchStrategy[str]:
    """The same without indented headings, fences and code: what those mean hangs on the list that they stand in."""
    return _joined(LINES.filter(lambda line: not _HANGING.match(line)))


def _joined(lines: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    ends = st.sampled_from(["\n", "\r\n", "\r"])
    return st.builds(lambda found, end: end.join(found), st.lists(lines, max_size=25), ends)
