"""Bring in codes of vouchers: what is right is kept, what is wrong comes back with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from swingby.enablement import Catalogue
from swingby.web.clock import today
from swingby.web.domain.audit import record_act
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.vouchers.budgets import charge, read_currency, read_money
from swingby.web.models import Enrolment, Side, Voucher, VoucherCode
from swingby.web.sealing import seal, unseal
from swingby.web.visibility import Actor

COLUMNS: Final = ("code", "certifications", "price", "currency", "expires")
#: Left out by vendors, who give: who pays, the firm unless it says otherwise.
PAID_BY: Final = "paid_by"
MOST_ROWS: Final = 500
LONGEST_TEXT: Final = 200_000
LONGEST_VALIDITY: Final = timedelta(days=5 * 366)
_PURPOSE: Final = "codes of vouchers"
_CODE: Final = re.compile(r"[!-~]{4,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that was not kept: where it stood, what it said and what is to be done."""

    line: int
    values: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many came in, and what did not."""

    count: int
    wrong: tuple[WrongRow, ...]

    def text(self, header: tuple[str, ...]) -> str:
        """The wrong rows as a file, to be mended and sent again."""
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows([header, *(row.values for row in self.wrong)])
        return written.getvalue() if self.wrong else ""


def load_vouchers(text: str, *, owner: str, partner: str, actor: Actor, catalogue: Catalogue) -> Loaded:
    """Keep the vouchers of a file. Of a vendor, the owner, they are given to the partner within the vendor's budget.

    Raises
    ------
    RefusedError
        If it is no such file, or too long.
    """
    try:
        lines = list(_rows(text))
    except csv.Error as error:
        words = _("This is no file of rows with commas. Send it as CSV.")
        raise RefusedError(words, place="text", code="csv") from error
    count, wrong = 0, []
    for line, row in lines:
        try:
            with transaction.atomic():
                _keep(row, owner=owner, partner=partner, actor=actor, catalogue=catalogue)
            count += 1
        except RefusedError as error:
            wrong.append(WrongRow(line, tuple(row.values()), str(error)))
        except IntegrityError:
            wrong.append(WrongRow(line, tuple(row.values()), _("This code is here already. Leave the row out.")))
    return Loaded(count, tuple(wrong))


def give_to_partner(text: str, *, owner: str, partner: str, actor: Actor, catalogue: Catalogue) -> Loaded:
    """Keep the vouchers of a file for a partner of the vendor's, within the vendor's budget.

    Raises
    ------
    RefusedError
        As `load_vouchers`, and if it is no partner of the vendor's.
    """
    if not Enrolment.objects.filter(owner_id=owner, partner_id=partner).exists():
        raise RefusedError(_("Choose a partner."), place="partner", code="unknown")
    return load_vouchers(text, owner=owner, partner=partner, actor=actor, catalogue=catalogue)


def header_of(text: str) -> tuple[str, ...]:
    """The names of the columns of a file."""
    return tuple(name.strip().lower() for name in next(csv.reader(io.StringIO(text), strict=True), []))


def code_of(row: VoucherCode) -> str:
    """The code itself, for its holder and who gives vouchers; empty where the secret that sealed it is lost."""
    try:
        return unseal(row.sealed, purpose=_PURPOSE)
    except InvalidToken:
        return ""


def masked(code: str) -> str:
    """Enough of a code to tell it from others."""
    return f"••••{code[-3:]}" if len(code) > 6 else "••••"  # noqa: PLR2004 - of a short code more would give it away


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with the line on which it ends."""
    if len(text) > LONGEST_TEXT or "\0" in text:
        words = _("Send a text file with at most %(most)s rows.") % {"most": MOST_ROWS}
        raise RefusedError(words, place="text", code="too-long")
    header = header_of(text)
    if missing := [name for name in COLUMNS if name not in header]:
        words = _("The first row must name the columns. Missing: %(names)s.") % {"names": ", ".join(missing)}
        raise RefusedError(words, place="text", code="columns")
    reader = csv.reader(io.StringIO(text), strict=True)
    next(reader)
    found = [(reader.line_num, row) for row in reader if any(value.strip() for value in row)]
    if len(found) > MOST_ROWS:
        words = _("Send at most %(most)s rows at once.") % {"most": MOST_ROWS}
        raise RefusedError(words, place="text", code="too-long")
    for line, row in found:
        padded = [*row, *[""] * len(header)][: len(header)]
        yield line, {name: value.strip() for name, value in zip(header, padded, strict=True)}


def _keep(row: Mapping[str, str], *, owner: str, partner: str, actor: Actor, catalogue: Catalogue) -> None:
    vendor, codes = _certifications(row["certifications"], catalogue)
    code, price, currency = _code(row["code"]), read_money(row["price"]), read_currency(row["currency"])
    expires_on, is_gift = _expiry(row["expires"]), owner != partner
    is_bought = not is_gift and _is_bought(row.get(PAID_BY, ""))
    one = codes[0] if len(codes) == 1 else ""
    budget = charge(owner, vendor=vendor, code=one, price=price, currency=currency) if is_gift else None
    voucher = Voucher(
        owner_id=owner,
        partner_id=partner,
        vendor=vendor,
        codes=codes,
        is_bought=is_bought,
        price=price,
        currency=currency,
        expires_on=expires_on,
        budget=budget,
        digest=salted_hmac(_PURPOSE, f"{vendor}\0{code.casefold()}", algorithm="sha256").hexdigest(),
        loaded_on=today(),
        loaded_by_id=actor.person,
    )
    voucher.save(force_insert=True)
    sealed = seal(code, purpose=_PURPOSE)
    VoucherCode(owner_id=owner, partner_id=partner, voucher=voucher, sealed=sealed).save(force_insert=True)
    side = Side.VENDOR if is_gift else Side.PARTNER
    record_act(voucher, side=side, actor=actor.person, action="voucher.load", subject=voucher.pk)


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise RefusedError(_("A code has 4 to 80 letters, digits and signs, without a space."))
    return text


def _certifications(text: str, catalogue: Catalogue) -> tuple[str, list[str]]:
    """The vendor and the certifications that a voucher is good for."""
    codes = list(dict.fromkeys(text.replace(";", " ").split()))
    unknown = [code for code in codes if code not in catalogue.certifications]
    if not codes or unknown:
        told = {"names": ", ".join(unknown) or _("none")}
        raise RefusedError(_("Name certifications of the catalogue by their codes. Not known: %(names)s.") % told)
    vendors = {catalogue.certifications[code].vendor for code in codes}
    if len(vendors) != 1:
        raise RefusedError(_("A voucher is of one vendor. Write a row for each."))
    return vendors.pop(), codes


def _expiry(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise RefusedError(_("Write the last day as year, month and day, such as 2026-12-31.")) from None
    if not today() <= found <= today() + LONGEST_VALIDITY:
        raise RefusedError(_("The last day must be today or later, within five years."))
    return found


def _is_bought(text: str) -> bool:
    if text.lower() not in {"", "firm", "vendor"}:
        raise RefusedError(_("Who pays is firm or vendor."))
    return text.lower() != "vendor"
