"""The rows of the verbs that end a backout, and of the controls."""

from __future__ import annotations

from backout_tui.domain.backout.choices import OUTCOMES
from backout_tui.engine.verbs.table import verb_gates as at
from backout_tui.engine.verbs.table.verb import MAY_REASON, REASON, Asks, Kind, Verb, VerbField

END = (
    Verb(
        "verdict",
        "decision_verbs.verdict",
        "Say whether it worked: give the verdict.",
        label="Verdict",
        key="X",
        means=at.has_no_verdict,
        fields=(
            VerbField("outcome", "outcome", Kind.CHOICE, required=True, choices=OUTCOMES, positional=True),
            VerbField("reason", "why", metavar="T", hint="needed when checks have not passed", help="Why."),
        ),
        asks=Asks.OWN,
        title="Did it work?",
        said="The verdict is {outcome}. X closes the backout.",
    ),
    Verb(
        "close",
        "decision_verbs.close",
        "Close the backout; a reason covers what is left open.",
        label="Close",
        key="X",
        fields=(
            VerbField("reason", "remark", metavar="T", help="Why it may be closed with what is left open."),
            VerbField("outcome", "outcome", Kind.CHOICE, choices=OUTCOMES, metavar="OUTCOME"),
        ),
        asks=Asks.OWN,
        title="Close the backout",
        enter="close it",
    ),
    Verb(
        "agree",
        "control_verbs.agree",
        "Give the controls to whoever asked for them last.",
        label="Agree",
        key="T",
        gate=at.asked,
        means=at.is_asked,
        asks=Asks.OWN,
        more="Prints the brief for them.",
    ),
    Verb(
        "hand-over",
        "control_verbs.hand_over",
        "Give the controls to somebody, with a brief.",
        label="Hand over",
        key="T",
        gate=at.hand_over,
        means=at.is_mine,
        fields=(
            VerbField(
                "to",
                "to",
                Kind.PERSON,
                metavar="NAME",
                hint="nobody: whoever comes",
                help="Who takes them; without a name, whoever comes.",
            ),
        ),
        asks=Asks.OWN,
        title="Hand over the controls",
        enter="hand over",
    ),
    Verb(
        "take-over",
        "control_verbs.take_over",
        "Take the controls, or ask for them.",
        label="Take over",
        key="T",
        gate=at.take_over,
        fields=(
            MAY_REASON,
            VerbField(
                "ask", kind=Kind.FLAG, help="Only ask whoever has them: they agree with one key, or `do ... agree`."
            ),
            VerbField(
                "adopt",
                kind=Kind.FLAG,
                help="Go on in a copy (restored, moved): it becomes a database of its own.",
            ),
        ),
        asks=Asks.OWN,
        more=(
            "It needs a reason. Whoever has them and is there is asked first: after 60 seconds without an answer a"
            " reason takes them. A copy of the database is adopted first."
        ),
    ),
    Verb(
        "keep",
        "control_verbs.keep",
        "Keep the controls, and say so to whoever asked for them last.",
        label="Keep",
        gate=at.asked,
        asks=Asks.AT_ONCE,
        said="You keep the controls, and whoever asked is told so.",
    ),
    Verb(
        "session-doubt",
        "doubt_verbs.session",
        "Declare gone the session that has the controls, where it cannot be asked from here whether it lives.",
        fields=(VerbField("whose", required=True, positional=True, option="session", metavar="SESSION|HOLDER"), REASON),
    ),
    Verb(
        "reason",
        "note_verbs.complete_reason",
        "Complete a reason that was thin.",
        label="Reason",
        gate=at.complete_reason,
        fields=(
            VerbField("seq", "the reason for", Kind.NUMBER, required=True, option="event", positional=True),
            VerbField("text", "in full", required=True, positional=True),
        ),
        asks=Asks.OWN,
        more="EVENT is the number, in the log, of the event that gave it.",
        title="Complete a reason",
        note="What was said in the night stays in the log beside it.",
        enter="complete it",
    ),
)
