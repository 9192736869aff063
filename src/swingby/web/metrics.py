"""Figures for a monitoring system, as Prometheus reads them: the whole installation, no names, no keys."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from swingby.web.console.operations_pages import free_bytes
from swingby.web.domain.columnar import copied_owners, read_manifest
from swingby.web.jobs import job_counts, newest_heartbeat
from swingby.web.models import Disagreement, NightlyRun
from swingby.web.tenancy import act_for_owner

Figure = tuple[str, str, float | None]
#: A proxy on the same machine speaks from loopback too, and says for whom.
_FROM_ELSEWHERE = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, to this machine itself or to who has the token; to others there is no such page."""
    if not _may_read(request):
        raise Http404
    return HttpResponse("".join(_lines()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    token: str = settings.SWINGBY_METRICS_TOKEN
    if token and scheme.lower() == "bearer" and secrets.compare_digest(shown.strip().encode(), token.encode()):
        return True
    is_passed_on = settings.SECURE_PROXY_SSL_HEADER or any(name in request.headers for name in _FROM_ELSEWHERE)
    return not is_passed_on and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _lines() -> Iterator[str]:
    for name, words, value in [*_of_jobs(), *_of_nights()]:
        if value is not None:  # What there is nothing to say about yet is left out, as Prometheus expects.
            yield f"# HELP swingby_{name} {words}\n# TYPE swingby_{name} gauge\nswingby_{name} {value:g}\n"


def _of_jobs() -> Iterator[Figure]:
    counts = job_counts()
    yield "jobs_waiting", "Jobs that are due and not begun.", counts["waiting"]
    yield "jobs_oldest_seconds", "For how long the oldest of them has been due.", counts["oldest_seconds"]
    yield "jobs_failed", "Jobs that were given up.", counts["failed"]
    yield "worker_silent_seconds", "Since the newest sign of life of a worker.", _seconds_since(newest_heartbeat())


def _of_nights() -> Iterator[Figure]:
    owners = copied_owners()
    manifests = [found for found in map(read_manifest, owners) if found]
    oldest = min((found.written_at for found in manifests), default=None)
    yield "copy_age_seconds", "Since the columnar copy of some owner was brought up to date.", _seconds_since(oldest)
    finished: list[datetime] = []
    differ = 0
    for owner in owners:
        with act_for_owner(owner):
            differ += Disagreement.objects.filter(owner_id=owner, settled_on=None).count()
            runs = NightlyRun.objects.filter(owner_id=owner, finished_at__isnull=False)
            finished += [run.finished_at for run in runs[:1] if run.finished_at]
    yield (
        "night_age_seconds",
        "Since the last night of some owner was finished.",
        _seconds_since(min(finished, default=None)),
    )
    yield "disagreements", "Standings that the nightly run does not come to.", differ
    yield "disk_free_bytes", "Free on the disk that holds the copies.", free_bytes()[0]


def _seconds_since(moment: datetime | None) -> float | None:
    return None if moment is None else max((timezone.now() - moment).total_seconds(), 0)
