"""The gallery by itself: ``python -m swingby.web.design.gallery`` needs no database and no sign-in.

It sends the same content security policy as the application, so that a style or script that would be refused there
is refused here.
"""

import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

WEB = Path(__file__).resolve().parents[2]
SELF = ["'self'"]
POLICY = {
    "default-src": ["'none'"],
    "script-src": SELF,
    "style-src": SELF,
    "img-src": [*SELF, "data:"],
    "font-src": SELF,
    "connect-src": SELF,
    "form-action": SELF,
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [WEB / folder / "templates" for folder in ("", "portal", "console", "people", "enablement", "evidence")],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "swingby.web.design.context.look",
        ]
    },
}


class ThreadingServer(socketserver.ThreadingMixIn, WSGIServer):
    """One thread per request, because a page asks for several files at once."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Serves without a line per request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


def configure() -> None:
    """Set Django up for the gallery alone."""
    settings.configure(
        SECRET_KEY=os.urandom(32).hex(),
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        ROOT_URLCONF="swingby.web.design.gallery.alone_urls",
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "swingby.web.design"],
        MIDDLEWARE=[
            "csp.middleware.CSPMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        TEMPLATES=[TEMPLATES],
        STATICFILES_FINDERS=[
            "django.contrib.staticfiles.finders.AppDirectoriesFinder",
            "swingby.web.design.fonts.FontFinder",
        ],
        STATIC_URL="/static/",
        WHITENOISE_USE_FINDERS=True,
        LANGUAGE_CODE="en-gb",
        USE_TZ=True,
        CONTENT_SECURITY_POLICY={"DIRECTIVES": POLICY},
    )
    django.setup()


def server_at(port: int) -> WSGIServer:
    """A server that waits at a port of this machine; 0 chooses a free one."""
    from django.core.wsgi import get_wsgi_application

    application: Any = get_wsgi_application()
    return make_server("127.0.0.1", port, application, server_class=ThreadingServer, handler_class=QuietHandler)


@contextmanager
def served() -> Iterator[str]:
    """The address of the gallery, served by a thread of this process, which must not use Django otherwise."""
    configure()
    server = server_at(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/gallery/"
    finally:
        server.shutdown()
