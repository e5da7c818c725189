"""The controls: one key takes them, asks for them, agrees, or hands them over, as things stand. Also the brief."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout.holders import ANSWER_S, Holder
from backout_tui.domain.backout.state import Lease
from backout_tui.domain.moments import hour_utc
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.holding import needs_reason
from backout_tui.domain.spans import span_words
from backout_tui.engine.verbs import adoption_verbs, control_verbs, doubt_verbs
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.reports.brief import brief as brief_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField
from backout_tui.ui.dialogs.read_and_ask import ReadAndAsk
from backout_tui.ui.dialogs.tell import Tell
from backout_tui.ui.night.actions.verb_form import fields_of
from backout_tui.ui.night.board import Board

ASK, GONE = "ask, and wait for an answer", "declare that session gone, and take them"
"""The two ways to get the controls when nobody can see from here whether their holder is there."""


def take_over(board: Board) -> None:
    """Take the controls, ask for them, or adopt the copy, as things stand."""
    at, lease = board.situation, board.truth.lease
    if board.truth.copied:
        dialog = ask_why("Adopt this copy", "adopt it")
        dialog.note = _WHAT_ADOPTING_DOES
        board.ask(dialog, partial(_adopt, board))
    elif at.standing.mine:
        board.say("You have the controls already.", warning=True)
    elif not needs_reason(board.truth, at.actor, held=at.no_controls is not None):
        board.work(_take_over(board, {"reason": ""}))
    elif (not_yet := gates.why_not_take(board.truth, at.actor, at.standing)) is None:
        assert lease is not None  # without a lease no reason is needed
        board.ask(_with_reason(board, lease), partial(_take_over, board))
    elif at.standing.holder is Holder.AWAY:
        board.ask(_from_the_unseen(board), partial(_ask_or_declare, board))
    elif at.standing.asks is not None:
        board.say(not_yet.words, warning=True)
    else:
        board.ask(_from_somebody_there(board), partial(_ask, board))


def _with_reason(board: Board, lease: Lease) -> Ask:
    """Ask for the reason that takes the controls when nobody is there or nobody has answered."""
    whose, refusal = lease.handed.to if lease.handed is not None else lease.actor.name, board.situation.no_controls
    dialog = ask_why(f"Take over the controls of {whose}", "take over")
    dialog.note = refusal.words if refusal is not None else ""
    waited = board.situation.standing.waited_s
    if lease.handed is None and waited is not None:
        dialog.note = (
            f"{whose} was asked {span_words(waited)} ago, and has not answered. They are told that you take them."
        )
    return dialog


_WHAT_ADOPTING_DOES = (
    "This file was restored, moved or copied. Adopted, it becomes a database of its own: you have the controls,"
    " what ran when it was made is in doubt, and the original knows nothing of it."
)


async def _adopt(board: Board, answers: dict[str, str]) -> None:
    if await board.do(adoption_verbs.adopt, answers["reason"]) is not None:
        board.say("It is a database of its own now, and you have the controls.")


def _from_somebody_there(board: Board) -> Ask:
    """Ask the holder for the controls, and say why."""
    lease = board.truth.lease
    name, since = (lease.actor.name, hour_utc(lease.since, board.now())) if lease is not None else ("", "")
    note = f"{name} has the controls since {since}, and is there: one key agrees. {AFTERWARDS}"
    field = TextField("reason", "why", hint="may stay empty")
    return Ask(f"Ask {name} for the controls", [field], note=note, verb="ask")


def _from_the_unseen(board: Board) -> Ask:
    """Offer to ask, or to declare the session gone, because nobody can see from here whether it is."""
    lease, asked = board.truth.lease, board.situation.standing.asks
    name, host = (lease.actor.name, lease.actor.host) if lease is not None else ("", "")
    waiting = f" You asked at {hour_utc(asked.at, board.now())}; there is no answer yet." if asked is not None else ""
    fields: list[Field] = [
        TextField("reason", "why", hint="needed to declare it gone"),
        ChoiceField("how", "how", (ASK, GONE), GONE if asked is not None else ASK),
    ]
    note = f"{name} has the controls on {host}; whether they are there cannot be seen from here.{waiting} {AFTERWARDS}"
    return Ask(f"Take over the controls of {name}", fields, note=note, verb="go on")


AFTERWARDS = f"When there is no answer within {ANSWER_S} s, T takes them with a reason."
"""What a person who asks for the controls is told."""


async def _ask(board: Board, answers: dict[str, str]) -> None:
    if await board.do(control_verbs.ask, answers["reason"]) is not None:
        board.say(f"Asked. You are told here as soon as there is an answer. {AFTERWARDS}")


async def _ask_or_declare(board: Board, answers: dict[str, str]) -> None:
    if answers["how"] == ASK:
        await _ask(board, answers)
        return
    lease = board.truth.lease
    if lease is not None and await board.do(doubt_verbs.session, lease.session, answers["reason"]) is not None:
        await _take_over(board, answers)


async def _take_over(board: Board, answers: dict[str, str]) -> None:
    at, lease = board.situation, board.truth.lease
    # The board tells the person who asked that the controls came, and shows the brief there.
    from_another = lease is not None and lease.actor.name != at.actor and at.standing.asks is None
    if await board.do(control_verbs.take_over, answers["reason"]) is not None:
        board.say("You have the controls.")
        if from_another:
            brief(board)


def agree(board: Board) -> None:
    """Give the controls to the person who asks for them."""
    board.work(_agree(board))


async def _agree(board: Board) -> None:
    if (receipt := await board.do(control_verbs.agree)) is not None:
        handed = receipt.backout.lease.handed if receipt.backout.lease is not None else None
        board.say(f"{handed.to if handed is not None else 'They'} has the controls now. You look on.")


def hand_over(board: Board) -> None:
    """Hand the controls over: show the brief, and ask to whom they go."""
    verb = verb_of("hand-over")
    dialog = ReadAndAsk(verb.title, brief_of(board.truth, board.now()), fields_of(board, verb), verb=verb.enter)
    board.ask(dialog, partial(_hand_over, board))


async def _hand_over(board: Board, answers: dict[str, str]) -> None:
    to = answers["to"].strip()
    if await board.do(control_verbs.hand_over, to) is not None:
        board.say(f"Handed over to {to}: they take the controls with T." if to else "The controls are free.")


def brief(board: Board) -> None:
    """Show where the backout stands, for someone joining now."""
    board.app.push_screen(Tell("Brief", "\n".join(brief_of(board.truth, board.now())), by_itself=True))
