"""One Flask application over one engine; rooms are found by scanning, and each view says who may open it."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Flask, g, redirect, request, url_for
from flask.globals import app_ctx, request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.model.errors import Forbidden
from engine.queries.shell_facts import ShellFacts, shell_facts
from engine.wiring import Engine
from web import navigation
from web.access import access_of, public, refuse_undeclared
from web.current import KEY, engine, now
from web.doing_again import Desk
from web.fields import add_form_rendering
from web.filters import add_filters
from web.form_cookie import FormCookie
from web.language import LANGUAGES, _, direction, language, ngettext, pgettext
from web.refusals import LARGEST_REQUEST, answer_refusals, ask_to_sign_in, too_large
from web.secret import signing_key
from web.security import csp_nonce, guard_answers
from web.sign_in_cookie import recognise_everybody
from web.words import add_words

ROOMS = ("auth", "intake", "worklist", "cases", "manage", "design", "ops", "api")
_BUNDLES = Path(__file__).parent / "static" / "bundles"
_csrf = CSRFProtect()


def create_app(served: Engine, *, testing: bool = False, rooms: Sequence[str] = ROOMS) -> Flask:
    """Build the application that serves an engine; `testing` asks for no form tokens."""
    app = Desk(__name__)
    https = served.settings.is_https
    app.config.update(
        TESTING=testing,
        SECRET_KEY=signing_key(served.settings.data_dir),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="makegood_form",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open all day; the token ends with the browser's session
        WTF_CSRF_CHECK_DEFAULT=False,  # asked below, because programs with a token send none
        WTF_CSRF_ENABLED=not testing,
        WTF_CSRF_SSL_STRICT=False,  # a proxy may pass another Host on; token and SameSite guard enough
        SEND_FILE_MAX_AGE_DEFAULT=30 * 86400,  # its address changes with its content
    )
    app.session_interface = FormCookie()
    app.extensions[KEY] = served
    if https:  # whoever ends TLS in front of us says for whom it asks
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # Flask's way to wrap it
    _csrf.init_app(app)
    answer_refusals(app)
    guard_answers(app, https=https)
    recognise_everybody(app)
    _let_in(app)
    _add_version(app)
    add_filters(app)
    add_form_rendering(app)
    add_words(app)
    _add_globals(app)
    app.add_url_rule("/", "start", public(start))
    app.add_url_rule("/too-large", "too_large", public(too_large))
    for blueprint in find_rooms(rooms):
        app.register_blueprint(blueprint)
    refuse_undeclared(app)
    return app


def find_rooms(rooms: Sequence[str]) -> list[Blueprint]:
    """The blueprints of those rooms that exist."""
    found: list[Blueprint] = []
    for room in rooms:
        name = f"web.{room}.routes"
        if importlib.util.find_spec(f"web.{room}") is None or importlib.util.find_spec(name) is None:
            continue
        blueprint = importlib.import_module(name).blueprint
        if not isinstance(blueprint, Blueprint):
            raise TypeError(f"{name} has no blueprint")
        found.append(blueprint)
    return found


def start() -> ResponseReturnValue:
    """Everybody begins in the room of their role."""
    if g.actor is None:
        return redirect(url_for("auth.sign_in"), 303)
    return redirect(navigation.landing(g.actor), 303)


def _let_in(app: Flask) -> None:
    @app.before_request
    def check() -> ResponseReturnValue | None:
        here, asked = app_ctx.g, request_ctx.request
        here.htmx = asked.environ.get("HTTP_HX_REQUEST") == "true"
        endpoint = asked.endpoint
        if endpoint is None:  # no such address: the 404 page answers
            return None
        access = access_of(app, endpoint)
        if access is None:
            raise RuntimeError(f"the view {endpoint} does not say who may open it")
        if not access.allows(here.actor):
            if here.actor is None:
                return ask_to_sign_in()
            raise Forbidden(
                "role_needed",
                "Your role does not allow this. It is for: {roles}. Ask one of them, or an administrator for the role.",
                roles=", ".join(sorted(access.roles)),
            )
        if not here.bearer and app.config["WTF_CSRF_ENABLED"]:
            _csrf.protect()
        return None


def _shell() -> ShellFacts:
    if "shell" not in g:
        if g.get("actor") is None:
            return ShellFacts(is_demo=False, unread=0)
        with engine().read(g.actor) as tx:
            g.shell = shell_facts(tx)
    facts: ShellFacts = g.shell
    return facts


def bundle(name: str) -> Markup:
    """The tags that load a bundle's script and style."""
    script = url_for("static", filename=f"bundles/{name}.js")
    tags = Markup('<script src="{}" nonce="{}" defer></script>').format(script, csp_nonce())
    if _digest(str(_BUNDLES), f"{name}.css") is not None:
        style = url_for("static", filename=f"bundles/{name}.css")
        tags = Markup('<link rel="stylesheet" href="{}">\n').format(style) + tags
    return tags


def _add_version(app: Flask) -> None:
    """Let browsers keep a file until its content changes."""
    folder = app.static_folder or ""

    @app.url_defaults
    def add(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = _digest(folder, str(values.get("filename")))


@lru_cache(maxsize=64)
def _digest(folder: str, name: str) -> str | None:
    file = Path(folder, name)
    return sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else None


def _theme() -> str:
    theme = request.cookies.get("theme", "")
    return theme if re.fullmatch("light|dark", theme) else "auto"


def _add_globals(app: Flask) -> None:
    app.jinja_env.globals.update(
        _=_,
        ngettext=ngettext,
        pgettext=pgettext,
        now=now,
        can=navigation.can,
        bundle=bundle,
        csp_nonce=csp_nonce,
        shell=_shell,
        theme=_theme,
        language=language,
        direction=direction,
        languages=LANGUAGES,
        navigation=navigation.items,
        is_current=navigation.is_current,
    )
    app.context_processor(lambda: {"actor": g.get("actor")})
