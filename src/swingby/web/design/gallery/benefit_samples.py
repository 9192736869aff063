"""Sample pages of benefits: usual, the first day, and very large."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from swingby.web.design.gallery.extremes import HUGE, LONG_NAME, LONG_WORD
from swingby.web.design.gallery.samples import PROGRAM, TODAY
from swingby.web.portal.benefit_parts import AccountCard, BenefitLine, BenefitsPage, EarnedLine, LotLine


def sample_benefits() -> BenefitsPage:
    """A partner on Select with co-op funds, some of which lapse soon."""
    lots = (
        LotLine(
            opens=date(2026, 1, 1),
            expires=date(2026, 6, 30),
            amount=Decimal(9000),
            left=Decimal(6000),
            used=Decimal(3000),
            expired=Decimal(0),
        ),
        LotLine(
            opens=date(2025, 7, 1),
            expires=date(2025, 12, 31),
            amount=Decimal(7500),
            left=Decimal(0),
            used=Decimal(6200),
            expired=Decimal(1300),
        ),
    )
    return BenefitsPage(
        partner="Tarnwick Labs",
        program=PROGRAM,
        as_of=TODAY,
        tier="Select",
        tier_rank=1,
        next_tier="Gold",
        since=date(2025, 9, 1),
        safe_until=date(2026, 8, 1),
        lines=(
            BenefitLine(label="Discount", words="15 %", next_words="23 %", later=((date(2026, 8, 1), "16 %"),)),
            BenefitLine(label="Development funds", words="", next_words="2 %"),
            BenefitLine(label="Part of lead rotation", words="10 %", next_words="40 %"),
            BenefitLine(label="Paid training seats", words="2", next_words="6", note="Each year, from 1 February."),
            BenefitLine(label="Support", words="named contact"),
        ),
        accounts=(
            AccountCard(
                key="coop",
                label="Co-op funds",
                unit="USD",
                balance=Decimal(6000),
                opened=Decimal(16500),
                used=Decimal(9200),
                expired=Decimal(1300),
                lots=lots,
                lots_total=2,
                lapses_next=date(2026, 6, 30),
                lapsing=Decimal(6000),
            ),
        ),
        earned=(EarnedLine(label="Referral reward", unit="USD", value=Decimal(3120)),),
        guide_url="/gallery/?page=guide",
    )


def benefits_empty() -> BenefitsPage:
    """A partner who joined today."""
    return BenefitsPage(partner="Tarnwick Labs", program=PROGRAM, next_tier="Select", guide_url="/gallery/?page=guide")


def benefits_large() -> BenefitsPage:
    """Long words, huge numbers, many lots; held by exception."""
    page = sample_benefits()
    line = BenefitLine(
        label=LONG_NAME, words=LONG_WORD, note=LONG_NAME, next_words=LONG_WORD, later=((TODAY, LONG_WORD),) * 3
    )
    lot = LotLine(opens=TODAY, expires=None, amount=HUGE, left=HUGE, used=HUGE, expired=HUGE)
    account = page.accounts[0]
    accounts = tuple(
        replace(
            account,
            key=f"account-{number}",
            label=f"{number} {LONG_NAME}",
            unit=LONG_WORD,
            balance=HUGE,
            opened=HUGE,
            used=HUGE,
            expired=HUGE,
            lapsing=HUGE,
            lots=(lot,) * 24,
            lots_total=4000,
        )
        for number in range(2)
    )
    earned = (EarnedLine(label=LONG_WORD, unit="USD", value=HUGE),)
    return replace(
        page,
        program=LONG_NAME,
        tier=LONG_WORD,
        next_tier=LONG_NAME,
        since_at_least=True,
        exception_until=TODAY,
        lines=(line,) * 12,
        accounts=accounts,
        earned=earned,
    )
