"""Names and addresses of customers, as two that mean the same firm are known by."""

from __future__ import annotations

import re
import unicodedata

from swingby.web.domain.errors import RefusedError

_LEGAL_FORMS = frozenset(
    (
        "ab ag aps as asa bv co company corp corporation gmbh inc incorporated kg kk lda limited llc llp lp ltd ltda mbh nv"
        " oy oyj plc pte pty pvt sa sarl sas sl spa srl sro"
    ).split()
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def comparable_name(name: str) -> str:
    """A name without accents, marks, capitals and the legal form at its end: "Café Lumen, Inc." is "cafe lumen"."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(
        r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)).replace(".", "")
    )
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words) or name.casefold()


def domain_of(website: str) -> str:
    """The domain of a website however it was copied, without www.; nothing for nothing.

    Raises
    ------
    RefusedError
        If it names no domain.
    """
    text = website.strip().casefold()
    if not text:
        return ""
    host = re.split(r"[/?#]", re.sub(r"^[a-z][a-z0-9+.-]*://", "", text))[0].rpartition("@")[2].partition(":")[0]
    try:
        found = host.removeprefix("www.").rstrip(".").encode("idna").decode()
    except UnicodeError:
        found = ""
    if len(found) > 200 or not _DOMAIN.fullmatch(found):  # noqa: PLR2004 - as the table has it
        raise RefusedError("This is no website. Write it as example.com, or leave it empty.")
    return found


def is_same_domain(one: str, other: str) -> bool:
    """Whether one is the other, or lies below it."""
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
