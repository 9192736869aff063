"""The job: everything of the owner is brought, the question is answered once, and the card is kept as it is."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

import swingby
from swingby.insight import Card, card_data, known_acts, tells_money
from swingby.web.clock import now
from swingby.web.domain.cards.answering import Ground, answer, readiness_question
from swingby.web.domain.cards.asking import versions_of
from swingby.web.domain.cards.plain_words import in_plain_words
from swingby.web.domain.cards.questions import READINESS
from swingby.web.domain.cards.working import begin, tell, told_if_it_fails
from swingby.web.domain.experiments.reading import QUESTION, plan_of
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.models import CardState, KeptCard
from swingby.web.tenancy import act_for_owner


def compute_card(key: str, *, owner: str) -> None:
    """Compute a card that is not finished yet; a second run finds it done."""
    row = begin(KeptCard, key, owner=owner, progress="Bringing together what is known.")
    if row is None:
        return
    with told_if_it_fails(row, finished_at=now) as opened:
        ground = _ground(row, opened)
        tell(row, progress="Answering the question.")
        _finish(row, ground, answer(row.question, row.settings, ground))


def _ground(row: KeptCard, opened: ExitStack) -> Ground:
    """Read in one transaction, so that all of it is of one position."""
    with act_for_owner(row.owner_id):
        program, against = versions_of(row.program, row.settings)
        facts = opened.enter_context(bring_facts(row.owner_id, program))
        same = against is None or (against.kinds, against.facts) == (program.kinds, program.facts)
        old_facts = None if same or against is None else opened.enter_context(bring_facts(row.owner_id, against))
        plan = plan_of(row.owner_id, row.settings["experiment"]) if row.question == QUESTION else None
    return Ground(program, facts, facts.latest_position, against, old_facts, plan)


def _finish(row: KeptCard, ground: Ground, card: Card) -> None:
    kept: dict[str, Any] = {
        "state": CardState.DONE,
        "progress": "",
        "finished_at": now(),
        "position": ground.position,
        "program_version": ground.program.header.version,
        "program_hash": ground.program.hash,
        "method_version": swingby.__version__,
        "words": in_plain_words(card.question),
        "verdict": str(card.verdict),
        "sentence": in_plain_words(card.sentence),
        "tells_money": tells_money(card),
        "card": in_plain_words(card_data(card)),
        "acts": _acts(row, ground),
    }
    with act_for_owner(row.owner_id):
        KeptCard.objects.filter(pk=row.pk, state=CardState.RUNNING).update(**kept)


def _acts(row: KeptCard, ground: Ground) -> list[dict[str, Any]]:
    """What can be asked about, for the lists of the forms."""
    if row.question != READINESS:
        return []
    question = readiness_question(row.settings, position=ground.position)
    return [asdict(act) for act in known_acts(question, ground.facts, ground.program)]
