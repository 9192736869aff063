"""What readers answered of twelve cards is judged against the truth."""

from pathlib import Path

import pytest

from bench.card_readings import COMPANIES, NO, UNCLEAR, YES, Reading, answers_in, judged, shuffled

TRUTH = {name: YES if company.works else NO for name, company in shuffled().items()}


def test_half_of_the_companies_did_something_without_effect() -> None:
    assert sum(company.works for company in COMPANIES) * 2 == len(COMPANIES) == len(TRUTH)


def test_who_reads_what_is_true_has_all_right() -> None:
    assert judged(TRUTH) == Reading(right=12, wrong_yes=0, unclear=0)


def test_unclear_is_right_only_of_what_did_not_work() -> None:
    assert judged(dict.fromkeys(TRUTH, UNCLEAR)) == Reading(right=6, wrong_yes=0, unclear=12)


def test_to_call_everything_a_success_is_six_times_wrong() -> None:
    assert judged(dict.fromkeys(TRUTH, YES)) == Reading(right=6, wrong_yes=6, unclear=0)


def test_each_card_is_answered_once_with_a_word_that_counts(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(f"{name},{answer}" for name, answer in TRUTH.items()), encoding="utf-8")
    assert answers_in(path) == TRUTH
    path.write_text("card-01,perhaps\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="perhaps"):
        answers_in(path)
