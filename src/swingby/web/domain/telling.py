"""What is said to whom when something happened: one sentence for each event, for the people of one side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from swingby.web.clock import now
from swingby.web.domain.mails import SENDER
from swingby.web.domain.notifications import (
    About,
    News,
    about,
    tell_looking_after,
    tell_partner,
    tell_partners,
    tell_vendor,
)
from swingby.web.jobs import enqueue_telling
from swingby.web.models import (
    VENDOR_ROLES,
    ActivityReport,
    Appeal,
    AppealState,
    Audience,
    CardEdition,
    CardShare,
    Enrolment,
    Invitation,
    LineState,
    Note,
    NotificationKind,
    Nudge,
    PartnerDocument,
    ProposedVersion,
    Review,
    ReviewLine,
    Role,
    Side,
    TierException,
    VersionLetter,
)
from swingby.web.tenancy import act_for_owner

K = NotificationKind
MOST_WORDS = 300


# --- reports ------------------------------------------------------------------------------------------------------------


def report_came_in(report: ActivityReport, *, by: str) -> None:
    """Tell whoever looks after the partner."""
    words = f"{report.partner.name} reported an activity of {report.happened_on:%-d %B %Y}."
    path, key = (
        reverse("console:reports", args=[report.owner_id]),
        f"report:{report.pk}:{report.submitted_at.isoformat()}",
    )
    tell_looking_after(report.enrolment, News(kind=K.REPORT_IN, key=key, words=words, path=path, by=by))


#: What became of a report, for its reporter.
_BECAME: Mapping[str, str] = {
    "accept": "is accepted",
    "return": "came back to you",
    "decline": "was declined",
    "take_back": "was taken back",
}


def report_answered(report: ActivityReport, act: str, *, by: str) -> None:
    """Tell who reported it: an answer that asks for something must not wait for the next visit."""
    in_part = act == "accept" and report.accepted_quantity != report.quantity
    words = f"Your report of {report.happened_on:%-d %B} {_BECAME[act]}{' in part' if in_part else ''}."
    news = News(
        kind=K.REPORT_ACCEPTED if act == "accept" else K.REPORT_BACK,
        key=f"report:{report.pk}:{act}:{now().isoformat()}",
        words=words,
        path=reverse("portal:reports", args=[report.enrolment_id]),
        by=by,
        text=f"{SENDER} answers:\n\n{report.answer}" if report.answer else "",
    )
    tell_partner(about(report), news, only=[report.submitted_by_id])


# --- reviews, appeals, exceptions -------------------------------------------------------------------------------------------

_LINE_WORDS: Mapping[LineState, str] = {
    LineState.WAITS: "{ladder}: a review proposes {after} instead of {before}.",
    LineState.NOTICE: "{ladder}: {before} is kept if what is missing is mended by {mend}.",
    LineState.AT_ONCE: "{ladder}: {after} instead of {before}, from {first}.",
    LineState.APPROVED: "{ladder}: {after} instead of {before}, from {first}.",
    LineState.HELD: "{ladder}: you stay at {before}.",
    LineState.PROTECTED: "{ladder}: {before} is protected until {until}.",
    LineState.MENDED: "{ladder}: what was missing is mended, {before} stays.",
}
_MOVED = frozenset({LineState.AT_ONCE, LineState.APPROVED})


def line_changed(line: ReviewLine, *, by: str = "") -> None:
    """Tell the partner where one of its lines stands, and who looks after it, if there is something to say."""
    state = LineState(line.state)
    if state not in _LINE_WORDS:
        return
    words = line_words(line, state)
    kind = K.TIER if state in _MOVED else K.REVIEW
    path = reverse("portal:tier_review", args=[line.enrolment_id, line.pk])
    tell_partner(about(line), News(kind=kind, key=f"line:{line.pk}:{state}", words=words, path=path, by=by))
    _tell_success_manager(line, state, by=by)


def line_words(line: ReviewLine, state: LineState) -> str:
    """What a partner is told once one of its lines stands so."""
    return _LINE_WORDS[state].format(
        ladder=line.ladder_label,
        before=line.before_label,
        after=line.after_label,
        first=f"{line.holds_from:%-d %B %Y}",
        mend=f"{line.mend_until:%-d %B %Y}" if line.mend_until else "the day that is named",
        until=f"{line.protected_until:%-d %B %Y}" if line.protected_until else "the day that is named",
    )


def _tell_success_manager(line: ReviewLine, state: LineState, *, by: str) -> None:
    manager = line.enrolment.success_manager_id
    if manager is None:
        return
    mend = f" until {line.mend_until:%-d %B %Y}" if state == LineState.NOTICE and line.mend_until else ""
    news = News(
        kind=K.REVIEW_BOOK,
        key=f"line:{line.pk}:{state}",
        words=f"{line.partner.name}, {line.before_label} to {line.after_label}: {state.label.lower()}{mend}.",
        path=reverse("console:review_line", args=[line.owner_id, line.review_id, line.pk]),
        by=by,
    )
    tell_vendor(about(line), news, only=[manager])


def review_opened(review: Review) -> None:
    """Ask for everybody concerned to be told: the partners of its lines, and who decides."""
    enqueue_telling("review", owner=review.owner_id, key=review.pk)


def _tell_of_review(key: str) -> None:
    review = Review.objects.select_related("program").get(pk=key)
    waiting = review.lines.filter(state=LineState.WAITS).count()
    if waiting:
        count = "one partner waits" if waiting == 1 else f"{waiting} partners wait"
        words = f"The review of {review.ladder_label} on {review.on:%-d %B %Y} is open: {count} for a decision."
        path = reverse("console:review", args=[review.owner_id, review.pk])
        news = News(kind=K.REVIEW_OPEN, key=f"review:{review.pk}", words=words, path=path)
        tell_vendor(About(review.owner_id, review.owner_id), news)
    for line in review.lines.order_by("pk"):
        line_changed(line)


def appeal_filed(appeal: Appeal, line: ReviewLine, *, by: str) -> None:
    """Tell those who answer it."""
    words = f"{line.partner.name} appeals against the decision of {line.on:%-d %B %Y}."
    path = reverse("console:review_line", args=[line.owner_id, line.review_id, line.pk])
    tell_vendor(about(appeal), News(kind=K.APPEAL_IN, key=f"appeal:{appeal.pk}", words=words, path=path, by=by))


def appeal_answered(appeal: Appeal, *, by: str) -> None:
    """Tell the partner."""
    line = ReviewLine.objects.get(pk=appeal.line_id)
    stands = appeal.state == AppealState.UPHELD
    words = f"Your appeal is answered: the decision of {line.on:%-d %B %Y} {'stands' if stands else 'is overturned'}."
    news = News(
        kind=K.APPEAL_ANSWERED,
        key=f"appeal:{appeal.pk}:{appeal.state}",
        words=words,
        path=reverse("portal:tier_review", args=[line.enrolment_id, line.pk]),
        by=by,
        text=f"{SENDER} answers:\n\n{appeal.answer}",
    )
    tell_partner(about(appeal), news)


def exception_changed(row: TierException, act: str, *, by: str) -> None:
    """Tell those who may grant it, or the partner once it is granted or ended."""
    if act == "ask":
        words = f"An exception waits for a second person: {row.tier_label} for {row.enrolment.partner.name}."
        path = reverse("console:exceptions", args=[row.owner_id])
        news = News(kind=K.EXCEPTION_ASKED, key=f"exception:{row.pk}:ask", words=words, path=path, by=by)
        tell_vendor(about(row), news)
    if act in {"grant", "end"}:
        said = f"is yours by exception until {row.until:%-d %B %Y}" if act == "grant" else "by exception has ended"
        path, key = reverse("portal:tier_reviews", args=[row.enrolment_id]), f"exception:{row.pk}:{act}"
        tell_partner(about(row), News(kind=K.EXCEPTION, key=key, words=f"{row.tier_label} {said}.", path=path, by=by))


@dataclass(frozen=True, slots=True)
class TierMove:
    """A tier that moved by itself, with its labels before and after; ``key`` is the standing's."""

    enrolment: Enrolment
    before: str
    after: str
    key: str

    def news(self) -> News:
        """What the partner is told."""
        words = f"Your tier is {self.after or 'none'} instead of {self.before or 'none'}."
        path = reverse("portal:home", args=[self.enrolment.pk])
        return News(kind=K.TIER, key=f"tier:{self.key}", words=words, path=path)


