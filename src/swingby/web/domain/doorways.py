"""The link of an organization under which its people ask to join, and whom it lets in at once."""

from __future__ import annotations

import re
from collections.abc import Collection

from swingby.web.domain.errors import RefusedError
from swingby.web.domain.sharing import doorway_of
from swingby.web.domain.users import record_user_act, require_user_admin
from swingby.web.models import Doorway, MatchAct
from swingby.web.models.sharing import new_code
from swingby.web.tenancy import Scope, open_scope
from swingby.web.visibility import Actor

MOST_DOMAINS = 50
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
#: Anybody gets an address there, so it says nothing about who somebody works for.
_ANYBODYS = frozenset(
    (
        "aol.com fastmail.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com icloud.com"
        " live.com mac.com mail.com mail.ru me.com msn.com naver.com outlook.com outlook.de pm.me posteo.de proton.me"
        " protonmail.com qq.com t-online.de tutanota.com web.de yahoo.com yahoo.co.jp yahoo.co.uk yahoo.de yandex.com"
        " yandex.ru ymail.com zoho.com 126.com 163.com"
    ).split()
)


def change_doorway(organization: str, *, actor: Actor, is_open: bool, domains: str, on_match: MatchAct) -> Doorway:
    """Say whether people may ask to join by the link, and whom it lets in at once."""
    require_user_admin(actor, organization)
    said = sorted({word.lower().lstrip("@") for word in re.split(r"[\s,;]+", domains) if word})
    problems = wrong_domains(said)
    if problems:
        raise RefusedError(" ".join(problems))
    doorway = doorway_of(organization)
    doorway.is_open, doorway.domains, doorway.on_match = is_open, said, on_match
    doorway.save()
    record_user_act(
        organization, actor=actor, action="door.change", subject=organization, open=is_open, on_match=on_match
    )
    return doorway


def wrong_domains(said: Collection[str]) -> list[str]:
    """What speaks against these words as the mail domains of one organization."""
    wrong = [word for word in said if not _DOMAIN.fullmatch(word)]
    public = [word for word in said if word in _ANYBODYS]
    problems = []
    if wrong:
        problems.append(f"Not a mail domain: {', '.join(wrong)[:200]}. Write it as company.example.")
    if public:
        problems.append(f"Anybody gets an address at {', '.join(public)}. Leave it out: such people wait for you.")
    if len(said) > MOST_DOMAINS:
        problems.append(f"Keep to {MOST_DOMAINS} domains.")
    return problems


def renew_join_code(organization: str, *, actor: Actor) -> Doorway:
    """Make a new link; the old one leads nowhere from now on."""
    require_user_admin(actor, organization)
    doorway = doorway_of(organization)
    doorway.join_code = new_code()
    doorway.save(update_fields=["join_code"])
    record_user_act(organization, actor=actor, action="door.renew", subject=organization)
    return doorway


def doorway_behind(code: str) -> Doorway | None:
    """The open doorway of a link, with its organization; None if there is none or it is closed."""
    if not code or "\0" in code:
        return None
    with open_scope(Scope(token=code)):
        found = Doorway.objects.filter(join_code=code, is_open=True).values_list("organization_id", flat=True).first()
    if found is None:
        return None
    with open_scope(Scope(partner_orgs=frozenset({found}))):
        return Doorway.objects.select_related("organization").get(pk=found)
