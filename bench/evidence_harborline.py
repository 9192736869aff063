"""How often what is planted in the example company is found, over twenty seeds, and how often nothing is taken for something.

``./run bench evidence_harborline`` prints one line for each company and writes docs/measured/evidence-harborline.json.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import fmean

from swingby.facts import read_folder
from swingby.generation import generate_example
from swingby.insight import (
    Act,
    Between,
    Card,
    EffectQuestion,
    Outcome,
    ReturnQuestion,
    SignsQuestion,
    answer_effect,
    answer_return,
    answer_signs,
)
from swingby.program import load
from tools.measured import record

SINCE, UNTIL = date(2023, 2, 1), date(2026, 4, 1)
#: Companies with everything planted, and with nothing.
PLANTED, PLAIN = 20, 16
QUESTIONS = {
    "lever": Act("credentials", "the first advanced engineer", {"level": ("advanced",), "role": ("engineering",)}),
    "signal": Act("touches", "the first business review", {"kind": ("business_review",)}),
}
GOLD = ReturnQuestion(
    EffectQuestion(
        Act("decisions", "Gold of the yearly check", {"topic": ("volume_tier",), "outcome": ("gold",)}),
        Outcome.WIN_RATE,
        SINCE,
        UNTIL,
        parts=("seller",),
    ),
    granted=Between(0.124, 0.124),
)
NEEDED = "Effect from which on it pays within 4 quarters"


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the companies, ask the questions, print and write the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planted", type=int, default=PLANTED)
    parser.add_argument("--plain", type=int, default=PLAIN)
    options = parser.parse_args(arguments)
    found: dict[str, object] = {}
    for name, truth, number in (("planted", True, options.planted), ("nothing planted", False, options.plain)):
        cards = [asked(f"seed {nth}", truth=truth) for nth in range(number)]
        found[name] = {"companies": number} | summed(cards) | gold([one["gold"] for one in cards if "gold" in one])
    print(found)
    if (options.planted, options.plain) == (PLANTED, PLAIN):
        record(
            "evidence-harborline",
            what="Planted effects of the example company",
            command="./run bench evidence_harborline",
            figures=found,
        )


def asked(seed: str, *, truth: bool) -> dict[str, Card]:
    """The cards of one company."""
    with tempfile.TemporaryDirectory(prefix="swingby-example-") as folder:
        made = generate_example(Path(folder) / "company", seed=seed, truth=truth)
        program = load(made.folder / "program").program
        assert program is not None
        with read_folder(made.folder, program) as facts:
            cards = {
                name: answer_effect(
                    EffectQuestion(act, Outcome.DEAL_SIZE, SINCE, UNTIL, parts=("seller",)), facts, program
                )
                for name, act in QUESTIONS.items()
            }
            cards["early use"] = answer_signs(SignsQuestion(SINCE, UNTIL), facts)
            if truth:
                cards["gold"] = answer_return(GOLD, facts, program)
    print(seed, truth, {name: str(card.verdict) for name, card in cards.items()}, flush=True)
    return cards


def summed(found: list[dict[str, Card]]) -> dict[str, object]:
    """How often each verdict fell, and the mean of what was estimated."""
    return {
        name: dict(Counter(str(cards[name].verdict) for cards in found))
        | {"mean": round(fmean(cards[name].figures[0].value for cards in found if cards[name].figures), 3)}
        for name in (*QUESTIONS, "early use")
    }


def gold(cards: list[Card]) -> dict[str, object]:
    """How often each verdict fell on what Gold grants, the effects that were needed and seen, and how often the card excludes one that pays."""
    figures = [{figure.label: figure.value for figure in card.figures} for card in cards if card.figures]
    if not figures:
        return {}
    return {
        "gold": dict(Counter(str(card.verdict) for card in cards))
        | {
            "needed points": round(100 * fmean(one[NEEDED] for one in figures), 1),
            "seen points": round(100 * fmean(one["Effect"] for one in figures), 1),
            "one that pays is unlikely": sum("is unlikely" in card.sentence for card in cards),
        }
    }


if __name__ == "__main__":
    main()
