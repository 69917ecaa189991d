"""Every refusal is a page with its sentence and what to do, or a problem document for programs (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from engine.model.errors import (
    Conflict,
    DefinitionInvalid,
    Forbidden,
    Invalid,
    MakegoodError,
    Message,
    NotFound,
    StorageBusy,
)
from web.current import has_kept
from web.language import _, sentence

LOG = logging.getLogger("makegood.web")
LARGEST_REQUEST = 20 * 1024 * 1024
AWAY = Message(
    "storage_lost",
    "The database does not answer. Nothing was saved; try again in a minute. The log of Makegood says why.",
)
"""Where the database is and who asks it there is nothing for the pages of a public address."""
_SECRET = frozenset({"password", "old", "new", "again"})
_STATUS: tuple[tuple[type[MakegoodError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 422),
    (DefinitionInvalid, 422),
)


def status_of(error: MakegoodError) -> int:
    """The HTTP status of a refusal; what the database or a service refused is 503."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 503)


def sentence_of(error: MakegoodError) -> str:
    """The sentence of a refusal, for whoever asked."""
    return sentence(AWAY if error.code == AWAY.code else error.message)


def wants_problem() -> bool:
    """Whether a program asks: under /api/, or for JSON rather than a page."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and request.accept_mimetypes[best] > request.accept_mimetypes["text/html"]


def problem(status: int, code: str, detail: str, **more: object) -> Response:
    """A problem document."""
    title = HTTPStatus(status).phrase
    answer = jsonify({"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more})
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer


def page(
    status: int, heading: str, text: str, *, typed: Sequence[tuple[str, str]] | None = None
) -> ResponseReturnValue:
    """A page that says what is wrong; `typed` is what can be sent again as it is."""
    return render_template("refusal.html", status=status, heading=heading, text=text, typed=typed), status


def refuse(error: MakegoodError) -> ResponseReturnValue:
    """Answer with what the engine refused."""
    status, text = status_of(error), sentence_of(error)
    if status == 503:
        LOG.error("refused: %s", error)
    if isinstance(error, StorageBusy):
        return _try_again(error, text)
    if wants_problem():
        return problem(status, error.code, text, **_details(error))
    heading = _("This case is archived") if error.code == "case_archived" else _heading(status)
    return page(status, heading, text)


def _try_again(error: StorageBusy, text: str) -> ResponseReturnValue:
    """Somebody holds what this needs: programs learn when to come back, and people send the same again with one button."""
    if wants_problem():
        answer = problem(503, error.code, text)
    else:
        answer = make_response(page(503, _heading(503), text, typed=typed_again()))
    answer.headers["Retry-After"] = "2"
    return answer


def typed_again() -> list[tuple[str, str]] | None:
    """What a form sent, unless something was kept of it already, or it has what no page may show: files and passwords."""
    fields = list(request.form.items(multi=True))
    is_secret = any(name in _SECRET for name, _value in fields)
    has_files = any(file.filename for _name, file in request.files.items(multi=True))
    return None if request.method != "POST" or has_kept() or is_secret or has_files else fields


def _details(error: MakegoodError) -> dict[str, object]:
    if isinstance(error, Invalid) and error.fields:
        return {
            "errors": [
                {"field": fault.field, "code": fault.message.code, "message": sentence(fault.message)}
                for fault in error.fields
            ]
        }
    if isinstance(error, Conflict):
        plain = (str, int, bool, list, tuple, type(None))
        return {name: value for name, value in error.message.params.items() if isinstance(value, plain)}
    return {}


def _heading(status: int) -> str:
    return {
        403: _("You may not do this"),
        404: _("There is nothing here"),
        409: _("This cannot be done now"),
        413: _("This is too large"),
        422: _("Something does not fit"),
        503: _("This did not work just now"),
    }.get(status, _("This did not work"))


def refuse_request(error: HTTPException) -> ResponseReturnValue:
    """Answer requests that reach no view, or are broken."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    text = _sentence_for(status)
    return problem(status, f"http_{status}", text) if wants_problem() else page(status, _heading(status), text)


def _sentence_for(status: int) -> str:
    return {
        404: _("There is no page at this address. It may have been moved, or the address is mistyped."),
        405: _("This address cannot be used like that. Go back and use the buttons of the page."),
        413: _(
            "What you sent is larger than {limit} MB, so nothing of it was kept. Go one step back in your browser: "
            "what you typed is still there. Then choose smaller files, or add them one after the other.",
            limit=LARGEST_REQUEST // 1024 // 1024,
        ),
        429: _("That was too often. Wait a little."),
    }.get(status, _("The request could not be understood. Go back and try again."))


def too_large() -> ResponseReturnValue:
    """What a web server before this one shows for a request that it did not let in."""
    raise RequestEntityTooLarge


def refuse_forgery(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or old: nothing was done, and the page can be sent again."""
    LOG.info("form token refused: %s", error.description)
    text = _(
        "This page was open too long, or you signed in again since. Nothing was changed: go back, reload and send it again."
    )
    return problem(400, "form_token", text) if wants_problem() else page(400, _("Please send it again"), text)


def break_down(error: Exception) -> ResponseReturnValue:
    """Answer what nobody foresaw; the details go to the log, never to the page."""
    LOG.error("a request broke down", exc_info=error)
    text = _("Something went wrong on our side. Nothing was half done. Try again, or tell your administrator.")
    return problem(500, "broken", text) if wants_problem() else page(500, _("This did not work"), text)


def ask_to_sign_in() -> ResponseReturnValue:
    """Send nobody-yet to the sign-in page and back to where they wanted to go."""
    if wants_problem():
        answer = problem(401, "sign_in_first", _("Sign in, or send a valid token as “Authorization: Bearer …”."))
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    url = url_for("auth.sign_in", next=wanted if wanted != "/" else None)
    if g.get("htmx"):
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)


def answer_refusals(app: Flask) -> None:
    """Register the answers."""
    app.register_error_handler(MakegoodError, refuse)
    app.register_error_handler(CSRFError, refuse_forgery)
    app.register_error_handler(HTTPException, refuse_request)
    app.register_error_handler(RequestEntityTooLarge, refuse_request)
    app.register_error_handler(Exception, break_down)
