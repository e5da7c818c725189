"""The rows of the verbs that change the steps of a backout, and of the choices in a plan."""

from __future__ import annotations

from backout_tui.engine.verbs.table import verb_gates as at
from backout_tui.engine.verbs.table.verb import MAY_REASON, REASON, Asks, Kind, Verb, VerbField

YES_NO = ("yes", "no")

CHANGES = (
    Verb(
        "step-change",
        "step_verbs.change",
        "Change a step in this backout; the plan stays as it is.",
        label="Change",
        key="c",
        on="step",
        gate=at.change_step,
        fields=(
            VerbField("title", "title", filled=True, metavar="T"),
            VerbField("command", "command", lines=4, metavar="T"),
            VerbField(
                "expects",
                "must print",
                Kind.MANY,
                option="expect",
                lines=2,
                metavar="T",
                hint="a text, or /a pattern/; one a line",
                help="What it must print; give it again for each line.",
            ),
            VerbField("no_expect", kind=Kind.FLAG, help="Nothing is expected of what it prints: exit 0 is enough."),
            VerbField("instruction", "instruction", lines=2, metavar="T"),
            REASON,
        ),
        asks=Asks.OWN,
        deviation=True,
        more="What changes is shown line by line. What it must print stays, unless you say it anew.",
        title="Change step {on}",
        enter="change it",
    ),
    Verb(
        "step-add",
        "step_verbs.add",
        "Add a step after this one, or at the end.",
        label="Add",
        key="a",
        types=True,
        fields=(
            VerbField("title", "what is done", required=True, positional=True),
            VerbField("after", kind=Kind.STEP, metavar="STEP", help="The step it comes after; else it is the last."),
            VerbField("command", "command", lines=2, metavar="T"),
            VerbField("instruction", metavar="T"),
            MAY_REASON,
        ),
        asks=Asks.OWN,
        deviation=True,
        makes="step",
        enter="add it",
        said="Step {created} is added.",
    ),
    Verb(
        "step-move",
        "step_verbs.move",
        "Move a step after another; it keeps its number.",
        label="Move",
        key="o",
        on="step",
        gate=at.move,
        fields=(
            VerbField("after", "after step", Kind.STEP, required=True, metavar="STEP", hint="its number"),
            REASON,
        ),
        asks=Asks.OWN,
        deviation=True,
        title="Move step {on}: {what}",
        enter="move it",
        said="Step {on} now comes after {after}.",
    ),
    Verb(
        "option-choose",
        "step_verbs.choose_option",
        "Choose among the plan's exclusive ways.",
        label="Option",
        gate=at.choose,
        fields=(VerbField("name", "way", Kind.CHOICE, required=True, positional=True), REASON),
        asks=Asks.OWN,
        deviation=True,
        title="Choose one way",
        note="The steps of the ways you do not choose are then not needed.",
        enter="choose",
    ),
    Verb(
        "step-condition",
        "step_verbs.answer",
        "Say whether a step's condition (`only if`) holds.",
        label="Condition",
        on="step",
        gate=at.answer,
        fields=(
            VerbField(
                "answered", "does it hold", Kind.CHOICE, required=True, choices=YES_NO, option="answer", positional=True
            ),
        ),
        asks=Asks.OWN,
        enter="answer",
    ),
    Verb(
        "var-set",
        "step_verbs.set_variable",
        "Give one of the plan's variables its value in this backout.",
        label="Variable",
        gate=at.set_variable,
        fields=(
            VerbField("name", "variable", Kind.CHOICE, required=True, positional=True),
            VerbField("value", "value", required=True, positional=True),
            MAY_REASON,
        ),
        asks=Asks.OWN,
        title="Set a variable",
        enter="set",
        said="{name} is set.",
    ),
    Verb(
        "deployed-at",
        "deployment_verbs.say",
        "Say when the release was deployed: the window counts from it.",
        label="Deployed",
        fields=(
            VerbField(
                "when",
                "deployed",
                Kind.BEHIND,
                required=True,
                positional=True,
                metavar="T",
                hint="01:50, 20 min ago, or a full time",
            ),
        ),
        asks=Asks.OWN,
        more="T is `01:50`, `20 min ago` or an RFC 3339 time; or `unknown`.",
        title="When was the release deployed?",
    ),
)
