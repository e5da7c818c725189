"""The rows of the verbs on checks, and of the probe that finds out a step's true state."""

from __future__ import annotations

from backout_tui.domain.backout.states import CheckVerdict
from backout_tui.engine.verbs.table import verb_gates as at
from backout_tui.engine.verbs.table.verb import MAY_REASON, REASON, Asks, Kind, Verb, VerbField

VERDICTS = tuple(one.value for one in CheckVerdict if one)

CHECKS = (
    Verb(
        "step-probe",
        "probe_verbs.run",
        "Run the probe of a step that was started and not settled; it changes nothing.",
        label="Probe",
        key="v",
        on="step",
        gate=at.probe,
        means=at.is_probed,
        fields=(MAY_REASON,),
        asks=Asks.PREVIEW,
        waits=True,
        agrees=True,
    ),
    Verb(
        "check-record",
        "check_verbs.record",
        "Record what you see, for a check that a person looks at.",
        label="Record",
        key="v",
        on="check",
        gate=at.of_check,
        means=at.is_looked_at,
        fields=(
            VerbField("verdict", "verdict", Kind.CHOICE, required=True, choices=VERDICTS, positional=True),
            VerbField("note", "what you see", required=True, metavar="T", help="What you saw."),
        ),
        title="Check {on}: {what}",
        note="{seen}",
        enter="record it",
        said="Check {on}: {verdict}.",
    ),
    Verb(
        "check-run",
        "check_verbs.run",
        "Run a check's command.",
        label="Check",
        key="v",
        on="check",
        gate=at.run_check,
        fields=(MAY_REASON,),
        asks=Asks.PREVIEW,
        waits=True,
        more="CHECK is its letter, or `all`.",
    ),
    Verb(
        "check-doubt",
        "doubt_verbs.check",
        "Declare in doubt a check that runs where it cannot be asked from here.",
        on="check",
        fields=(REASON,),
    ),
)
