"""What a token did is taken over, and SpiffWorkflow says where it goes from there."""

from __future__ import annotations

from engine.execution.machine.completion import pause, take_over
from engine.execution.machine.run import is_repeated
from engine.execution.machine.state import Phase, Token
from engine.execution.runtime import Completed
from engine.execution.spiff.moving import Movement, follow, run_task
from engine.execution.spiff.repeating import end_repeated


def complete(move: Movement, token: Token) -> None:
    """Take over what the work gave; nothing has changed where an expression fails."""
    run, token.phase = move.run, Phase.TAKE
    if token.node.outputs or token.data or token.below:
        take_over(run, token)
    for waiting in list(token.waits.values()):
        run.close(waiting, "ended")
    for scope in list(token.below.values()):
        run.close_scope(scope)
    token.data = None
    run.happenings.append(Completed(token.node.id))
    pass_on(move, token)


def pass_on(move: Movement, token: Token) -> None:
    """Go on behind the node: an item or round counts, anything else leaves; a boundary of the step may lie between (R4)."""
    token.phase = Phase.PASS_ON
    if is_repeated(token):
        end_repeated(move, token)
    elif token.node.pauses_after:
        token.phase = Phase.LEAVE
        pause(move.run, token)
    else:
        leave(move, token)


def leave(move: Movement, token: Token) -> None:
    """Send the token on."""
    token.phase = Phase.LEAVE
    run_task(move, token)
    follow(move, token)