def tiers_moved(moves: Sequence[TierMove]) -> None:
    """Tell partners whose tier follows the day that it moved."""
    tell_partners([(about(move.enrolment), move.news()) for move in moves])


# --- versions ---------------------------------------------------------------------------------------------------------------


def approval_asked(proposed: ProposedVersion, *, by: str) -> None:
    """Tell those who may approve it; who drafted it may not."""
    words = f"Version {proposed.version} waits for a second approval."
    path = reverse("console:version", args=[proposed.owner_id, proposed.pk])
    news = News(kind=K.APPROVAL_ASKED, key=f"approval:{proposed.pk}:{now().isoformat()}", words=words, path=path, by=by)
    tell_vendor(About(proposed.owner_id, proposed.owner_id), news)


def version_announced(proposed: ProposedVersion) -> None:
    """Ask for the people of all partners to be told."""
    enqueue_telling("version", owner=proposed.owner_id, key=proposed.pk)


def _tell_of_version(key: str) -> None:
    proposed = ProposedVersion.objects.select_related("program").get(pk=key)
    first = f" from {proposed.effective:%-d %B %Y}" if proposed.effective else ""
    words = f"{proposed.program.name}: new rules hold{first}. Please read the letter and confirm it."
    for letter in VersionLetter.objects.filter(proposed=proposed).order_by("pk"):
        path = reverse("portal:change", args=[letter.enrolment_id, proposed.pk])
        tell_partner(about(letter), News(kind=K.VERSION, key=f"version:{letter.pk}", words=words, path=path))


