"""The room's blueprint, and what every call of a program has in common: its language and the watch over its token."""

from __future__ import annotations

import logging
from functools import partial

from flask import Blueprint, Response, current_app, request
from flask.globals import app_ctx, request_ctx
from flask.typing import ResponseReturnValue

from engine.actions.watch_tokens import NOTED_EVERY, count_wrong_token, note_token_use
from engine.model.errors import Conflict, Message, StorageTrouble
from engine.model.people import SYSTEM
from engine.queries.api_tasks import people_of, task_for_program
from web.api.told import told_task
from web.current import engine, now, read
from web.language import LANGUAGES, sentence
from web.refusals import problem, refuse

blueprint = Blueprint("api", __name__, template_folder="templates")

LOG = logging.getLogger("makegood.api")
_NOTED = "makegood.api.tokens_noted"
_TOO_MANY = Message("too_many_wrong_tokens", "Too many wrong tokens came from your address. Wait a quarter of an hour.")


class RequestRefused(Exception):
    """A request that cannot be read; `status` is what HTTP has for it."""

    def __init__(self, status: int, message: Message) -> None:
        self.status = status
        self.message = message
        super().__init__(str(message))


@blueprint.errorhandler(RequestRefused)
def refuse_request(refusal: RequestRefused) -> ResponseReturnValue:
    """Say what is wrong with the request itself."""
    return problem(refusal.status, refusal.message.code, sentence(refusal.message))


@blueprint.errorhandler(Conflict)
def refuse_conflict(refusal: Conflict) -> ResponseReturnValue:
    """Name the one who was faster by login, as all answers do, and give the task as it is now."""
    answer = refuse(refusal)
    owner, task_id = refusal.message.params.get("owner_id"), (request.view_args or {}).get("task_id")
    if not isinstance(answer, Response) or (owner is None and refusal.code != "task_stale"):
        return answer
    told = answer.get_json()
    try:
        with read() as tx:
            if task_id:
                told["current"] = told_task(task_for_program(tx, str(task_id)).line)
            if owner is not None:
                told["owner"], told["owner_name"] = people_of(tx, [str(owner)]).get(str(owner), (owner, owner))
                told.pop("owner_id")
    except StorageTrouble as trouble:  # the database went away meanwhile
        return refuse(trouble)
    answer.set_data(current_app.json.dumps(told))
    return answer


@blueprint.url_value_preprocessor
def choose_language(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """A program asks for its language with each call; where it does not, its person's language holds."""
    asked = request_ctx.request
    if "HTTP_ACCEPT_LANGUAGE" not in asked.environ:
        return
    wanted = asked.accept_languages.best_match(LANGUAGES)
    if wanted is not None:
        app_ctx.g.language = wanted


@blueprint.after_request
def watch_tokens(answer: Response) -> Response:
    """Count wrong tokens and note the use of right ones; a right one is never refused because somebody else guesses."""
    here = app_ctx.g
    if "Vary" in answer.headers:
        answer.vary.add("Accept-Language")
    else:
        answer.headers.add("Vary", "Accept-Language")
    if not here.get("bearer"):
        return answer
    try:
        if answer.status_code == 401:
            answer = _count_wrong(answer)
        elif here.get("actor") is not None:
            _note_use(here.token_hash)
    except StorageTrouble as trouble:  # a full disk refuses writing; what was read is still to be told
        LOG.warning("the use of a token was not noted: %s", trouble)
    return answer


def _count_wrong(answer: Response) -> Response:
    """The answer to a wrong token: that it is wrong, or that there were too many."""
    with engine().begin(SYSTEM) as tx:
        too_many = count_wrong_token(tx, request.remote_addr or "")
    if not too_many:
        return answer
    slowed = problem(429, _TOO_MANY.code, sentence(_TOO_MANY))
    slowed.headers["Retry-After"] = "900"
    return slowed


def _note_use(token_hash: str) -> None:
    """Write at most every ten minutes, so that reading stays reading."""
    noted = current_app.extensions.setdefault(_NOTED, {})
    last, moment = noted.get(token_hash), now()
    if last is None or moment - last >= NOTED_EVERY:
        with engine().begin(SYSTEM) as tx:
            note_token_use(tx, token_hash)
            tx.after_commit.append(partial(noted.__setitem__, token_hash, moment))
