"""What the sample pages about people and their mails show."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from swingby.web.design.gallery import extremes
from swingby.web.design.parts import Tone
from swingby.web.people.mail_parts import MailLine, MailPage, MailsPage
from swingby.web.people.sharing_parts import ResellerRow, ShareRow, SharingPage

_POSTED = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
_LINK = "http://localhost:8000/join/ImludjEi:1w7Zsn:8yN0XjQ6hT3bXq0v1kQm2Gv7cX1bJr9qk4m0Yt5s/"


_KEPT_LOOK: tuple[str, Tone, str] = ("Kept here", "plain", "inbox")
_SENT: tuple[str, Tone, str] = ("Sent", "good", "check")
_WAITS: tuple[str, Tone, str] = ("Waits to be sent", "pending", "hourglass")
_FAILED: tuple[str, Tone, str] = ("Not sent", "bad", "circle-alert")


def _line(subject: str, to: str, look: tuple[str, Tone, str], problem: str = "") -> MailLine:
    state, tone, icon = look
    whole = {"href": "/gallery/?page=mail", "problem": problem}
    return MailLine(subject=subject, to=to, posted=_POSTED, state=state, tone=tone, icon=icon, **whole)


_KEPT = _line("Ines Halvorsen invites you to Harborline", "mei.chen@thornquay.example", _KEPT_LOOK)


def sample_mails() -> MailsPage:
    """A few in every state."""
    lines = (
        _KEPT,
        _line("Plan reviews", "Priya Anand (priya.anand@tarnwick.example)", _SENT),
        _line("Your report of 18 March came back to you", "Luc Tremblay (luc.tremblay@thornquay.example)", _WAITS),
        _line(
            "Plan reviews",
            "Noor Ballard (noor.ballard@thornquay.example)",
            _FAILED,
            "The mail server knows no such address (550).",
        ),
    )
    return MailsPage(lines=lines, total=4, sends=False)


def empty_mails() -> MailsPage:
    """Before the first."""
    return MailsPage(lines=(), total=0, sends=True)


def large_mails() -> MailsPage:
    """A full page with long words."""
    long = replace(_KEPT, subject=extremes.LONG_NAME, to=f"{extremes.LONG_NAME} ({'a' * 60}@example.test)")
    lines = tuple(replace(long, posted=_POSTED - timedelta(hours=number)) for number in range(25))
    return MailsPage(lines=lines, total=12_345, sends=True, newer="#", older="#")


def sample_mail() -> MailPage:
    """One that was kept, with its link."""
    text = "Hello Mei Chen,\n\nInes Halvorsen invites you to work with Harborline as partner member.\n\nThe link holds until 14 April."
    return MailPage(line=_KEPT, text=text, link=_LINK, sent=_POSTED, attempts=2, back="/gallery/?page=mails")


def failed_mail() -> MailPage:
    """One that was given up, whose link is not for us."""
    line = replace(_KEPT, state="Not sent", tone="bad", icon="circle-alert",
                   problem="The mail server did not take it (SMTPServerDisconnected).")  # fmt: skip
    return replace(
        sample_mail(), line=line, link="", link_words="The link is for its reader alone.", sent=None, again="#"
    )


_SHARING = SharingPage(
    organization="tarnwick",
    code="k7wm 3xqa 9dpe rv2h",
    programs=(("example", "Harborline Partner Success"),),
    shares=(),
    resellers=(),
    share_url="#",
)


def sample_sharing() -> SharingPage:
    """One share in each direction, and a reseller of whom nothing is known yet."""
    reseller = ResellerRow(
        name="Merrowick Services", program="Harborline Partner Success", since=_POSTED, end_url="#", tier="Select",
        rank=1, next_tier="Gold", score="Points: 412", as_of=date(2026, 3, 31),
    )  # fmt: skip
    new = ResellerRow(name="Sallowby Trade", program="Harborline Partner Success", since=_POSTED, end_url="#")
    share = ShareRow(
        name="Lanternbay Distribution",
        program="Harborline Partner Success",
        since=_POSTED,
        shared_by="Priya Anand",
        end_url="#",
    )
    return replace(_SHARING, shares=(share,), resellers=(reseller, new))


def empty_sharing() -> SharingPage:
    """Nothing is shared."""
    return _SHARING


def large_sharing() -> SharingPage:
    """Many resellers with long names."""
    (reseller, _) = sample_sharing().resellers
    long = replace(reseller, name=extremes.LONG_NAME, tier=extremes.LONG_NAME, rank=3)
    return replace(sample_sharing(), resellers=(long,) * 20, total=412)
