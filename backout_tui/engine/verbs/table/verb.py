"""A verb as one row: its name, when it applies, what it asks for, and which function carries it out."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import Any

from msgspec import Struct

from backout_tui.domain.refusal import CHOICE, CONDITION, TICKS, Refusal
from backout_tui.engine.verbs.table import verb_gates
from backout_tui.engine.verbs.table.verb_gates import At, Gate


class Kind(StrEnum):
    """What a field accepts. The dialog and the command line can each ask for every kind."""

    TEXT = "text"  # any text
    CHOICE = "choice"  # one of the field's choices
    PERSON = "person"  # a name; the plan's people are suggested
    PEOPLE = "people"  # names or groups, separated by commas
    STEP = "step"  # a step's number
    AHEAD = "ahead"  # a moment in the future: `10 min`, `03:40`, an RFC 3339 time
    BEHIND = "behind"  # a moment in the past
    NUMBER = "number"  # a whole number
    MANY = "many"  # a text that can be given several times
    FLAG = "flag"  # given or not


class Asks(StrEnum):
    """How the dashboard asks for a verb's fields."""

    FIELDS = "fields"  # in a dialog made from the row
    AT_ONCE = "at once"  # not at all: the key is enough
    PREVIEW = "preview"  # by showing everything that will run or be sent, to be confirmed
    OWN = "own"  # in an action of its own, which takes its fields from the row


class VerbField(Struct, frozen=True):
    """One value that a verb asks for.

    `name` is the parameter of the verb's function. `required` means that the verb can't do without it; `filled` means
    that only the dialog refuses to leave it empty. `prompt` is the label in the dialog, "" when only the command line
    asks. `hint` is shown in the empty field, which is `lines` high. `option` is its name on the command line, if that
    differs; `help` is its line in `--help`. `positional` means that it has no `--`. `in_line` means that the command
    line asks for it too. `contact` means that a contact of the plan is expected; anybody else is remarked.
    """

    name: str
    prompt: str = ""
    kind: Kind = Kind.TEXT
    required: bool = False
    filled: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""
    hint: str = ""
    lines: int = 1
    help: str = ""
    option: str = ""
    metavar: str = ""
    positional: bool = False
    in_line: bool = True
    contact: bool = False

    @property
    def in_dialog(self) -> bool:
        """Whether the dialog asks for it."""
        return bool(self.prompt)


REASON = VerbField("reason", "why", required=True, help="Why.", metavar="T")
"""A reason that the verb requires."""
MAY_REASON = VerbField("reason", "why", help="Why.", metavar="T")
"""An optional reason."""
NOTE = VerbField("note", "what you saw", help="What you saw.", metavar="T")
"""What somebody saw."""

LIFTED_BY_ITS_DIALOG = frozenset({"reason", "note", CHOICE, CONDITION, TICKS})
"""What a verb's dialog asks for anyway: a refusal that one of these lifts doesn't dim the key."""


def always(_: At) -> bool:
    """True: for a verb that shares its key with no other."""
    return True


class Verb(Struct, frozen=True):
    """One thing that an operator can do.

    `does` names the function, in this room: "step_verbs.skip". It gets the operator, the id of the item it acts on if
    there is an `on`, and the fields by name. `key` is the key as people read it, "" when only the palette has the verb.
    `label` is its name in the footer, "" when only the command line has it. When several verbs share a key, the first
    one whose `means` returns True is meant. `types` says that the key opens a text field at once.

    `deviation`: it departs from the plan, so it can record who agreed and for which problem. `glass`: breaking the
    glass lifts its gate. `waits`: it starts something, and `--wait` waits for the outcome. `agrees`: the command line
    asks for confirmation, unless `--yes` is given. `in_doubt`: the key's label for a step in doubt. `makes`: what it
    creates. `more` follows the help in `--help`.

    `title`, `note`, `enter` and `said` are the dialog's heading, the text above its fields, what Enter does, and the
    text shown afterwards. In them `{on}` is the item it acts on, `{what}` the item's title, `{created}` the id of what
    it made, and `{seen}` what was seen so far in a check; any other name is a field.
    """

    id: str
    does: str
    help: str
    label: str = ""
    key: str = ""
    gate: Gate = verb_gates.act
    on: str = ""
    fields: tuple[VerbField, ...] = ()
    asks: Asks = Asks.FIELDS
    types: bool = False
    deviation: bool = False
    glass: bool = False
    waits: bool = False
    agrees: bool = False
    in_doubt: str = ""
    makes: str = ""
    means: Callable[[At], bool] = always
    more: str = ""
    title: str = ""
    note: str = ""
    enter: str = "save"
    said: str = ""

    def refusal(self, at: At) -> Refusal | None:
        """Why the verb doesn't apply here; None when it does."""
        return self.gate(at)

    def field(self, name: str) -> VerbField:
        """The field with that name. Raises KeyError when there is none."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def function(self) -> Callable[..., Any]:
        """The function that carries the verb out; it is imported now."""
        module, _, name = self.does.rpartition(".")
        module = module if "." in module else f"backout_tui.engine.verbs.{module}"
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function
