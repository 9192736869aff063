"""People and systems that go on asking while the host is killed under them, and note what was acknowledged."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any

import psycopg

from tests.permissions.presenting import token_of
from tests.web.server.host import Host
from tests.web.site import PASSWORD

SOURCE = "kill test"
#: How the customers begin that are registered here.
CUSTOMERS = "Killed Clinics"
PROGRAM = "/api/v1/programs/harbor-program"
PARTNERS = ("tarn", "sedge", "fall-1", "fall-2", "fall-3")
#: How long one request may take; the host is away for a few seconds again and again.
PATIENCE = 120.0
_AWAY = (OSError, http.client.HTTPException)


@dataclass(slots=True)
class Acknowledged:
    """What was answered with success; each activity has a quantity of its own, so that one that counts twice is seen."""

    facts: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    disputes: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    decided: dict[str, str] = field(default_factory=dict)
    appeals: set[str] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def number(self) -> int:
        with self.lock:
            return next(self.numbers)

    def visitor(self, host: Host, person: str) -> Visitor:
        """Somebody who is signed in already, or signs in now."""
        if person not in self.visitors:
            visitor = Visitor(host, person)
            visitor.sign_in()
            self.visitors[person] = visitor
        return self.visitors[person]

    def counts(self) -> dict[str, int]:
        told = ("facts", "reports", "accepted", "files", "disputes", "answered", "decided", "appeals")
        return {name: len(getattr(self, name)) for name in (*told, "customers", "approved")}


class System:
    """Another system with a token: it repeats a request with the same key until it is answered."""

    def __init__(self, host: Host, person: str) -> None:
        self._host, self._person = host, person

    def post(self, path: str, body: Any, *, media_type: str = "application/json") -> dict[str, Any]:
        """The answer, however often it must be asked for; a refusal is a failure."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {token_of(self._person)}",
            "Content-Type": media_type,
            "Idempotency-Key": uuid.uuid4().hex,
        }
        until = time.monotonic() + PATIENCE
        while True:
            request = urllib.request.Request(self._host.address + path, data, headers)
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    found: dict[str, Any] = json.loads(answer.read())
                    return found
            except urllib.error.HTTPError as error:
                if error.code < 500 or time.monotonic() > until:
                    raise AssertionError(f"{path}: {error.code} {error.read()!r}") from error
            except _AWAY:
                if time.monotonic() > until:
                    raise
            time.sleep(0.1)


