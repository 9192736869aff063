"""Whether people who read a card for the first time see what it says: twelve companies, and in half of them nothing works.

``./run bench card_readings --write FOLDER`` writes the twelve cards as pages, in an order drawn from the seed, and the
truth into a file beside the folder. Readers who have seen neither answer of each card "did it work?" with yes, no or
unclear, in a file of lines such as ``card-01,yes``. ``./run bench card_readings --answers FILE FILE FILE`` compares and
writes docs/measured/card-readings.json; it fails when a reader has fewer than `LEAST` right or calls something a success
that was none.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from swingby.insight import Act, Card, EffectQuestion, Outcome, answer_effect
from swingby.insight.showing.page import card_page
from tests.insight.company import SINCE, UNTIL, Truth, drawn, facts, program
from tools.measured import record

LEAST = 11
SEED = 20_261_130
YES, NO, UNCLEAR = "yes", "no", "unclear"


#: So many deals a month, at least and at most.
DEALS = (5, 11)


@dataclass(frozen=True, slots=True)
class Company:
    """What an act is called, and what is true of it."""

    said: str
    truth: Truth
    partners: int = 120
    seed: int = 1

    @property
    def works(self) -> bool:
        """True where deals are larger because of the act."""
        return self.truth.raised > 0


COMPANIES = (
    Company("a first advanced engineer", Truth(raised=0.30), seed=11),
    Company("the sales academy", Truth(raised=0.25), seed=12),
    Company("a first joint plan", Truth(raised=0.22), seed=13),
    Company("the demo centre", Truth(raised=0.20), partners=160, seed=14),
    Company("the architects' course", Truth(raised=0.18), partners=200, seed=15),
    Company("a second certified seller", Truth(raised=0.16), partners=240, seed=16),
    Company("the partner summit", Truth(raised=0.0), seed=21),
    Company("the new portal", Truth(raised=0.0, drift=0.012), seed=22),
    Company("the welcome kit", Truth(raised=0.0, spell=0.25), seed=23),
    Company("the price training", Truth(raised=0.0), partners=30, seed=24),
    Company("the reference library", Truth(raised=0.0, drift=0.02), partners=160, seed=25),
    Company("the quarterly newsletter", Truth(raised=0.0), partners=240, seed=26),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the cards, or judge what readers answered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the cards there")
    parser.add_argument("--answers", type=Path, nargs="+", metavar="FILE", help="what readers answered, a file each")
    options = parser.parse_args(arguments)
    if options.write:
        write(options.write)
    if not options.answers:
        return 0
    read = [judged(answers_in(path)) for path in options.answers]
    record("card-readings", what="Cards read for the first time", command=_COMMAND, figures=summed(read))
    failed = [name for name, one in zip(options.answers, read, strict=True) if one.right < LEAST or one.wrong_yes]
    print(*(f"{one.right} of {len(COMPANIES)} right, {one.wrong_yes} wrong yes" for one in read), sep="\n")
    print("\n".join(f"FAILED: {name}" for name in failed) or "All hold.")
    return int(bool(failed))


_COMMAND = "./run bench card_readings --answers FILE FILE FILE"


@dataclass(frozen=True, slots=True)
class Reading:
    """How many cards one reader understood."""

    right: int
    wrong_yes: int
    unclear: int


def shuffled() -> dict[str, Company]:
    """The companies by the names of their cards."""
    order = list(COMPANIES)
    Random(SEED).shuffle(order)
    return {f"card-{number:02}": company for number, company in enumerate(order, start=1)}


def write(folder: Path) -> None:
    """One page for each card, and the verdicts beside the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".truth.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for name, company in shuffled().items():
            found = card(company)
            (folder / f"{name}.html").write_text(card_page(found), encoding="utf-8")
            rows.writerow([name, YES if company.works else NO, found.verdict.value, found.sentence])


def card(company: Company) -> Card:
    """What the evidence says of one company."""
    question = EffectQuestion(
        Act("credentials", company.said, {"level": ("advanced",)}), Outcome.DEAL_SIZE, SINCE, UNTIL
    )
    with facts(drawn(partners=company.partners, seed=company.seed, truth=replace(company.truth, deals=DEALS))) as found:
        return answer_effect(question, found, program())


def answers_in(path: Path) -> dict[str, str]:
    """What a reader answered of each card."""
    with path.open(encoding="utf-8", newline="") as file:
        found = {row[0].strip(): row[1].strip().lower() for row in csv.reader(file) if row}
    wrong = sorted(set(found.values()) - {YES, NO, UNCLEAR}) + sorted(set(shuffled()) ^ set(found))
    if wrong:
        raise SystemExit(f"{path}: each card is answered once, with yes, no or unclear; see {', '.join(wrong)}")
    return found


def judged(answers: Mapping[str, str]) -> Reading:
    """Who says no or unclear of what did not work is right; of what worked only yes is."""
    cards = shuffled()
    works = {name: company.works for name, company in cards.items()}
    right = sum((answers[name] == YES) == works[name] for name in cards)
    wrong_yes = sum(answers[name] == YES and not works[name] for name in cards)
    return Reading(right, wrong_yes, sum(answer == UNCLEAR for answer in answers.values()))


def summed(read: Sequence[Reading]) -> dict[str, object]:
    """The figures of all readings."""
    return dict(_summed(read))


def _summed(read: Sequence[Reading]) -> Iterator[tuple[str, object]]:
    yield "cards", len(COMPANIES)
    yield "without an effect", sum(not company.works for company in COMPANIES)
    yield "readings", len(read)
    yield "right", [one.right for one in read]
    yield "wrong yes", sum(one.wrong_yes for one in read)


if __name__ == "__main__":
    raise SystemExit(main())
