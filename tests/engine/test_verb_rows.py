"""Every verb is one row: what the row says fits its function, and a row that is added is all that a verb needs."""

from __future__ import annotations

import inspect
import string

import pytest

from backout_tui.engine.verbs.table.verb import Asks, Verb
from backout_tui.engine.verbs.table.verb_table import all_verbs, table_markdown, verb_of
from tests.added_verb import ADDED

ROWS = [*all_verbs(), ADDED]
BEFORE = {"on", "what", "seen"}
"""What the dialog's own sentences may name."""
ONLY_IN_LINE = {("take-over", "ask"), ("take-over", "adopt"), ("step-change", "no_expect")}
"""Options that choose among functions: the command line's own."""


def _named_in(*sentences: str) -> set[str]:
    return {name for one in sentences for _, name, _, _ in string.Formatter().parse(one) if name}


@pytest.mark.parametrize("verb", ROWS, ids=[verb.id for verb in ROWS])
def test_a_row_fits_its_function(verb: Verb) -> None:
    taken = list(inspect.signature(verb.function).parameters.values())
    names, rest = [one.name for one in taken], [one for one in taken if one.kind is one.VAR_KEYWORD]
    asked = [field.name for field in verb.fields if (verb.id, field.name) not in ONLY_IN_LINE]
    assert names[0] == "op"
    assert set(asked) <= set(names) or rest
    assert not verb.deviation or "beside" in names
    assert not verb.glass or "break_glass" in names
    needed = {one.name for one in taken[1 + bool(verb.on) :] if one.default is one.empty} - {one.name for one in rest}
    assert needed <= {field.name for field in verb.fields if field.required or field.default}


@pytest.mark.parametrize("verb", ROWS, ids=[verb.id for verb in ROWS])
def test_a_row_says_everything_that_is_made_from_it(verb: Verb) -> None:
    assert verb.help.endswith(".")
    assert verb.label or not verb.key, "a key needs a label for the footer"
    assert _named_in(verb.title, verb.note) <= BEFORE
    assert _named_in(verb.said) <= BEFORE | {"created"} | {field.name for field in verb.fields if field.in_dialog}
    if verb.label and verb.asks is Asks.FIELDS:
        assert verb.title
        assert verb.said
        assert any(field.in_dialog for field in verb.fields)


def test_no_verb_stands_there_twice() -> None:
    ids = [verb.id for verb in all_verbs()]
    assert len(ids) == len(set(ids)) > 40
    assert all(f"`{one}`" in table_markdown() for one in ids)
    with pytest.raises(KeyError):
        verb_of("coffee-make")
