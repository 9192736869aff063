"""What may happen to a version on its way: one table of transitions, and the functions that make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from swingby import program as programs
from swingby.web.clock import now, today
from swingby.web.domain.audit import OwnChain, record_act
from swingby.web.domain.enrolled import not_ended
from swingby.web.domain.errors import ChangedMeanwhileError, NotAllowedError, RefusedError
from swingby.web.domain.kept_comparisons import ask_for_comparison
from swingby.web.domain.programs import publish_version, was_withdrawn
from swingby.web.domain.review_opening import carry_tiers
from swingby.web.domain.standings import current_position
from swingby.web.domain.telling import approval_asked, version_announced, version_withdrawn
from swingby.web.domain.uploads import Upload, read_uploads
from swingby.web.domain.words import kept_words
from swingby.web.jobs import enqueue_assessment, enqueue_effective
from swingby.web.models import (
    ComparisonKind,
    Enrolment,
    LetterReceipt,
    Program,
    ProgramVersion,
    ProposedVersion,
    Side,
    VersionAct,
    VersionLetter,
    VersionState,
)
from swingby.web.permissions import can_approve_version, can_change_versions, can_confirm_letter
from swingby.web.tenancy import act_for_owner
from swingby.web.visibility import Actor

LONGEST_WORDS = 2000
LONGEST_LETTER = 8000
BATCH = 1000
State = VersionState


def _may_change(actor: Actor, proposed: ProposedVersion) -> bool:
    return can_change_versions(actor, owner=proposed.owner_id)


def _may_approve(actor: Actor, proposed: ProposedVersion) -> bool:
    return can_approve_version(actor, owner=proposed.owner_id, drafted_by=proposed.drafted_by_id)


def _only_the_clock(actor: Actor, proposed: ProposedVersion) -> bool:  # noqa: ARG001 - as the others
    return False


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads, whose it is, and what it asks for."""

    after: VersionState
    may: Callable[[Actor, ProposedVersion], bool] = _may_change
    needs_words: bool = False
    needs_sound_text: bool = True


_EARLY = (State.DRAFT, State.SHADOW, State.PREVIEW)

#: (state, act) -> step; what is not here cannot happen. Nobody publishes alone, and nothing goes back once in force.
TRANSITIONS: Mapping[tuple[VersionState, str], Step] = {
    (State.DRAFT, "try"): Step(State.SHADOW),
    (State.DRAFT, "show"): Step(State.PREVIEW),
    (State.SHADOW, "show"): Step(State.PREVIEW),
    (State.PREVIEW, "hide"): Step(State.SHADOW),
    **{(state, "ask"): Step(State.WAITS) for state in _EARLY},
    (State.WAITS, "return"): Step(State.DRAFT, _may_approve, needs_words=True),
    (State.WAITS, "approve"): Step(State.APPROVED, _may_approve),
    (State.APPROVED, "announce"): Step(State.ANNOUNCED),
    (State.ANNOUNCED, "take effect"): Step(State.EFFECTIVE, _only_the_clock),
    **{
        (state, "withdraw"): Step(State.WITHDRAWN, needs_words=True, needs_sound_text=False)
        for state in (*_EARLY, State.WAITS, State.APPROVED, State.ANNOUNCED)
    },
}


def acts_open_to(actor: Actor, *, proposed: ProposedVersion) -> tuple[str, ...]:
    """What the actor may do with the version as it stands."""
    return tuple(
        act
        for (state, act), step in TRANSITIONS.items()
        if state == proposed.state and step.may(actor, proposed) and (proposed.is_sound or not step.needs_sound_text)
    )


def draft_version(program: Program, *, actor: Actor, uploads: Iterable[Upload]) -> ProposedVersion:
    """Keep uploaded files as a draft, also when they hold mistakes: those are shown beside their lines."""
    if not can_change_versions(actor, owner=program.owner_id):
        raise NotAllowedError("Your role cannot change the program.")
    texts = read_uploads(uploads)
    read = programs.load_texts(texts.program.items()).program
    if read is not None and read.header.id != program.pk:
        raise RefusedError(
            f'These are the rules of "{read.header.id}". A draft for this program says `id: {program.pk}` in its header.'
        )
    proposed = ProposedVersion.objects.create(
        owner_id=program.owner_id,
        program=program,
        version=read.header.version if read else "",
        effective=read.header.effective if read else None,
        files=dict(texts.program),
        scenarios=dict(texts.scenarios),
        hash=programs.hash_of(texts.program),
        is_sound=read is not None,
        drafted_by_id=actor.person,
        drafted_at=now(),
    )
    _note(proposed, "draft", person=actor.person)
    return proposed


