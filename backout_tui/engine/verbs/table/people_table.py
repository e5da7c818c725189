"""The rows of messages, phone calls and notes."""

from __future__ import annotations

from backout_tui.domain.backout.choices import CallResult
from backout_tui.engine.verbs.table.verb import REASON, Asks, Kind, Verb, VerbField

RESULTS = tuple(one.value for one in CallResult)
_ARRIVED = ("sent", "not-sent")

PEOPLE = (
    Verb(
        "message-send",
        "message_verbs.send",
        "Send a message of the plan, or write one.",
        label="Message",
        key="m",
        on="message",
        asks=Asks.PREVIEW,
        waits=True,
        agrees=True,
        more="It goes to everybody who has not got it yet.",
        title="Tell people",
    ),
    Verb(
        "message-write",
        "message_verbs.write",
        "Write a message on the spot; it is a draft until it is sent.",
        label="Write",
        fields=(
            VerbField(
                "to",
                "to",
                Kind.PEOPLE,
                required=True,
                metavar="A,B",
                hint="names or groups, with commas (↓)",
                help="Contacts or groups.",
            ),
            VerbField("by", default="email", metavar="CHANNEL"),
            VerbField("subject", "subject", required=True, in_line=False),
            VerbField("text", "text", required=True, lines=6, metavar="T"),
        ),
        asks=Asks.OWN,
        title="Write a message",
        enter="preview it",
    ),
    Verb(
        "message-resolve",
        "message_verbs.resolve",
        "Say whether a message in doubt arrived.",
        on="message",
        fields=(
            VerbField("recipient", "to", Kind.CHOICE, required=True, positional=True),
            VerbField("as_", "it was", Kind.CHOICE, required=True, choices=_ARRIVED, option="truth", positional=True),
            VerbField("reason", "how you know", required=True, metavar="T", help="How you know."),
        ),
        asks=Asks.OWN,
        title="“{what}” is in doubt",
        enter="record it",
        said="{recipient}: {as_}, as you say.",
    ),
    Verb(
        "message-doubt",
        "doubt_verbs.message",
        "Declare in doubt a message that is being sent where it cannot be asked from here.",
        on="message",
        fields=(REASON,),
    ),
    Verb(
        "call-log",
        "call_verbs.log",
        "Log a phone call that you made.",
        label="Call",
        key="k",
        fields=(
            VerbField(
                "name", "who", Kind.PERSON, required=True, contact=True, positional=True, hint="↓ names of the plan"
            ),
            VerbField("result", "result", Kind.CHOICE, required=True, choices=RESULTS, positional=True),
            VerbField("note", "what was said", metavar="T", help="What was said."),
            VerbField(
                "follow_up",
                "call again",
                Kind.AHEAD,
                metavar="WHEN",
                hint="10 min, or 03:40; nothing: no need",
                help="`10 min`, `03:40` (the next one), `03:40 GMT`, or an RFC 3339 time.",
            ),
        ),
        asks=Asks.OWN,
        title="Log a call",
        enter="log it",
        said="The call to {name} is logged.",
    ),
    Verb(
        "note",
        "note_verbs.add",
        "Write a note into the log.",
        label="Note",
        key="n",
        types=True,
        fields=(VerbField("text", "note", required=True, positional=True),),
        title="Write a note",
        enter="log it",
        said="The note is in the log.",
    ),
)
