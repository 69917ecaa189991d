"""A request that is here is read by gunicorn's parser and answered by the application."""

from __future__ import annotations

import errno
from typing import Any

from gunicorn.http.errors import NoMoreData
from gunicorn.http.wsgi import create
from gunicorn.util import write_error
from gunicorn.workers.gthread import ThreadWorker

from web.answer import Answer
from web.caller import Caller, Holding, Line

_GONE = frozenset({errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN, errno.EAGAIN})

_create: Any = create  # whose last parameters are newer than the types that others wrote for it


class Answering(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's worker, which here has neither TLS nor HTTP/2 in front of it and no hooks around a request."""

    alive: bool
    stopped_at: float | None = None
    """When it was told to end; whoever asks after that is told to hang up."""

    def serve(self, conn: Caller, holding: Holding | None = None) -> bool:
        """Let the application answer what has come; tell whether the connection may bring another request."""
        req = None
        conn.line = Line(conn.sock, holding)
        try:
            if not conn.arriving.has_head:
                write_error(conn.sock, 431, "Request Header Fields Too Large", "")
                return False
            req = conn.parsed()
            return self.serve_request(req, conn) and conn.has_read_all()
        except (NoMoreData, StopIteration):
            pass  # whoever asked is gone, or said that nothing comes any more
        except OSError as error:
            if error.errno not in _GONE:
                self.log.exception("Socket error processing request.")
        except Exception as error:  # outer loop: it is answered and noted
            if conn.line.has_sent:
                self.log.exception("Error handling request")
            else:
                conn.line = Line(conn.sock)  # what was held of an answer is not sent behind this one
                self.handle_error(req, conn.sock, conn.client, error)
        return False

    def serve_request(self, req: Any, conn: Caller) -> bool:  # gunicorn's request
        """Let the application answer; tell whether the answer leaves the connection open."""
        line: Any = conn.line  # whatever gunicorn takes for a socket
        answer, environ = _create(req, line, conn.client, conn.server, self.cfg, response_class=Answer)
        environ["wsgi.multithread"] = True
        is_late = self.stopped_at is not None and conn.begun_at > self.stopped_at
        if is_late or conn.arriving.is_cut or self.nr_conns > self.max_keepalived:
            answer.force_close()
        application: Any = self.wsgi
        parts: Any = application(environ, answer.start_response)
        try:
            if isinstance(parts, environ["wsgi.file_wrapper"]):
                answer.write_file(parts)
            else:
                for part in parts:
                    answer.write(part)
            answer.close()
        finally:
            if hasattr(parts, "close"):
                parts.close()
        if not line.is_holding:
            line.flush()
        return not answer.should_close()