def move_version(
    proposed: ProposedVersion, act: str, *, actor: Actor, words: str = "", letter: str | None = None
) -> None:
    """Do what a button says; of two who act at once, one is told."""
    step = TRANSITIONS.get((VersionState(proposed.state), act))
    if step is None:
        raise ChangedMeanwhileError("This version has moved on since you opened the page. Look at it again.")
    if not step.may(actor, proposed):
        raise NotAllowedError(_WHOSE.get(act, "Your role cannot change the program."))
    kept = kept_words(words, longest=LONGEST_WORDS)
    if step.needs_words and not kept:
        raise RefusedError("Say in a sentence why, so that the others can act on it.")
    if step.needs_sound_text and not proposed.is_sound:
        raise RefusedError("The text holds mistakes. Mend them and upload it anew.")
    was_told = proposed.state == State.ANNOUNCED and act == "withdraw"
    changes = _CHANGES[act](proposed, actor, letter) if act in _CHANGES else {}
    if was_told:
        changes = _withdrawing(proposed, kept)
    _move(proposed, act, step, person=actor.person, words=kept, **changes)
    if act in _AFTERWARDS:
        _AFTERWARDS[act](proposed, actor)
    if was_told:
        version_withdrawn(proposed)
    if proposed.state == State.WAITS:
        approval_asked(proposed, by=actor.person)


_WHOSE = {
    "approve": "Who drafted a version cannot approve it. Ask another program manager.",
    "return": "Who drafted a version cannot answer for the second approval. Ask another program manager.",
}


def _move(
    proposed: ProposedVersion, act: str, step: Step, *, person: str | None, words: str = "", **changes: object
) -> None:
    # A conditional update that must touch one row: of two who act at once, one is told.
    waiting = ProposedVersion.objects.filter(pk=proposed.pk, state=proposed.state)
    if waiting.update(state=step.after, **changes) != 1:
        raise ChangedMeanwhileError("Somebody else was faster with this version. Look at it again.")
    proposed.refresh_from_db()
    _note(proposed, act, person=person, words=words)


def _note(proposed: ProposedVersion, act: str, *, person: str | None, words: str = "") -> None:
    """Keep the act beside the version, and in the chain of what the owner did."""
    VersionAct.objects.create(
        owner_id=proposed.owner_id, proposed=proposed, act=act, at=now(), person_id=person, words=words
    )
    chain = OwnChain(proposed.owner_id)
    record_act(
        chain, side=Side.VENDOR, actor=person or "clock", action=f"version.{act}", subject=proposed.pk,
        version=proposed.version, hash=proposed.hash,
    )  # fmt: skip


# --- what an act asks for and brings ---------------------------------------------------------------------------------


def _asking(proposed: ProposedVersion, actor: Actor, letter: str | None) -> dict[str, object]:  # noqa: ARG001 - one shape
    """Before somebody is asked: the number is free, the letter is written."""
    if ProgramVersion.objects.filter(program_id=proposed.program_id, version=proposed.version).exists():
        raise RefusedError(
            f"Version {proposed.version} is published already and never changes. Give this one a number of its own."
        )
    if was_withdrawn(proposed.program, proposed.version):
        raise RefusedError(
            f"Version {proposed.version} was announced and withdrawn, and partners know it. Give this one another number."
        )
    text = kept_words(proposed.letter if letter is None else letter, longest=LONGEST_LETTER)
    if not text:
        raise RefusedError("Write the letter to the partners first: the second approval is for both.")
    return {"letter": text}


def _approving(proposed: ProposedVersion, actor: Actor, letter: str | None) -> dict[str, object]:  # noqa: ARG001
    return {"approved_by_id": actor.person}


def _announcing(proposed: ProposedVersion, actor: Actor, letter: str | None) -> dict[str, object]:  # noqa: ARG001
    """Publish the text; from its date on it is in force by itself."""
    _asking(proposed, actor, None)
    found = check_notice(proposed)
    if not found.is_kept:
        raise RefusedError(
            f"{found.days} days of notice: not before {found.earliest:%-d %B %Y}."
            " Upload the version again with a later first day."
        )
    return {"published_id": publish_version(proposed.program, files=proposed.files).pk}


