"""The plan of the scenes: payments-api 4.12.0 back to 4.11.3, a step of every kind, contacts in three zones."""

from __future__ import annotations

from backout_tui.domain.plan.plan import Block, Check, Contact, Fact, Message, Part, Plan, Section, Step, Variable
from backout_tui.domain.values import replace


def facts(**given: str) -> tuple[Fact, ...]:
    """Facts by their keys, `_` standing for a space."""
    return tuple(Fact(key.replace("_", " "), value) for key, value in given.items())


def text(words: str) -> Block:
    """Prose."""
    return Block("text", words)


def fence(command: str, info: str = "sh") -> Block:
    """A fenced command."""
    return Block("fence", command, info)


def expect(words: str) -> Block:
    """What the output has to hold, as written."""
    return Block("expect", words)


STEPS = (
    Step(
        "1",
        "Freeze deployments",
        facts(owner="deployment engineer", estimate="2 min", before_the_decision=""),
        (text("Set the freeze in the deploy channel, and wait for the bot's answer."),),
    ),
    Step("2", "Drain the workers", facts(estimate="3 min"), (fence("kubectl scale deploy/worker --replicas=0"),)),
    Step("3", "Stop the batch jobs", facts(estimate="1 min"), (fence("batchctl stop --all"),)),
    Step(
        "4",
        "Roll the deployment back",
        facts(estimate="5-8 min", if_it_fails="scale the old replica set by hand", on="ops-1"),
        (
            fence('kubectl -n "$NAMESPACE" rollout undo deployment/payments-api', "sh timeout=600"),
            expect("`successfully rolled out`"),
        ),
    ),
    Step(
        "5",
        "Restore the ledger snapshot",
        facts(
            estimate="4 min",
            point_of_no_return="charges since the deploy are gone from the ledger",
            loses="charges since 01:50",
            required="",
        ),
        (fence("ledgerctl restore --snapshot pre-4.12.0"),),
    ),
    Step(
        "6",
        "Warm the caches",
        facts(estimate="4 min"),
        children=(
            Step("6.1", "Warm eu-west", blocks=(fence("warm --region eu-west"),)),
            Step("6.2", "Warm us-east", blocks=(fence("warm --region us-east"),)),
        ),
    ),
    Step("7", "Start the batch jobs", facts(estimate="1 min"), (fence("batchctl start --all"),)),
    Step("8", "Start the workers", facts(estimate="2 min"), (fence("kubectl scale deploy/worker --replicas=6"),)),
    Step("9", "Lift the freeze", facts(optional=""), (text("Lift the freeze in the deploy channel."),)),
)

CHECKS = (
    Check(
        "A",
        "Error rate is back to normal",
        facts(after="4"),
        (fence("errors --below 0.2"), expect("`below`")),
    ),
    Check("B", "Ten charges looked at", blocks=(text("The amounts agree with the ledger."),)),
    Check("C", "Dashboards are green", facts(optional="")),
)

MESSAGES = (
    Message(
        "Started",
        facts(to="stakeholders", by="email", when="decision"),
        "Subject: Backing out {release}\n\nWe are backing out {release} in {environment}. Expected finish: {finish}.",
    ),
    Message("Ledger", facts(to="ledger team", by="email", when="after 5"), "The ledger snapshot was restored."),
    Message("Finished", facts(to="stakeholders", by="email", when="end"), "{release}: {outcome}."),
)

CONTACTS = (
    Contact(
        "release manager",
        "authoriser",
        ("stakeholders",),
        "Europe/London",
        "22:00-07:00",
        ("email:release-manager@example.org", "phone:+44 20 7946 0000"),
    ),
    Contact(
        "payments lead",
        "development team",
        ("stakeholders",),
        "America/New_York",
        "",
        ("email:payments-lead@example.org",),
    ),
    Contact("ledger team", "ledger", ("stakeholders",), "Asia/Kolkata", "", ("email:ledger-team@example.org",)),
    Contact("sam", "performer", (), "Europe/London", "", ("email:sam@example.org",)),
)

PLAN = Plan(
    "payments-api 4.12.0",
    facts(
        release="payments-api 4.12.0",
        returns_to="4.11.3",
        environment="production",
        team="payments",
        affects="ledger (ledger team)",
        deployed="2026-11-22 01:50 Europe/London",
        window="2h after deploy",
        authoriser="release manager",
        proxy="payments lead after 10 min",
        performer="sam, within 10 min",
    ),
    when=Section("When to back out", items=("5xx on /charge above 2 % for 5 minutes", "any ledger mismatch")),
    success=Section("When the release is a success", items=("error rate below 0.2 % for 30 minutes",)),
    variables=(Variable("NAMESPACE", "payments"), Variable("TOKEN", flag="secret")),
    parts=(Part("", "", STEPS),),
    checks=CHECKS,
    contingency=Section("If the backout fails", "Stop all writers, call the payments lead."),
    messages=MESSAGES,
    contacts=CONTACTS,
)

TIMED = replace(PLAN, parts=(Part("", "", (*STEPS[:-1], replace(STEPS[-1], facts=facts(estimate="1 min")))),))
"""The same plan, in which step 9 says too how long it takes."""
UNDATED = replace(PLAN, facts=tuple(fact for fact in PLAN.facts if fact.key != "deployed"))
"""The same plan, which does not say when the release was deployed."""

EMPTY = Plan("", facts(release="payments-api 4.12.0", returns_to="4.11.3", environment="production"))

OPTIONS = Plan(
    "payments-api 4.12.0",
    PLAN.facts,
    parts=(
        Part("", "", (Step("1", "Freeze deployments", facts(estimate="2 min")),)),
        Part(
            "option",
            "A: roll back",
            (
                Step("A1", "Roll the deployment back", facts(estimate="5 min"), (fence("rollout undo"),)),
                Step(
                    "A2",
                    "Warm the caches",
                    blocks=(text("First the one."), fence("warm --region eu-west"), fence("warm --region us-east")),
                ),
            ),
        ),
        Part(
            "option",
            "B: by hand",
            (Step("B1", "Scale the old replica set", facts(estimate="12 min"), (fence("scale old"),)),),
        ),
        Part("phase", "Afterwards", (Step("2", "Lift the freeze"),)),
    ),
    checks=CHECKS,
    contacts=CONTACTS,
)