class Visitor:
    """Somebody at a screen, signed in; what is not answered is not pressed again."""

    def __init__(self, host: Host, person: str) -> None:
        self._host, self._person = host, person
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def sign_in(self) -> None:
        who = {"login": f"{self._person}@example.test", "password": PASSWORD}
        until = time.monotonic() + PATIENCE
        while self.press("/accounts/login/", "/accounts/login/", **who) is None:
            assert time.monotonic() < until

    def read(self, path: str) -> str:
        """A page, however often it must be asked for."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self._opener.open(self._host.address + path, timeout=20) as answer:
                    text: str = answer.read().decode()
                    return text
            except _AWAY as error:
                if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                    raise
                if time.monotonic() > until:
                    raise
            time.sleep(0.1)

    def press(self, page: str, path: str, **said: str) -> tuple[str, str] | None:
        """Send a form of a page: where it led and what stood there; None if no answer came."""
        try:
            return self._send(path, self.read(page), **said)
        except _AWAY:
            return None

    def _send(self, path: str, page: str, **said: str) -> tuple[str, str]:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None, page[:500]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1], **said}).encode()
        with self._opener.open(self._host.address + path, data, timeout=20) as answer:
            return answer.geturl(), answer.read().decode()


# --- what is done ----------------------------------------------------------------------------------------------------


def _activity(done: Acknowledged, partner: str) -> tuple[str, dict[str, Any]]:
    number = done.number()
    values = {"organization": partner, "kind": "plan_reviewed", "happened_on": "2026-03-05", "quantity": number}
    return f"f-{number}", values


def send_facts(host: Host, done: Acknowledged, turn: int) -> None:
    """One fact, and a batch that touches every partner, each sent twice now and then, the older one last."""
    system = System(host, "operations")
    key, values = _activity(done, PARTNERS[turn % len(PARTNERS)])
    body = {"kind": "activities", "source": SOURCE, "id": key, "values": values}
    system.post(f"{PROGRAM}/facts", body)
    done.facts.add(key)
    batch = [_activity(done, partner) for partner in PARTNERS]
    facts = [{"kind": "activities", "source": SOURCE, "id": each, "values": said} for each, said in batch]
    system.post(f"{PROGRAM}/facts/batch", {"facts": facts})
    done.facts.update(each for each, _ in batch)
    if turn % 2:
        system.post(f"{PROGRAM}/facts/batch", {"facts": facts[::-1]})
        system.post(f"{PROGRAM}/facts", body)


def send_file(host: Host, done: Acknowledged, turn: int) -> None:
    """A file of facts as one job, then a wait in which it may be killed."""
    rows = [_activity(done, PARTNERS[(turn + each) % len(PARTNERS)]) for each in range(20)]
    text = "\n".join(json.dumps({"fact_id": key, **values}) for key, values in rows)
    mapping = json.dumps({"files": [{
        "read": "*", "as": "activities", "source": SOURCE,
        "columns": {name: name for name in ("fact_id", "organization", "kind", "happened_on", "quantity")},
    }]})  # fmt: skip
    border = uuid.uuid4().hex
    parts = {'name="mapping"': mapping, 'name="file"; filename="march.ndjson"': text}
    body = "".join(
        f"--{border}\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n" for name, value in parts.items()
    )
    media_type = f"multipart/form-data; boundary={border}"
    answer = System(host, "operations").post(
        f"{PROGRAM}/loads", f"{body}--{border}--\r\n".encode(), media_type=media_type
    )
    done.files.add(answer["id"])
    done.facts.update(key for key, _ in rows)
    time.sleep(2)


def report(host: Host, done: Acknowledged, turn: int) -> None:
    """A partner reports, the vendor accepts."""
    said = {"kind": "plan_reviewed", "happened_on": "2026-03-06", "quantity": str(done.number())}
    sent = System(host, "partner-admin").post("/api/v1/partners/harbor-program-tarn/reports", said)
    done.reports.add(sent["id"])
    System(host, "manager").post(f"/api/v1/reports/{sent['id']}/accept", {})
    done.accepted.add(sent["id"])


def run_nights(host: Host, done: Acknowledged, turn: int) -> None:
    """Ask for a night; whether it can be asked for at all is not the question."""
    try:
        host.defer("run_night", owner="harbor")
    except Exception:  # noqa: BLE001 - the database is away
        time.sleep(0.5)
    time.sleep(3)


@contextmanager
def everybody(host: Host, acts: Sequence[Callable[[Host, Acknowledged, int], None]]) -> Iterator[Acknowledged]:
    """Let all act at once, again and again, until the block ends; whoever fails is noted."""
    done, ended = Acknowledged(), threading.Event()

    def go_on(act: Callable[[Host, Acknowledged, int], None]) -> None:
        turn = 0
        while not ended.is_set():
            try:
                act(host, done, turn)
            except Exception as error:  # noqa: BLE001 - told at the end
                done.problems.append(f"{act.__name__}: {error!r}"[:600])
                time.sleep(0.5)
            turn += 1

    threads = [threading.Thread(target=go_on, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        ended.set()
        for thread in threads:
            thread.join(timeout=PATIENCE)


def dispute(host: Host, done: Acknowledged, turn: int) -> None:
    """A partner disputes a number, the vendor answers."""
    words = f"Something is missing, {turn}."
    system = System(host, "partner-admin")
    opened = system.post("/api/v1/partners/harbor-program-tarn/disputes", {"number": "plans", "words": words})
    done.disputes.add(opened["id"])
    answer = {"answer": "decline", "words": "We looked, and it is right."}
    System(host, "manager").post(f"/api/v1/disputes/{opened['id']}/answer", answer)
    done.answered.add(opened["id"])


def decide(host: Host, done: Acknowledged, turn: int) -> None:
    """A manager decides a line of the review at the screen; the partner that can sign in appeals."""
    lines = lines_that_wait(host)
    if not lines:
        time.sleep(1)
        return
    line, review, enrolment = map(str, lines[0])
    manager = done.visitor(host, "manager")
    page, act = f"/console/harbor/reviews/{review}/lines/{line}/", ("approve", "hold")[turn % 2]
    led = manager.press(page, page, act=act, words="As the review says.")
    if led is None or not re.search(r"Approved\.|Held\. The next review", led[1]):
        return
    done.decided[line] = {"approve": "approved", "hold": "held"}[act]
    if enrolment == "harbor-program-tarn" and act == "approve":
        partner = done.visitor(host, "partner-admin")
        page = f"/partner/{enrolment}/reviews/{line}/"
        if partner.press(page, page, words="You overlooked a plan review."):
            done.appeals.add(line)


def register(host: Host, done: Acknowledged, turn: int) -> None:
    """A partner registers a deal, by another system or at the screen; the vendor approves it."""
    customer = f"{CUSTOMERS} {done.number()}"
    said = {"customer": customer, "words": "They ask for a quote."}
    if turn % 2:
        _register_at_screen(done.visitor(host, "partner-admin"), said)
    else:
        System(host, "partner-admin").post("/api/v1/partners/harbor-program-tarn/registrations", said)
    done.customers.add(customer)
    for (key,) in rows_soon(host, "SELECT id FROM deal_registrations WHERE customer = %s", customer):
        System(host, "manager").post(f"/api/v1/registrations/{key}/approve", {})
        done.approved.add(customer)


def _register_at_screen(visitor: Visitor, said: dict[str, str]) -> None:
    """Press one form until it is answered: each time it carries the key that it was shown with."""
    page = "/partner/harbor-program-tarn/registrations/new/"
    found = re.search(r'name="key" value="([^"]+)"', visitor.read(page))
    assert found is not None
    until = time.monotonic() + PATIENCE
    while (led := visitor.press(page, page, key=found[1], **said)) is None:
        assert time.monotonic() < until
    assert "Registered. You get an answer by" in led[1], led


def rows_soon(host: Host, query: str, *values: object) -> list[tuple[object, ...]]:
    """What the database holds, if need be once it is back."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return host.rows(query, *values)
        except psycopg.OperationalError:
            assert time.monotonic() < until
            time.sleep(0.1)


def lines_that_wait(host: Host) -> list[tuple[object, ...]]:
    """Lines of the review that was opened here; the database may be away."""
    try:
        return host.rows(
            "SELECT id, review, enrolment FROM review_lines WHERE owner_org = 'harbor' AND state = 'waits'"
            " AND position('-line-' IN id) = 0 ORDER BY enrolment DESC, id"
        )
    except psycopg.OperationalError:
        return []
