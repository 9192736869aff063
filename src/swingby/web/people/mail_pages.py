"""Fill the pages about mails from what is stored."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse

from swingby.web.design.parts import Tone
from swingby.web.domain.mails import letter_of
from swingby.web.models import Mail, MailState
from swingby.web.people.mail_parts import MailLine, MailPage, MailsPage

ON_A_PAGE = 25
_MOST_DIGITS = 5
_LOOKS: Mapping[str, tuple[Tone, str]] = {
    MailState.WAITING: ("pending", "hourglass"),
    MailState.SENDING: ("pending", "hourglass"),
    MailState.SENT: ("good", "check"),
    MailState.KEPT: ("plain", "inbox"),
    MailState.FAILED: ("bad", "circle-alert"),
}


def mails_page(organization: str, *, page: str) -> MailsPage:
    """One page of an organization's mails."""
    rows = Mail.objects.filter(organization_id=organization)
    total = rows.count()
    last = max((total - 1) // ON_A_PAGE, 0) + 1
    number = min(max(int(page), 1), last) if page.isdecimal() and len(page) <= _MOST_DIGITS else 1
    first = (number - 1) * ON_A_PAGE
    shown = rows.select_related("person", "sent_by")[first : first + ON_A_PAGE]
    address = reverse("mail:mails", args=[organization])
    return MailsPage(
        lines=tuple(map(_line, shown)),
        total=total,
        sends=settings.SWINGBY_SENDS_MAIL,
        newer=f"{address}?page={number - 1}" if number > 1 else "",
        older=f"{address}?page={number + 1}" if number < last else "",
    )


def mail_page(mail: Mail) -> MailPage:
    """One mail. A link that lets its reader in is shown only where no mail server would bring it to them."""
    letter = letter_of(mail)
    is_hidden = bool(mail.sealed) and mail.state != MailState.KEPT
    return MailPage(
        line=_line(mail),
        text=letter.text,
        link="" if is_hidden else letter.link,
        link_words="The link is for its reader alone." if is_hidden else "",
        sent=mail.sent_at,
        attempts=mail.attempts,
        back=reverse("mail:mails", args=[mail.organization_id]),
        again=reverse("mail:again", args=[mail.organization_id, mail.pk]) if mail.state == MailState.FAILED else "",
    )


def _line(mail: Mail) -> MailLine:
    letter = letter_of(mail)
    tone, icon = _LOOKS[mail.state]
    return MailLine(
        subject=letter.subject,
        # Who is only on the way in is nobody's colleague yet: what the address is called stays unsaid.
        to=letter.to if mail.sealed else f"{mail.person.name} ({letter.to})",
        posted=mail.posted_at,
        state=MailState(mail.state).label,
        tone=tone,
        icon=icon,
        href=reverse("mail:mail", args=[mail.organization_id, mail.pk]),
        problem=mail.problem,
    )
