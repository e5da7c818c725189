"""Decides which keys may act: keys typed ahead reach their field, and a paste triggers no command.

Without bracketed paste a pasted text is nothing but keys. The *read* tells it from a person: a person's keys come one
in a read, and a paste's keys come many in a read. The driver marks every key with its place in its read (`InRead`), and
the app asks the screen before it lets a key through (`KeyedScreen.admits`). The rule of a screen of commands:

- a key that only moves (`MOTION_KEYS`) acts, however many come at once; so does every key while a field is focused;
- any other key acts when it came alone in its read;
- of several keys in one read only the first may act, and only if it opens a text field (`OPENS_A_FIELD`). The rest are
  typed into that field, so that `p5xx on charge⏎` can be written at once. Keys after that Enter, or without a field to
  go to, are dropped, and the screen says so.

Reads that follow each other within `BURST_S` count as one: a long paste arrives in pieces, on a slow line in single
bytes. Keys wait, in order, while a dialog that was just opened has no focus yet, and while one that was just answered
is still taking in what was typed before. Therefore a command must be a *priority* binding whose action pushes its
dialog before it returns (`push_screen` with a callback, not a worker): then the next key finds it on top.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from msgspec import Struct
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.keys import Keys
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

BURST_S = 0.015
"""Seconds between two reads under which they are one burst. Nobody presses two keys that fast; 9600 baud is 0.001."""
MOTION_KEYS = frozenset({"up", "down", "j", "k", "pageup", "pagedown", "home", "end", "g", "G"})
"""Keys that only move a cursor or a view. They do no harm, so all of them act even if several come at once."""
SETTLE_S = 0.150
"""Seconds that a dialog must have been painted before its confirming key counts. contract.md section 12."""

T = TypeVar("T")


class EscapeCameApart(Message):
    """The rest of an arrow or function key came so late that its beginning was taken for the Escape key."""


CAME_APART = "A key came in two pieces, as on a slow line: its first one was taken for Esc."
"""What is said then."""


class InRead(Struct, frozen=True):
    """A key's place in what the terminal sent at once: the `index`-th of `count`, in the burst numbered `burst`."""

    index: int
    count: int
    burst: int
    begins_burst: bool


class ReadMarks:
    """Marks the keys of one read after another; only the driver uses it."""

    def __init__(self) -> None:
        """Begin before the first read."""
        self._keys_until = float("-inf")
        self._had_keys = False
        self._burst = 0

    def mark(self, read: Iterable[Message], now: float) -> list[Message]:
        """Return the messages of one read that ended at `now` (monotonic seconds); each key and paste has its place."""
        messages = list(read)
        keys = [message for message in messages if isinstance(message, events.Key | events.Paste)]
        if not keys:
            return messages
        begins = now - self._keys_until > BURST_S
        self._had_keys = len(keys) > 1 or not _is_arrow(keys[0])
        self._burst += begins
        count = len(keys) + sum(isinstance(key, events.Paste) for key in keys)  # a paste is never one key
        for index, key in enumerate(keys):
            vars(key)["in_read"] = InRead(index, count, self._burst, begins)
        return messages

    def sent(self, now: float) -> None:
        """Note that the marked keys are on their way and we wait again; more keys may have come while we were busy."""
        if self._had_keys:
            self._keys_until, self._had_keys = now, False


def _is_arrow(key: events.Key | events.Paste) -> bool:
    """Whether the key only moves and is in no paste; a key pressed just after it was meant."""
    return isinstance(key, events.Key) and len(key.key) > 1 and key.key in MOTION_KEYS


def in_read(key: events.Key | events.Paste) -> InRead:
    """Return the key's mark; a key that no terminal sent (a test's, a program's) came alone."""
    mark = vars(key).get("in_read")
    return mark if isinstance(mark, InRead) else InRead(0, 1, -1, begins_burst=True)


def key_stands_alone(key: events.Key) -> bool:
    """Whether a person must have pressed the key: alone in its read, and with no key just before."""
    mark = in_read(key)
    return mark.begins_burst and mark.count == 1


def key_leads(key: events.Key) -> bool:
    """Whether the key is the first of its burst."""
    mark = in_read(key)
    return mark.begins_burst and mark.index == 0


class KeyedScreen(Screen[T], Generic[T]):
    """A screen that says which keys may act, and when."""

    painted_at: float | None = None
    """When the screen was last put on top and painted (monotonic seconds); None until then."""
    _takes_keys = False

    @property
    def takes_keys(self) -> bool:
        """Whether keys may come now; otherwise they wait."""
        return self._takes_keys

    def admits(self, key: events.Key) -> bool:  # noqa: ARG002 - for the screens below
        """Whether `key` may act now; a key that may not is dropped for good."""
        return True

    def passes_on(self, key: events.Key) -> bool:  # noqa: ARG002 - for the screens below
        """Whether `key` is for the screen below, so that this one gives way to it."""
        return False

    def keys_left_out(self) -> None:
        """Say that keys of a burst were dropped, if the screen has a place for it. Called once a burst."""

    def say_no_key(self, words: str) -> None:
        """Say that a key does nothing here; "" takes that back. A screen without a place for it says nothing."""

    def settled(self, key: events.Key) -> bool:
        """Whether `key` came long enough after the screen was painted, and the terminal has caught up."""
        behind = isinstance(self.app, KeyGate) and self.app.terminal_is_behind
        return self.painted_at is not None and not behind and key.time >= self.painted_at + SETTLE_S

    def hold_keys(self) -> None:
        """Let the next keys wait until `release_keys`."""
        self._takes_keys = False

    def release_keys(self) -> None:
        """Let the waiting keys through, in order."""
        self._takes_keys = True
        if isinstance(self.app, KeyGate):
            self.app.call_later(self.app.let_keys_through)

    def on_screen_resume(self) -> None:
        """The screen is on top and composed: let keys come; the paint follows."""
        self.release_keys()
        self.call_after_refresh(self._note_paint)

    def on_screen_suspend(self) -> None:
        """The screen is covered: what is confirmed later must be seen again first."""
        self.painted_at = None

    def _note_paint(self) -> None:
        if self.is_current:
            self.painted_at = time.monotonic()


