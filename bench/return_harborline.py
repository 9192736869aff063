"""How often the first engineer of the example company is said to pay, at a price at which any effect would pay.

``./run bench return_harborline`` prints one line for each company and writes docs/measured/return-harborline.json.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from bench.evidence_harborline import QUESTIONS, SINCE, UNTIL
from swingby.facts import read_folder
from swingby.generation import generate_example
from swingby.insight import Between, EffectQuestion, Outcome, ReturnQuestion, answer_return
from swingby.program import load
from tools.measured import record

#: Companies with nothing planted, and with everything.
PLAIN, PLANTED = 20, 10
ASKED = (Outcome.DEAL_SIZE, Outcome.REVENUE)


def main() -> None:
    """Draw the companies, ask about both outcomes, print and write the rates."""
    figures = {
        name: {"companies": number} | verdicts(number, truth=truth)
        for name, truth, number in (("nothing planted", False, PLAIN), ("planted", True, PLANTED))
    }
    record(
        "return-harborline",
        what="How often the first engineer of the example company is said to pay, at USD 1 each",
        command="./run bench return_harborline",
        figures=figures,
    )


def verdicts(companies: int, *, truth: bool) -> dict[str, object]:
    """How often each verdict fell, by outcome."""
    found = [asked(f"seed {nth}", truth=truth) for nth in range(companies)]
    return {str(outcome): dict(Counter(one[outcome] for one in found)) for outcome in ASKED}


def asked(seed: str, *, truth: bool) -> dict[Outcome, str]:
    """The verdicts of one company."""
    with tempfile.TemporaryDirectory(prefix="swingby-example-") as folder:
        made = generate_example(Path(folder) / "company", seed=seed, truth=truth)
        program = load(made.folder / "program").program
        assert program is not None
        with read_folder(made.folder, program) as facts:
            found = {
                outcome: str(
                    answer_return(
                        ReturnQuestion(
                            EffectQuestion(QUESTIONS["lever"], outcome, SINCE, UNTIL, parts=("seller",)),
                            each=Between(1, 1),
                        ),
                        facts,
                        program,
                    ).verdict
                )
                for outcome in ASKED
            }
    print(seed, truth, found, flush=True)
    return found


if __name__ == "__main__":
    main()