def version_withdrawn(proposed: ProposedVersion) -> None:
    """Ask for those who were told of a version to be told that it does not come."""
    enqueue_telling("withdrawal", owner=proposed.owner_id, key=proposed.pk)


def _tell_of_withdrawal(key: str) -> None:
    proposed = ProposedVersion.objects.select_related("program").get(pk=key)
    day = f" for {proposed.effective:%-d %B %Y}" if proposed.effective else ""
    words = f"{proposed.program.name}: version {proposed.version}, announced{day}, is withdrawn. The rules stay as they are."
    text = f"{words}\n\nWhy: {proposed.withdrawn_because}"
    for letter in VersionLetter.objects.filter(proposed=proposed).defer("text").order_by("pk"):
        path, name = reverse("portal:change", args=[letter.enrolment_id, proposed.pk]), f"withdrawal:{letter.pk}"
        tell_partner(about(letter), News(kind=K.VERSION, key=name, words=words, path=path, text=text))


def card_shared(edition: CardEdition) -> None:
    """Ask for the partners with whom a card is shared to be told."""
    enqueue_telling("card", owner=edition.owner_id, key=edition.kept_id)


def _tell_of_card(key: str) -> None:
    shares = CardShare.objects.select_related("edition").filter(edition__kept_id=key, withdrawn_at=None)
    for share in shares.order_by("pk"):
        words = f"An answer from evidence is shared with you: {share.edition.told['question']}"
        path = reverse("portal:evidence_card", args=[share.enrolment_id, share.pk])
        news = News(kind=K.EVIDENCE, key=f"card:{share.pk}", words=words[:MOST_WORDS], path=path)
        tell_partner(about(share), news)


_MANY: Mapping[str, Callable[[str], None]] = {
    "review": _tell_of_review,
    "version": _tell_of_version,
    "withdrawal": _tell_of_withdrawal,
    "card": _tell_of_card,
}


def tell_many(what: str, *, owner: str, key: str) -> None:
    """Tell everybody whom a review, a version or a card concerns; a second run tells nobody again."""
    with act_for_owner(owner):
        _MANY[what](key)


# --- notes, documents, promises, people ---------------------------------------------------------------------------------------


def note_shared(note: Note, enrolment: Enrolment) -> None:
    """Tell the other side of a note that it may read."""
    _shared(note, enrolment, kind=K.NOTE, what="A note", by=note.written_by_id)


def document_shared(document: PartnerDocument, enrolment: Enrolment) -> None:
    """Tell the other side of a document that it may read."""
    _shared(document, enrolment, kind=K.DOCUMENT, what="A document", by=document.added_by_id)


def _shared(row: Note | PartnerDocument, enrolment: Enrolment, *, kind: NotificationKind, what: str, by: str) -> None:
    if row.audience != Audience.SHARED:
        return
    key = f"{kind}:{row.pk}"
    if row.side == Side.VENDOR:
        words, path = f"{what} is shared with you.", reverse("portal:home", args=[enrolment.pk])
        tell_partner(about(row), News(kind=kind, key=key, words=words, path=path, by=by))
        return
    path = reverse("console:partner", args=[enrolment.owner_id, enrolment.pk])
    news = News(kind=kind, key=key, words=f"{what} of {enrolment.partner.name} is shared with you.", path=path, by=by)
    tell_looking_after(enrolment, news)


def nudged(nudge: Nudge, *, program: str, promise: str) -> None:
    """Tell those who run the partnership at the partner, with the words."""
    news = News(
        kind=K.NUDGE,
        key=f"nudge:{nudge.pk}",
        words=f"{program}: {promise}",
        path=reverse("portal:home", args=[nudge.enrolment_id]),
        by=nudge.sent_by_id,
        text=f"{SENDER} writes about something that you promised: {promise}.\n\n{nudge.text}",
    )
    tell_partner(about(nudge), news)


def member_joined(invitation: Invitation) -> None:
    """Tell the admins of an organization that somebody came in."""
    own = invitation.organization_id
    role = Role(invitation.role)
    words = f"Somebody joined {invitation.organization.name} as {role.label.lower()}."
    path = reverse("users:user", args=[own, invitation.person_id])
    news = News(kind=K.MEMBER, key=f"member:{invitation.pk}", words=words, path=path, by=invitation.person_id)
    tell = tell_vendor if role in VENDOR_ROLES else tell_partner
    tell(About(own, own), news)