class CommandScreen(KeyedScreen[T], Generic[T]):
    """A screen whose keys are commands, such as the dashboard. Its bindings must be priority bindings."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Say how to leave", show=False, priority=True)
    ]
    INTERRUPT: ClassVar[str] = "Ctrl+C ends nothing here: Esc or q leaves."
    """What Ctrl+C says."""
    OPENS_A_FIELD: ClassVar[frozenset[str]] = frozenset()
    """The keys that open a text field and do nothing else, so that the text may be typed ahead."""

    def admits(self, key: events.Key) -> bool:
        """Apply the rule of the module's docstring."""
        if _is_text_field(self.focused) or key.key in MOTION_KEYS or key_stands_alone(key):
            return True
        return key_leads(key) and key.key in self.OPENS_A_FIELD

    def action_interrupt(self) -> None:
        """Say what Ctrl+C does not do."""
        self.say_no_key(self.INTERRUPT)


def _is_text_field(widget: Widget | None) -> bool:
    """Whether keys are typed into `widget`; checked this way because importing Textual's fields takes time."""
    return widget is not None and widget.check_consume_key("a", "a")


def no_key_words(key: events.Key, screen: Screen[Any]) -> str:
    """Say that `key` means nothing on `screen`, and why that may be; "" if it means something."""
    focused, alone = screen.focused, key.is_printable and "+" not in key.key[:-1]
    bound = {name for _, bindings in screen._binding_chain for name in bindings.key_to_bindings}
    if any(name in bound for name in key.aliases) or key.key in getattr(focused, "own_keys", ()):
        return ""
    if alone and (_is_text_field(focused) or getattr(focused, "takes_letters", False)):
        return ""
    letter = key.character or ""
    if alone and letter.isalpha() and not letter.isascii():
        return f"{letter} is no key here: is another keyboard layout on?"
    if alone and letter.isupper():
        return f"{letter} is no key here: is Caps Lock on?"
    name = letter if alone else "+".join(part.capitalize() for part in key.key.split("+"))
    apart = " Esc and a letter that come together are taken for Alt." if key.key.startswith("alt+") else ""
    return f"{name.replace('_', ' ')} is no key here.{apart}"


class KeyGate(App[T], Generic[T]):
    """An app that asks the screen on top before it lets a key act, one key after the other."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Pass everything on to Textual."""
        super().__init__(*args, **options)
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._told_burst = -1
        self._told_of_key = False

    async def on_event(self, event: events.Event) -> None:
        """Queue keys and pastes from the terminal; handle everything else as usual."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._waiting.append(event)
            await self.let_keys_through()
        else:
            await super().on_event(event)

    async def let_keys_through(self) -> None:
        """Deliver the waiting keys as long as the screen on top takes them."""
        while self._waiting and self._screen_takes_keys():
            event = self._waiting.popleft()
            if isinstance(event, events.Key) and self._gives_way(event):
                self._waiting.appendleft(event)  # it waits for the screen below
                return
            if isinstance(event, events.Paste) or (self._admitted(event) and self._does_something(event)):
                await super().on_event(event)

    def _gives_way(self, key: events.Key) -> bool:
        screen = self.screen
        if not isinstance(screen, KeyedScreen) or not screen.passes_on(key):
            return False
        screen.hold_keys()
        screen.dismiss(None)
        return True

    def on_escape_came_apart(self) -> None:
        """Say why a dialog may have closed."""
        self.say_no_key(CAME_APART)

    def say_no_key(self, words: str) -> None:
        """Say on the screen on top that a key did nothing."""
        if isinstance(self.screen, KeyedScreen):
            self._told_of_key = bool(words)
            self.screen.say_no_key(words)

    def _does_something(self, key: events.Key) -> bool:
        """Whether the key means something here; if not, say so."""
        words = "" if key.key == Keys.Ignore else no_key_words(key, self.screen)
        if words or self._told_of_key:
            self.say_no_key(words)
        return not words

    @property
    def terminal_is_behind(self) -> bool:
        """Whether the terminal has not yet taken something that was painted."""
        return bool(getattr(self._driver, "is_behind", False))

    def _screen_takes_keys(self) -> bool:
        if not self.screen_stack:
            return False
        return not isinstance(self.screen, KeyedScreen) or self.screen.takes_keys

    def _admitted(self, key: events.Key) -> bool:
        screen = self.screen
        if not isinstance(screen, KeyedScreen) or screen.admits(key):
            return True
        burst = in_read(key).burst
        if burst != self._told_burst or burst < 0:
            self._told_burst = burst
            screen.keys_left_out()
        return False
