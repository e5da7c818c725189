"""The two lines at the bottom: what to do next, and the keys that apply or the result of the last one."""

from __future__ import annotations

import time
from collections.abc import Sequence

from backout_tui.ui.night.commands import Command, offered
from backout_tui.ui.night.panes.controls_words import waited_for
from backout_tui.ui.night.situation import PANES, Situation, pane_of_wish
from backout_tui.ui.widgets.one_line import MOST_SAID, OneLine, Word, wholly

FADE_S = 6.0
"""Seconds after which a message makes room for the keys again."""


def next_words(situation: Situation) -> tuple[list[Word], list[Word]]:
    """The Next line, and at its right end its key; for someone looking on, who acts instead."""
    refusal, backout, wish = situation.no_controls, situation.backout, situation.wish
    if refusal is not None and backout.closed_at is None:
        looks_on = situation.looks_on
        words = waited_for(backout, situation.standing, refusal) if looks_on else refusal.words
        return [Word("Looking on: ", "loud"), Word(f" {words}", "warning")], _press("T") if looks_on else []
    mark = Word("! Next: ", "loud") if wish.urgent else Word("Next: ", "strong")
    return [mark, Word(f"{' ' if wish.urgent else ''}{wish.words}")], _press(_way_to(situation))


def _way_to(situation: Situation) -> str:
    """The key that does the wish. Enter opens what the cursor is on; elsewhere the pane's key comes first."""
    wish = situation.wish
    if wish.key != "Enter" or wish.on in (None, situation.on):
        return wish.key
    return f"{PANES.index(pane_of_wish(wish, situation.pane)) + 1} Enter"


def _press(key: str) -> list[Word]:
    return [Word("press ", "dim"), Word(key, "key")] if key else []


def key_words(command: Command, *, lit: bool, label: str = "") -> list[Word]:
    """A command, as the footer offers it."""
    tone = "key" if lit else "dim"
    return [Word(command.key, tone), Word(f" {label or command.label}", "" if lit else "dim")]


class KeyLine(OneLine):
    """The footer: as many of the offered keys as fit, always including help."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(most=MOST_SAID, id="keys")
        self._groups: tuple[tuple[Word, ...], ...] = ()
        self._said: tuple[str, bool] | None = None
        self._said_at = 0.0

    def offer(self, situation: Situation, *, moving: bool = False) -> None:
        """Offer the keys of the pane that the cursor is in; `moving` means that k moves up just now."""
        groups = tuple(tuple(_words(one, situation, moving=moving)) for one in offered(situation))
        if groups != self._groups:
            self._groups = groups
            self._renew()

    def tell(self, words: str, *, warning: bool = False) -> None:
        """Say `words` in place of the keys."""
        self._said, self._said_at = (words, warning), time.monotonic()
        self._renew()

    def fade(self) -> None:
        """Offer the keys again once there was time to read; a warning stays until the next key."""
        if self._said is not None and not self._said[1] and time.monotonic() - self._said_at > FADE_S:
            self.be_quiet()

    def be_quiet(self) -> None:
        """Offer the keys again."""
        if self._said is not None:
            self._said = None
            self._renew()

    @property
    def said(self) -> str:
        """What the footer says in place of the keys; "" while it offers them."""
        return self._said[0] if self._said is not None else ""

    def on_resize(self) -> None:
        """Fit the keys to the new width."""
        self._renew()

    def _renew(self) -> None:
        if self._said is not None:
            words, warning = self._said
            self.say([Word("! " if warning else "", "warning"), Word(words, "warning" if warning else "")])
        else:
            self.say(_fitting(self._groups, self.content_size.width))


def _words(command: Command, situation: Situation, *, moving: bool) -> list[Word]:
    label = "Up" if moving and command.key == "k" else ""
    return key_words(command, lit=command.is_lit(situation), label=label)


def _fitting(groups: Sequence[Sequence[Word]], width: int) -> list[Word]:
    """The first groups that fit; if help is not among them, it replaces the last one."""
    shown = wholly(groups, width)
    helps = next((group for group in groups if group[0].text == "?"), None)
    if helps is None or helps[0] in shown:
        return shown
    others = [group for group in groups if group is not helps]
    count = len(others)
    while count and len(wholly([*others[:count], helps], width)) < len(wholly([*others[:count], helps], 10_000)):
        count -= 1
    return wholly([*others[:count], helps], width)
