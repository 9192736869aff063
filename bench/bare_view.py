"""The smallest Django application that says ok, for comparison."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def say_ok(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say ok."""
    return HttpResponse("ok", content_type="text/plain")


settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="an-example-key")  # noqa: S106 - an example
urlpatterns = [path("", say_ok)]
application = get_wsgi_application()
