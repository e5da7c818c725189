"""The plans of the journeys: small commands that leave a line in `ran` each time they really run."""

from __future__ import annotations

HEAD = """\
# Backout plan: payments-api 4.12.0

- release: payments-api 4.12.0
- returns to: 4.11.3
- environment: production
- team: payments
- authoriser: release manager
"""

PEOPLE = """\
## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | stakeholders | Europe/London | | email:rm@example.org, phone:+44 20 7946 0000 |
| payments lead | development team | stakeholders | America/New_York | 00:00-00:00 | email:lead@example.org |
| ledger team | ledger | stakeholders | Asia/Kolkata | | email:ledger@example.org |
| sam | performer | | Europe/London | | email:sam@example.org |
"""

WHOLE_JOB = f"""\
{HEAD}- affects: ledger (ledger team)
- deployed: 2026-11-22 01:50 Europe/London
- window: 2h after deploy
- performer: sam, within 10 min

## When to back out
- 5xx on /charge above 2 % for 5 minutes

## When the release is a success
- error rate below 0.2 % for 30 minutes

## Variables
- NAMESPACE: payments

## Steps

### 1. Freeze deployments
- estimate: 2 min

Set the freeze in the deploy channel, and wait for the bot's answer.

### 2. Drain the workers
- estimate: 2 min

```sh
echo drain >> ran
echo "draining $NAMESPACE"
until [ -e go-drain ]; do sleep 0.02; done
echo 'all drained'
```

Expect: `all drained`

### 3. Stop the batch jobs
- estimate: 1 min
- if it fails: stop them in the console

```sh
echo batch >> ran
echo 'batchctl: no route to host' >&2
exit 3
```

### 4. Flush the queue

```sh
echo flush >> ran
```

### 5. Roll the deployment back
- estimate: 5-8 min

```sh timeout=600
echo 'undo to a broken revision' >> ran
```

Expect: `successfully rolled out`

### 6. Follow the rollout

```sh
echo follow >> ran
echo 'waiting for 3 of 3 pods'
sleep 600
```

### 7. Restore the ledger snapshot
- estimate: 1 min
- point of no return: charges since the deploy are gone from the ledger
- loses: charges since 01:50

```sh
echo restore >> ran
echo '0 mismatches'
```

### 8. Lift the freeze

Lift it in the deploy channel.

## Verification

### A. The old version answers
- after: 5

```sh
cat version
```

Expect: `4.11.3`

### B. Ten charges looked at

The amounts agree with the ledger.

## If the backout fails

Stop all writers, call the payments lead.

## Communication

### Started
- to: stakeholders
- by: email
- when: decision

> Subject: Backing out {{release}}
>
> We are backing out {{release}} in {{environment}}, decided by {{decided_by}}.
> Why: {{problems}}

### Finished
- to: stakeholders
- by: email
- when: end

> Subject: {{release}}: {{outcome}}
>
> Departures from the plan: {{deviations}}.

{PEOPLE}
## Rehearsals
- 2026-11-18: passed in 24 min
"""
"""One of everything that an operator does in a night."""


def step(number: int, title: str, command: str, facts: str = "") -> str:
    """A command step, as a plan writes it."""
    return f"### {number}. {title}\n{facts}\n```sh\n{command}\n```\n"


def of_steps(*steps: str) -> str:
    """A plan of these steps, with nothing else in it but the people."""
    return f"{HEAD}\n## Steps\n\n{chr(10).join(steps)}\n{PEOPLE}"


def waiting(number: int) -> str:
    """A step whose command leaves its word, prints `begun N`, waits for the file `go-N`, and prints `ended N`.

    What it prints does not stand in its text, so that a test cannot take the one for the other.
    """
    say = f"printf '%sed {number}\\n'"
    lines = (
        f"echo {number} >> ran",
        f"printf 'be%s {number}\\n' gun",
        f"until [ -e go-{number} ]; do sleep 0.02; done",
    )
    return step(number, f"Wait for go-{number}", "\n".join((*lines, f"{say} end")))


ONE_STEP = of_steps(waiting(1), step(2, "Say so", "echo 2 >> ran"))
