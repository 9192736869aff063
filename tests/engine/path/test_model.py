"""What the model works out again after one change is what it works out from nothing."""

from __future__ import annotations

from contextlib import closing

import pytest

from swingby.engine.path import find_path
from swingby.engine.path.model import Missing, Model, Values
from swingby.engine.path.trials import Done
from swingby.facts import from_rows
from swingby.program import load_text
from tests.engine.path.test_brute_force import AS_OF, BY, GATES, PROGRAM, SCALES, Way, rows

REQUIRED = "{all: [{score: total, at_least: 45}, {measure: visit_quarters, at_least: 2}]}"


@pytest.mark.parametrize("gate", GATES)
def test_a_change_of_one_act_is_worked_out_as_from_nothing(gate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    again, seen = Model.work_out_again, []

    def compared(model: Model, done: Done, slot: int, values: Values, missing: Missing) -> tuple[Values, Missing]:
        found = again(model, done, slot, values, missing)
        assert found == model.work_out(done)
        seen.append(done)
        return found

    monkeypatch.setattr(Model, "work_out_again", compared)
    text = PROGRAM.format(
        certificate=8, visit=3, often=1, scale=SCALES[2], gate=gate, cap=20, most=100, requires=REQUIRED, review="month"
    )
    program = load_text(text).program
    assert program is not None
    with closing(from_rows(rows({"acme": Way(0, 0, 0)}), program)) as facts:
        assert find_path(program, facts, partner="acme", as_of=AS_OF, by=BY, to="gold").verified
    assert len(seen) > 4
