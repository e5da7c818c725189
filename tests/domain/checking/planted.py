"""A plan in which nothing is found, and for each rule the same plan with one fault planted in it."""

from __future__ import annotations

from dataclasses import dataclass

VALID = """# Backout plan: payments-api 4.12.0

- release: payments-api 4.12.0
- returns to: 4.11.3
- environment: production
- team: payments
- affects: ledger (ledger team)
- deployed: 2026-11-22 01:50 Europe/London
- window: 2h after deploy
- authoriser: release manager
- proxy: payments lead
- performer: deployment engineer, within 10 min

The release changed how charges are written; see https://wiki.example.org/payments for why.

## When to back out
- 5xx on /charge above 2 % for 5 minutes
- any ledger mismatch

## When the release is a success
- error rate below 0.2 % for 30 minutes

## Components
| component | version | returns to |
|---|---|---|
| ledger-agent | 2.7 | 2.6 |

## Variables
- NAMESPACE: payments
- REPLICAS: 3
- DB_PASSWORD: (secret)

## Risks
- charges of the last hour keep the new format

## Steps

### 1. Freeze deployments
- owner: deployment engineer
- estimate: 2 min

Set the freeze in the deploy channel.

### 2. Roll the deployment back
- owner: deployment engineer
- estimate: 5-8 min

```bash timeout=600
for part in api worker; do
    kubectl -n "$NAMESPACE" set image "deployment/payments-$part" "app=payments-$part:4.11.3"
done
kubectl -n "$NAMESPACE" scale deployment/payments-api --replicas="$REPLICAS"
# the old logs: tail -f /var/log/payments – nothing to run
```

### 3. Restore the ledger
- estimate: 10 min
- point of no return: postings since 01:50 are overwritten
- if it fails: stop all writers, and call the ledger team

```sh
PGPASSWORD="$DB_PASSWORD" pg_restore -d ledger /backups/2026-11-22/ledger.dump
```

Expect: `restored`

### 4. Warm the caches
- estimate: 4 min

#### 4.1 Warm the first
Open the first page.

#### 4.2 Warm the second
Open the second page.

## Verification

### A. The old version answers
- after: 2

```sh
curl -fsS http://payments.example.org/version
```

Expect: `4.11.3`

### B. No pod restarts
```sh
test "$(restarts --in payments)" = 0
```

### C. Ten charges looked at
The amounts agree with the ledger.

## Communication

### Started
- to: stakeholders
- by: email
- when: decision

> Subject: Backing out {release}
>
> We are backing out {release} in {environment}.

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| release manager | authoriser | stakeholders | Europe/London | 22:00-07:00 | email:rm@example.org, phone:+44 20 |
| payments lead | development team | stakeholders | America/New_York | 22:00-07:00 | email:lead@example.org |
| ledger team | ledger | stakeholders | UTC | | email:ledger@example.org |
| deployment engineer | performer | | Europe/London | | email:deploy@example.org |

## Rehearsals
- 2026-11-18: passed in 24 min, with 4.10.0 in staging
"""


@dataclass(frozen=True)
class Fault:
    """One fault: what is replaced in VALID by what, and where it is found."""

    find: str
    put: str
    item: str = ""
    severity: str = "error"

    @property
    def text(self) -> str:
        """The plan with the fault in it."""
        assert VALID.count(self.find) == 1, self.find
        return VALID.replace(self.find, self.put)


PLANTED: dict[str, Fault] = {
    "other-version": Fault('payments-$part:4.11.3"', 'payments-$part:4.10.1"', "step 2"),
    "other-environment": Fault("http://payments.example.org", "http://payments.staging.example.org", "check A"),
    "unknown-owner": Fault(
        "- estimate: 10 min\n- point", "- owner: database team\n- estimate: 10 min\n- point", "step 3", "warning"
    ),
    "no-channel": Fault("| email:ledger@example.org |", "| |", "contact ledger team"),
    "quiet-without-zone": Fault("| Europe/London | 22:00-07:00 |", "| | 22:00-07:00 |", "contact release manager"),
    "unset-variable": Fault('"deployment/payments-$part"', '"$DEPLOYMENT"', "step 2"),
    "unused-variable": Fault("- REPLICAS: 3\n", "- REPLICAS: 3\n- SURGE: 1\n", "variable SURGE", "warning"),
    "secret-in-text": Fault('PGPASSWORD="$DB_PASSWORD"', 'PGPASSWORD="$DB_PASSWORD" PASSWORD=hunter22', "step 3"),
    "asserts-nothing": Fault("The amounts agree with the ledger.\n", "", "check C"),
    "no-contingency": Fault("- if it fails: stop all writers, and call the ledger team\n", "", "step 3"),
    "no-estimate": Fault(
        "- owner: deployment engineer\n- estimate: 2 min\n", "- owner: deployment engineer\n", "step 1", "warning"
    ),
    "over-window": Fault("- estimate: 10 min\n- point", "- estimate: 3 h\n- point"),
    "curly-quote": Fault('--replicas="$REPLICAS"', "--replicas=“$REPLICAS”", "step 2"),
    "bidi-character": Fault("scale deployment/payments-api", "scale deployment/\u202epayments-api", "step 2"),
    "confusable-character": Fault("deployment/payments-api --replicas", "deployment/payments-api –replicas", "step 2"),
    "other-shell": Fault('test "$(restarts --in payments)" = 0', "[[ $(restarts --in payments) = 0 ]]", "check B"),
    "wants-a-person": Fault(
        '    kubectl -n "$NAMESPACE" set', '    sudo kubectl -n "$NAMESPACE" set', "step 2", "warning"
    ),
    "pipe-closed-early": Fault(
        "for part in api", "kubectl get pods | grep -q api\nfor part in api", "step 2", "warning"
    ),
    "blank-after-backslash": Fault(
        "restore -d ledger /backups", "restore -d ledger \\ \n  /backups", "step 3", "warning"
    ),
    "never-ends": Fault("curl -fsS http://payments.example.org/version", "journalctl -f -u payments", "check A"),
    "probe-form": Fault("- estimate: 5-8 min\n", "- estimate: 5-8 min\n- probe: `a` or `b`\n", "step 2"),
    "until-form": Fault("- estimate: 5-8 min\n", "- estimate: 5-8 min\n- until: every now and then\n", "step 2"),
    "for-each-form": Fault("- estimate: 5-8 min\n", "- estimate: 5-8 min\n- for each: api, worker, api\n", "step 2"),
    "capture-form": Fault("- estimate: 5-8 min\n", "- estimate: 5-8 min\n- capture: the version\n", "step 2"),
    "silence-form": Fault("see https", "<!-- silence no-such-rule: because -->\nsee https", "", "warning"),
    "silence-unused": Fault(
        "Set the freeze", "<!-- silence no-estimate: it was timed -->\nSet the freeze", "step 1", "warning"
    ),
}
"""By rule; those that need more than the text are planted where they are tried."""
