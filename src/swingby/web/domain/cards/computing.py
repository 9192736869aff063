"""The job: everything of the owner is brought, the question is answered once, and the card is kept as it is."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import swingby
from swingby.errors import SwingbyError
from swingby.insight import Card, card_data, known_acts, tells_money
from swingby.web.clock import now
from swingby.web.domain.cards.answering import Ground, answer, readiness_question
from swingby.web.domain.cards.asking import UNFINISHED, versions_of
from swingby.web.domain.cards.questions import READINESS
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.experiments.reading import QUESTION, plan_of
from swingby.web.domain.owner_facts import bring_facts
from swingby.web.models import CardState, KeptCard
from swingby.web.tenancy import act_for_owner

FACTS = re.compile(r"\bfacts?\b", re.IGNORECASE)
RECORDS = {"fact": "record", "facts": "records"}
BROKE_OFF = "It broke off. Ask again; if it breaks off again, tell whoever runs this application."


def compute_card(key: str, *, owner: str) -> None:
    """Compute a card that is not finished yet; a second run finds it done."""
    row = _begin(key, owner=owner)
    if row is None:
        return
    ground: Ground | None = None
    try:
        ground = _ground(row)
        _tell(row, "Answering the question.")
        card = answer(row.question, row.settings, ground)
        _finish(row, ground, card)
    except SwingbyError as error:
        _fail(row, f"{error.message} {error.hint}".strip())
    except RefusedError as error:
        _fail(row, str(error))
    except Exception:
        # Shown instead of a progress that never ends; who runs the application finds the rest in the worker's log.
        _fail(row, BROKE_OFF)
        raise
    finally:
        for facts in (ground.facts, ground.old_facts) if ground else ():
            if facts is not None:
                facts.close()


def _begin(key: str, *, owner: str) -> KeptCard | None:
    with act_for_owner(owner):
        changed = KeptCard.objects.filter(pk=key, state__in=UNFINISHED).update(
            state=CardState.RUNNING, progress="Bringing together what is known."
        )
        return KeptCard.objects.select_related("program").get(pk=key) if changed == 1 else None


def _ground(row: KeptCard) -> Ground:
    """Read in one transaction, so that all of it is of one position."""
    with act_for_owner(row.owner_id):
        program, against = versions_of(row.program, row.settings)
        facts = bring_facts(row.owner_id, program)
        same = against is None or (against.kinds, against.facts) == (program.kinds, program.facts)
        old_facts = None if same or against is None else bring_facts(row.owner_id, against)
        plan = plan_of(row.owner_id, row.settings["experiment"]) if row.question == QUESTION else None
    return Ground(program, facts, facts.latest_position, against, old_facts, plan)


def _tell(row: KeptCard, text: str) -> None:
    with act_for_owner(row.owner_id):
        KeptCard.objects.filter(pk=row.pk).update(progress=text)


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


def in_plain_words(value: Any) -> Any:
    """What is kept, in the words of people who bring records and know of no facts."""
    if isinstance(value, str):
        return FACTS.sub(lambda found: _as_begun(RECORDS[found.group().lower()], found.group()), value)
    if isinstance(value, dict):
        return {name: in_plain_words(one) for name, one in value.items()}
    return [in_plain_words(one) for one in value] if isinstance(value, list | tuple) else value


def _as_begun(word: str, before: str) -> str:
    """A word that begins as the one that it stands for."""
    return word.capitalize() if before[0].isupper() else word


def _acts(row: KeptCard, ground: Ground) -> list[dict[str, Any]]:
    """What can be asked about, for the lists of the forms."""
    if row.question != READINESS:
        return []
    question = readiness_question(row.settings, position=ground.position)
    return [asdict(act) for act in known_acts(question, ground.facts, ground.program)]


def _fail(row: KeptCard, reason: str) -> None:
    with act_for_owner(row.owner_id):
        KeptCard.objects.filter(pk=row.pk).update(state=CardState.FAILED, progress=reason, finished_at=now())
