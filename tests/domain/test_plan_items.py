"""The items of a plan: what each says, what it is known by, and when it is another one."""

from __future__ import annotations

from hypothesis import given, settings

from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_items import PlanItem, concerned, everything_of, items_of, named, plain_title
from backout_tui.domain.values import replace
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples
from tests.planfile.plans import plans

TEXT = """# Backout plan: web 2.0

- release: web 2.0
- returns to: 1.9
- window: 2h after deploy

## When to back out
- 5xx above 2 %
- a customer calls

## When the release is a success
- it is quiet for an hour

## Variables
- TARGET: blue
- TOKEN: (secret)

## Steps

### 1. Freeze
- owner: sam

Say so.

### 2. Return to 1.9

```sh timeout=60
deploy 1.9
```

Expect: `deployed`

### 3. Restart both
First:

```sh
restart one
```

Then:

```sh
restart two
```

#### 3.3 Look at it

## Verification

### A. It answers
```sh
curl -f web
```

## If the backout fails
Call the lead.

## Communication

### Started
- to: everybody

> We are backing out.

## Contacts

| name | role | groups | zone | quiet | reach |
|---|---|---|---|---|---|
| sam | performer | everybody | UTC | | email:sam@example.org |
"""
PLAN = read_plan(TEXT)
ITEMS = {item.label: item for item in items_of(PLAN)}


def changed(before: str, after: str) -> set[str]:
    """The labels of the items whose hash becomes another when the text is changed so."""
    assert before in TEXT
    now = {item.label: item.hash for item in items_of(read_plan(TEXT.replace(before, after, 1)))}
    return {label for label, item in ITEMS.items() if now.get(label) != item.hash} | (now.keys() - ITEMS.keys())


def test_every_kind_is_an_item_of_its_own_and_a_command_apart_from_its_step() -> None:
    assert list(ITEMS) == [
        "window", "criterion 1", "criterion 2", "criterion 3", "variable TARGET", "variable TOKEN", "step 1", "step 2",
        "command 2", "step 3", "command 3.1", "command 3.2", "step 3.3", "check A", "section If the backout fails",
        "message Started", "contact sam",
    ]  # fmt: skip


def test_an_item_says_all_that_it_says() -> None:
    assert ITEMS["step 1"].lines == ("Freeze", "owner: sam", "Say so.")
    assert ITEMS["command 2"].lines == ("```sh timeout=60", "deploy 1.9", "Expect: `deployed`")
    assert ITEMS["command 3.2"].lines == ("```sh", "restart two")
    assert ITEMS["criterion 3"].lines == ("When the release is a success: it is quiet for an hour",)
    assert ITEMS["variable TOKEN"].lines == ("(secret)",)
    assert ITEMS["contact sam"].lines == (
        "role: performer",
        "groups: everybody",
        "zone: UTC",
        "reach: email:sam@example.org",
    )


def test_what_is_changed_changes_that_item_and_no_other() -> None:
    assert changed("owner: sam", "owner: kim") == {"step 1"}
    assert changed("deploy 1.9", "deploy 1.8") == {"command 2"}
    assert changed("`deployed`", "`rolled`") == {"command 2"}
    assert changed("timeout=60", "timeout=90") == {"command 2"}
    assert changed("restart two", "restart 2") == {"command 3.2"}
    assert changed("TARGET: blue", "TARGET: green") == {"variable TARGET"}
    assert changed("curl -f web", "curl web") == {"check A"}
    assert changed("We are", "We were") == {"message Started"}
    assert changed("sam@example.org", "kim@example.org") == {"contact sam"}
    assert changed("above 2 %", "above 3 %") == {"criterion 1"}
    assert changed("2h after", "3h after") == {"window"}
    assert changed("Call the lead.", "Call the desk.") == {"section If the backout fails"}
    assert changed("returns to: 1.9", "returns to: 1.8") == set()


def test_where_it_stands_and_what_rule_is_silenced_in_it_are_no_part_of_what_it_says() -> None:
    assert changed("# Backout plan: web 2.0\n", "# Backout plan: web 2.0\n\n\n") == set()
    assert changed("Say so.", "Say so.\n<!-- silence other-version: it is meant -->") == {"silence 1"}


def test_an_item_is_known_by_kind_and_title_whatever_number_and_version_it_bears() -> None:
    before = next(item for item in ITEMS.values() if item.label == "step 2")
    after = items_of(read_plan(TEXT.replace("### 2. Return to 1.9", "### 7. return  to 2.0-rc1")))
    (same,) = [item for item in after if item.key == before.key]
    assert (same.label, same.hash == before.hash) == ("step 7", False)
    assert plain_title("  Roll V2  back to v1.2.3 ") == "roll v2 back to #"


def test_two_items_with_one_title_are_two() -> None:
    twice = items_of(read_plan(TEXT.replace("### 1. Freeze", "### 1. Restart both")))
    keys = [item.key for item in twice if item.kind == "step"]
    assert len(keys) == len(set(keys))


def test_a_silence_is_another_one_when_the_text_that_it_is_said_of_is_another() -> None:
    comment = "<!-- silence other-version at step 2: meant -->"
    quiet = TEXT.replace("2h after deploy\n", f"2h after deploy\n\n{comment}\n")

    def said(text: str) -> str:
        return next(item.hash for item in items_of(read_plan(text)) if item.kind == "silence")

    assert said(quiet) == said(quiet.replace("Say so.", "Say so twice."))
    assert said(quiet) != said(quiet.replace("deploy 1.9", "deploy 1.8"))


def test_people_name_an_item_by_its_label_or_its_title() -> None:
    def found(name: str) -> list[str]:
        return [item.label for item in named(ITEMS.values(), name)]

    assert found("Step  2") == ["step 2"]
    assert found("step restart BOTH") == ["step 3"]
    assert found("contact Sam") == ["contact sam"]
    assert (found("window"), found("Contingency")) == (["window"], ["section If the backout fails"])
    assert found("step 9") == found("") == found("step") == found("release") == []


def test_everything_holds_the_facts_and_sections_too() -> None:
    labels = [item.label for item in everything_of(PLAN)]
    assert {"release", "window", "section If the backout fails", *ITEMS} <= set(labels)


@settings(max_examples=examples())
@given(plans())
def test_every_item_of_any_plan_has_a_key_of_its_own_and_survives_writing(plan: Plan) -> None:
    items = everything_of(plan)
    assert len({item.key for item in items}) == len(items)
    again = everything_of(read_plan(write_plan(plan)))
    assert [_plain(item) for item in again] == [_plain(item) for item in items]


def _plain(item: PlanItem) -> PlanItem:
    return replace(item, line=0, line_end=0)


def test_a_finding_is_about_the_command_that_holds_its_line_else_about_the_step() -> None:
    lines = TEXT.split("\n")

    def about(place: str, words: str) -> str | None:
        item = concerned(ITEMS.values(), place, lines.index(words) + 1)
        return item.label if item is not None else None

    assert about("step 2", "deploy 1.9") == about("step 2", "Expect: `deployed`") == "command 2"
    assert about("step 2", "### 2. Return to 1.9") == "step 2"
    assert about("step 3", "restart two") == "command 3.2"
    assert about("step 3", "Then:") == "step 3"
    assert about("contact sam", "restart two") == "contact sam"
    assert about("", "restart two") is None
