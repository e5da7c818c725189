"""Which machine something was begun on, seen from here: every case there is, one line each."""

from __future__ import annotations

import itertools

import pytest

from backout_tui.domain.backout.events import Actor, Event
from backout_tui.domain.backout.whereabouts import (
    Lock,
    Machine,
    Whereabouts,
    begun_on,
    reach,
    whereabouts,
    why_out_of_reach,
)
from backout_tui.domain.values import replace

ONE, OTHER = "1d" * 16, "07" * 16
HERE = Machine("web-7", ONE, "boot 2")


@pytest.mark.parametrize(
    ("then", "where"),
    [
        # the machine-id is the same
        (Machine("web-7", ONE, "boot 2"), "here"),
        (Machine("old-name", ONE, "boot 2"), "here"),  # renamed
        (Machine("web-7", ONE, "boot 1"), "rebooted"),
        (Machine("old-name", ONE, "boot 1"), "unknown"),  # a cloned image, or renamed and then rebooted
        (Machine("web-7", ONE, ""), "unknown"),  # nobody knows in which boot
        (Machine("old-name", ONE, ""), "unknown"),
        # it is another, and the name never decides alone
        (Machine("web-7", OTHER, "boot 2"), "elsewhere"),
        (Machine("web-7", OTHER, "boot 1"), "elsewhere"),
        (Machine("db-1", OTHER, "boot 9"), "elsewhere"),
        # there is none at all
        (Machine("web-7", "", "boot 2"), "unknown"),
        (Machine("web-7", "", "boot 1"), "unknown"),
        (Machine("db-1", "", "boot 9"), "unknown"),
        # an older record, which does not say
        (Machine("web-7", None, "boot 2"), "here"),
        (Machine("web-7", None, ""), "here"),
        (Machine("web-7", None, "boot 1"), "rebooted"),
        (Machine("old-name", None, "boot 2"), "unknown"),  # renamed, or a container of this kernel
        (Machine("db-1", None, "boot 9"), "elsewhere"),
        (Machine("db-1", None, ""), "elsewhere"),
    ],
)
def test_where_something_was_begun(then: Machine, where: str) -> None:
    assert whereabouts(then, HERE) is Whereabouts(where)


@pytest.mark.parametrize("then", [Machine("web-7", ONE, "boot 2"), Machine("web-7", "", "boot 2")])
def test_a_machine_that_has_no_machine_id_now_cannot_know(then: Machine) -> None:
    assert whereabouts(then, Machine("web-7", "", "boot 2")) is Whereabouts.UNKNOWN


EXPECTED = {
    # What can be said of something begun here (or before a reboot), elsewhere, and at a place that is not known: each
    # on a network's file system, on a local one after a reboot, and on a local one in the same boot.
    Lock.HELD: ("lives lives lives", "lives lives lives", "lives lives lives"),
    Lock.FREE: ("over over over", "away over over", "away over over"),
    Lock.MISSING: ("over over over", "away away away", "away away over"),
    Lock.TORN: ("over over over", "away away away", "away away over"),
    Lock.CLOSED: ("closed closed closed", "away closed closed", "away closed closed"),
}


@pytest.mark.parametrize(("lock", "where"), itertools.product(Lock, Whereabouts))
def test_the_lock_decides_first_and_then_where_it_was_begun(lock: Lock, where: Whereabouts) -> None:
    ours, elsewhere, unknown = EXPECTED[lock]
    expected = {Whereabouts.ELSEWHERE: elsewhere, Whereabouts.UNKNOWN: unknown}.get(where, ours)
    seen = [
        reach(where, lock, local=local, same_boot=boot) for local, boot in ((False, True), (True, False), (True, True))
    ]
    assert [one.value for one in seen] == expected.split()


def test_a_record_says_on_which_machine_it_was_made_as_far_as_it_does() -> None:
    event = Event("backout:1", 7, "ab", "StepStarted", "2026-11-23T03:00:00.000000Z", Actor("sam", host="web-7"))
    assert begun_on(event, None) == Machine("web-7", None, "")
    told = replace(event, boot_id="boot 2")
    assert begun_on(told, ONE) == HERE
    strange = replace(event, boot_id="process-5f1c")
    assert begun_on(strange, None) == Machine("web-7", None, ""), "a boot that only the process knew is none"


def test_why_it_cannot_be_asked_is_said_in_plain_words() -> None:
    assert why_out_of_reach(Whereabouts.ELSEWHERE, "db-1").why.startswith("db-1 is another machine")
    assert why_out_of_reach(Whereabouts.UNKNOWN, "db-1").why.startswith("whether db-1 is this machine cannot be known")
    assert why_out_of_reach(Whereabouts.HERE, "db-1", login="ann").why.startswith("only the login ann may look")
