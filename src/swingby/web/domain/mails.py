"""Post a mail with what it is about, in one transaction; send it once, however often its job runs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from swingby.web.clock import now
from swingby.web.domain.errors import ChangedMeanwhileError
from swingby.web.domain.words import kept_words
from swingby.web.jobs import enqueue_mail
from swingby.web.models import Mail, MailState, Person
from swingby.web.tenancy import Scope, open_scope

#: In a subject or text these stand for the names of the two people, which are kept in one table only.
SENDER, RECIPIENT = "{sender}", "{recipient}"
#: The place of the name of somebody else; it is filled for those whom the mail may name, and for nobody else.
_NAMED = re.compile(r"\{person:([^{}\s]+)\}")
SEAL = "swingby.mail"
MOST_ATTEMPTS = 6
#: A mail that was being sent for so long has lost its worker.
LOST_AFTER = timedelta(minutes=2)
_LONGEST_SUBJECT, _LONGEST_TEXT = 200, 4000


class MailNotSentError(Exception):
    """The mail server did not take a mail now; the job is tried again."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as a person reads it."""

    to: str
    subject: str
    text: str
    link: str


def post_mail(
    person: Person,
    *,
    organization: str,
    key: str,
    subject: str,
    text: str,
    path: str = "",
    sealed: str = "",
    sent_by: str | None = None,
    people: Collection[str] = (),
) -> Mail | None:
    """Post a mail on behalf of an organization; it goes out when this transaction is kept.

    Parameters
    ----------
    key
        What the mail is about. Posting the same key again does nothing and returns None.
    path
        Where its link leads, inside the application.
    sealed
        A key that the link proves to whoever follows it; it is signed when the mail is sent.
    people
        Whom the text names, at places that `place_of` makes.
    """
    mail = Mail(
        organization_id=organization,
        key=key,
        person=person,
        sent_by_id=sent_by,
        subject=kept_words(" ".join(subject.split()), longest=_LONGEST_SUBJECT),
        text=kept_words(text, longest=_LONGEST_TEXT),
        path=path,
        sealed=sealed,
        people=sorted(set(people)),
        posted_at=now(),
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        return None
    enqueue_mail(organization=organization, mail=mail.pk)
    return mail


def place_of(person: str) -> str:
    """Where the name of somebody comes in a text."""
    return f"{{person:{person}}}"


def send_again(mail: Mail) -> None:
    """Try a mail that was given up once more, from the start."""
    again = {"state": MailState.WAITING, "attempts": 0, "problem": ""}
    if Mail.objects.filter(pk=mail.pk, state=MailState.FAILED).update(**again) != 1:
        raise ChangedMeanwhileError("This mail is on its way already.")
    enqueue_mail(organization=mail.organization_id, mail=mail.pk)


def send_mail(key: str, *, organization: str) -> None:
    """Send a mail, unless it was sent or is being sent.

    It is claimed in a transaction of its own before the mail server hears of it. If this process dies in between, the
    mail goes out once more after a while, under the same message id, by which mail systems know it again.

    Raises
    ------
    MailNotSentError
        If the job is to be tried again.
    """
    mail = _claimed(key, organization=organization)
    if mail is None:
        return
    if not settings.SWINGBY_SENDS_MAIL:
        _note(mail, MailState.KEPT)
        return
    try:
        _deliver(mail)
    except SMTPRecipientsRefused as error:
        _note(mail, MailState.FAILED, problem=_refusal(error))
    except (SMTPException, OSError) as error:
        given_up = mail.attempts >= MOST_ATTEMPTS
        _note(mail, MailState.FAILED if given_up else MailState.WAITING, problem=_words_of(error))
        if not given_up:
            raise MailNotSentError(mail.pk) from error
    else:
        _note(mail, MailState.SENT)


def letter_of(mail: Mail) -> Letter:
    """A mail with the names and the link put in."""
    return Letter(
        to=mail.person.email, subject=_named(mail, mail.subject), text=_named(mail, mail.text), link=_link_of(mail)
    )


def opened_seal(text: str, *, days: int) -> str | None:
    """The key that a link proves; None if it was not signed here, or longer ago than so many days."""
    try:
        opened = signing.loads(text, salt=SEAL, max_age=timedelta(days=days))
    except signing.BadSignature:
        return None
    return str(opened)


def message_id(mail: Mail) -> str:
    """The id of a mail for mail systems: the same however often it is sent."""
    host = urlsplit(settings.SWINGBY_ADDRESS).hostname or "localhost"
    return f"<{hashlib.sha256(mail.pk.encode()).hexdigest()[:40]}@{host}>"


@contextmanager
def _acting_at(organization: str) -> Iterator[None]:
    with transaction.atomic(), open_scope(Scope(partner_orgs=frozenset({organization}))):
        yield


def _claimed(key: str, *, organization: str) -> Mail | None:
    """The mail, if nobody else has it; a waiting one, or one whose worker died."""
    moment = timezone.now()
    free = models.Q(state=MailState.WAITING) | models.Q(state=MailState.SENDING, claimed_at__lt=moment - LOST_AFTER)
    with _acting_at(organization):
        rows = Mail.objects.filter(free, pk=key)
        taken = rows.update(state=MailState.SENDING, claimed_at=moment, attempts=models.F("attempts") + 1)
        mail = Mail.objects.select_related("person", "sent_by").filter(pk=key).first()
    if mail is None or taken == 1:
        return mail
    if mail.state == MailState.SENDING:
        raise MailNotSentError(key)  # Somebody has it: look again later, whether it arrived.
    return None


def _deliver(mail: Mail) -> None:
    letter = letter_of(mail)
    body = "\n\n".join(part for part in (letter.text, letter.link) if part)
    message = EmailMultiAlternatives(
        letter.subject,
        f"{body}\n",
        settings.DEFAULT_FROM_EMAIL,
        [letter.to],
        headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(drawn(letter), "text/html")
    message.send()


def drawn(letter: Letter) -> str:
    """The same words for readers that show more than text, in light and in dark; nothing is fetched by it."""
    return render_to_string("swingby/mail.html", {"letter": letter, "paragraphs": letter.text.split("\n\n")})


def _note(mail: Mail, state: MailState, *, problem: str = "") -> None:
    sent_at = now() if state in {MailState.SENT, MailState.KEPT} else None
    with _acting_at(mail.organization_id):
        Mail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(state=state, problem=problem, sent_at=sent_at)


def _named(mail: Mail, text: str) -> str:
    sender = mail.sent_by.name if mail.sent_by else "Swingby"
    named = dict(Person.objects.filter(pk__in=mail.people).values_list("pk", "name")) if mail.people else {}
    filled = _NAMED.sub(lambda found: named.get(found[1], found[0]), text)
    return filled.replace(SENDER, sender).replace(RECIPIENT, mail.person.name)


def _link_of(mail: Mail) -> str:
    if not mail.path:
        return ""
    seal = f"{signing.dumps(mail.sealed, salt=SEAL)}/" if mail.sealed else ""
    return f"{settings.SWINGBY_ADDRESS.rstrip('/')}{mail.path}{seal}"


def _refusal(error: SMTPRecipientsRefused) -> str:
    code = next((said[0] for said in error.recipients.values()), 0)
    return f"The mail server knows no such address ({code})." if code else "The mail server knows no such address."


def _words_of(error: Exception) -> str:
    """What went wrong, without what the server said: that may hold an address."""
    code = getattr(error, "smtp_code", "")
    return f"The mail server did not take it ({type(error).__name__}{f' {code}' if code else ''})."
