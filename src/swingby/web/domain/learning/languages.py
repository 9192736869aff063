"""Which languages people speak: said once by each, read by study groups and, where the person wants, by who leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from swingby.web.clock import now
from swingby.web.domain.errors import RefusedError
from swingby.web.models import SpokenLanguages, StudyWish
from swingby.web.visibility import Actor

LANGUAGES: Final[Mapping[str, object]] = {
    "ar": gettext_lazy("Arabic"),
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
    "es": gettext_lazy("Spanish"),
    "fr": gettext_lazy("French"),
    "it": gettext_lazy("Italian"),
    "ja": gettext_lazy("Japanese"),
    "ko": gettext_lazy("Korean"),
    "nl": gettext_lazy("Dutch"),
    "pl": gettext_lazy("Polish"),
    "pt": gettext_lazy("Portuguese"),
    "zh": gettext_lazy("Chinese"),
}


def known_languages(said: Collection[str]) -> list[str]:
    """Those of the list, in its order."""
    return [each for each in LANGUAGES if each in said]


def language_words(languages: Iterable[str]) -> list[str]:
    """What languages are called."""
    return [str(LANGUAGES.get(each, each)) for each in languages]


def say_languages(firm: str, *, actor: Actor, said: Collection[str], is_shown: bool | None = None) -> None:
    """Keep which languages somebody speaks; ``is_shown`` says whether those who lead see it, None leaves that as it is.

    Raises
    ------
    RefusedError
        If no language is left while the person looks for a study group.
    """
    languages = known_languages(said)
    if not languages:
        _forget(firm, actor)
        return
    shown = {} if is_shown is None else {"is_shown": is_shown}
    SpokenLanguages.objects.update_or_create(
        organization_id=firm, person_id=actor.person, defaults={"languages": languages, "said_at": now(), **shown}
    )


def languages_of(firm: str, person: str) -> SpokenLanguages | None:
    """What somebody said to speak."""
    return SpokenLanguages.objects.filter(organization_id=firm, person_id=person).first()


def spoken_at(firm: str) -> dict[str, frozenset[str]]:
    """What everybody of a firm speaks by person, as a job sees it."""
    rows = SpokenLanguages.objects.filter(organization_id=firm).values_list("person_id", "languages")
    return {person: frozenset(languages) for person, languages in rows}


def shown_at(firm: str) -> dict[str, list[str]]:
    """By person what those speak who show it to who leads."""
    rows = SpokenLanguages.objects.filter(organization_id=firm, is_shown=True).values_list("person_id", "languages")
    return {person: known_languages(languages) for person, languages in rows}


def _forget(firm: str, actor: Actor) -> None:
    if StudyWish.objects.filter(organization_id=firm, person_id=actor.person).exists():
        raise RefusedError(_("You look for a study group: keep at least one language, or look for none any more."))
    SpokenLanguages.objects.filter(organization_id=firm, person_id=actor.person).delete()