def _withdrawing(proposed: ProposedVersion, words: str) -> dict[str, object]:
    """Partners were told: they are told the reason as well, and only as long as the version does not hold."""
    if proposed.effective is not None and proposed.effective <= today():
        raise RefusedError(
            f"Version {proposed.version} holds since {proposed.effective:%-d %B %Y}. Announce another one instead."
        )
    return {"withdrawn_because": words}


_CHANGES: Mapping[str, Callable[[ProposedVersion, Actor, str | None], dict[str, object]]] = {
    "ask": _asking,
    "approve": _approving,
    "announce": _announcing,
}


def _compare_today(proposed: ProposedVersion, actor: Actor) -> None:
    day = today()
    ask_for_comparison(proposed, actor=actor, kind=ComparisonKind.TODAY, first=day, last=day)


def told_by(proposed: ProposedVersion) -> models.QuerySet[Enrolment]:
    """The partners whom a version concerns and who get its letter: all in its program today."""
    return Enrolment.objects.filter(not_ended(today()), program_id=proposed.program_id)


def _send_letters(proposed: ProposedVersion, actor: Actor) -> None:
    """A letter for each partner, and the clock is set."""
    sent = now()
    rows = told_by(proposed).values_list("pk", "partner_id")
    VersionLetter.objects.bulk_create(
        (
            VersionLetter(
                owner_id=proposed.owner_id,
                partner_id=partner,
                proposed=proposed,
                enrolment_id=enrolment,
                text=proposed.letter,
                sent_at=sent,
            )
            for enrolment, partner in rows
        ),
        batch_size=BATCH,
    )
    _compare_today(proposed, actor)
    version_announced(proposed)
    if proposed.effective:
        enqueue_effective(owner=proposed.owner_id, proposed=proposed.pk, day=proposed.effective)


_AFTERWARDS: Mapping[str, Callable[[ProposedVersion, Actor], None]] = {
    "try": _compare_today,
    "show": _compare_today,
    "announce": _send_letters,
}


# --- notice ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notice:
    """Whether a version keeps the days of notice that the agreements ask for, when announced today."""

    days: int
    earliest: date
    effective: date | None

    @property
    def is_kept(self) -> bool:
        """Whether its first day is late enough."""
        return self.effective is not None and self.effective >= self.earliest


def check_notice(proposed: ProposedVersion) -> Notice:
    """The notice of a version."""
    days = proposed.program.notice_days
    return Notice(days, today() + timedelta(days=days), proposed.effective)


# --- the clock, and the partner's receipt ----------------------------------------------------------------------------


def make_effective(key: str, *, owner: str) -> bool:
    """Note that an announced version is in force, and ask for everybody's new standing; True if it was so now.

    Which version is in force is read from its date, never from here: a job that runs late loses nothing.
    """
    with act_for_owner(owner):
        proposed = ProposedVersion.objects.select_related("program").get(pk=key)
        if proposed.state != State.ANNOUNCED:
            return False
        if proposed.effective is None or today() < proposed.effective:
            enqueue_effective(owner=owner, proposed=key, day=proposed.effective or today(), again=True)
            return False
        _move(proposed, "take effect", TRANSITIONS[State.ANNOUNCED, "take effect"], person=None)
        carry_tiers(proposed.program_id, owner=owner)
        position = current_position(owner)
        for enrolment in told_by(proposed).order_by("pk").values_list("pk", flat=True):
            enqueue_assessment(owner=owner, enrolment=enrolment, position=position)
        return True


def confirm_letter(letter: VersionLetter, *, actor: Actor) -> LetterReceipt:
    """The partner's word that it has read the letter; the second time is the first."""
    if not can_confirm_letter(actor, lineage=letter.partner.lineage):
        raise NotAllowedError("Your role cannot confirm letters. Ask your partner admin.")
    receipt, is_new = LetterReceipt.objects.get_or_create(
        letter=letter,
        defaults={
            "owner_id": letter.owner_id,
            "partner_id": letter.partner_id,
            "person_id": actor.person,
            "at": now(),
        },
    )
    if is_new:
        record_act(receipt, side=Side.PARTNER, actor=actor.person, action="letter.confirm", subject=str(letter.pk))
    return receipt
