"""The rows of problems and of the decision."""

from __future__ import annotations

from backout_tui.domain.backout.choices import DecisionKind, ProblemKind, Seen, Severity
from backout_tui.engine.verbs.table import verb_gates as at
from backout_tui.engine.verbs.table.verb import REASON, Asks, Kind, Verb, VerbField

SEVERITIES = tuple(one.value for one in Severity)
KINDS = tuple(one.value for one in ProblemKind)
SEEN = tuple(one.value for one in Seen)
DECISIONS = tuple(one.value for one in DecisionKind)

_SEVERITY = VerbField("severity", "severity", Kind.CHOICE, choices=SEVERITIES)
_KIND = VerbField("kind", "kind", Kind.CHOICE, choices=KINDS)
_SEEN = VerbField("seen", "deployment", Kind.CHOICE, choices=SEEN, hint="seen during or after it")
_DETAIL = VerbField("detail", "detail", lines=3, metavar="T")

PROBLEMS = (
    Verb(
        "problem-add",
        "problem_verbs.log",
        "Log what is wrong; a title is enough.",
        label="Problem",
        key="p",
        types=True,
        fields=(
            VerbField("title", "what is wrong", required=True, positional=True),
            VerbField("severity", "", Kind.CHOICE, choices=SEVERITIES, default="critical"),
            VerbField("kind", "", Kind.CHOICE, choices=KINDS, default="fault"),
            VerbField("detail", metavar="T", help="More about it."),
            VerbField(
                "seen", "", Kind.CHOICE, choices=SEEN, default="after", help="Seen during the deployment, or after it."
            ),
            VerbField("assign", kind=Kind.PERSON, metavar="NAME", contact=True, help="Who is to mend it."),
        ),
        makes="problem",
        more="It is logged at once, as a critical defect.",
        title="Log a problem",
        enter="log it",
        said="{created} is logged as critical, assigned to nobody yet. Enter opens it; c adds details.",
    ),
    Verb(
        "decide",
        "decision_verbs.decide",
        "Record who decided what, and why.",
        label="Decide",
        key="D",
        gate=at.decide,
        fields=(
            VerbField(
                "by",
                "decided by",
                Kind.PERSON,
                required=True,
                metavar="NAME",
                hint="↓ who may decide",
                help="Who decided.",
            ),
            REASON,
            VerbField("kind", "decision", Kind.CHOICE, choices=DECISIONS, default="back-out", positional=True),
            VerbField(
                "agreed",
                "agreed how",
                metavar="T",
                hint="by phone, by mail, in the channel",
                help="How the authoriser agreed, when they are not here.",
            ),
        ),
        asks=Asks.OWN,
        glass=True,
        title="Decide",
        enter="record it",
    ),
    Verb(
        "problem-edit",
        "problem_verbs.change",
        "Change what is known of a problem.",
        label="Change",
        key="c",
        on="problem",
        gate=at.of_problem,
        means=at.is_on_problem,
        fields=(
            VerbField("title", "what is wrong", filled=True, metavar="T"),
            _SEVERITY,
            _KIND,
            _SEEN,
            VerbField("assignee", "assigned to", Kind.PERSON, contact=True, hint="↓ names of the plan", in_line=False),
            _DETAIL,
        ),
        asks=Asks.OWN,
    ),
    Verb(
        "problem-assign",
        "problem_verbs.assign",
        "Assign a problem to somebody.",
        label="Assign",
        on="problem",
        gate=at.of_problem,
        fields=(
            VerbField(
                "name", "to", Kind.PERSON, required=True, contact=True, positional=True, hint="↓ names of the plan"
            ),
        ),
        title="Assign {on}",
        enter="assign",
        said="{on} is assigned to {name}.",
    ),
    Verb(
        "problem-resolve",
        "problem_verbs.resolve",
        "Say that a problem is resolved.",
        label="Resolve",
        on="problem",
        gate=at.of_problem,
        fields=(VerbField("note", "how", filled=True, metavar="T", help="How it was resolved."),),
        title="{on} is resolved",
        enter="resolve",
        said="{on} is resolved.",
    ),
)
