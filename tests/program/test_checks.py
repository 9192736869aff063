"""Every check alone, with the smallest rules that break it."""

from __future__ import annotations

import pytest

from swingby.program import checks
from swingby.program.checks import (
    CHECKS,
    Check,
    cells,
    clocks,
    columns,
    cycles,
    earnings,
    figures,
    links,
    names,
)
from tests.program.broken_links import BROKEN_LINKS
from tests.program.broken_types import BROKEN_TYPES
from tests.program.reading import codes, found_by

PEOPLE = "measures:\n  a: {count: person, of: credentials}\n"
LADDER = "ladders: {level: {tiers: [{id: low}, {id: high, requires: {decision: x}}]}}\n"

# (check, rules that break it, the issue without its file)
BROKEN: tuple[tuple[Check, str, str], ...] = (
    (
        names.NumbersExist(),
        PEOPLE + "requirements: {r: {measure: zz, at_least: 1}}\n",
        '4:19: error: [reference-unknown] There is no "zz" under measures. Declare it under measures.',
    ),
    (
        names.NumbersExist(),
        PEOPLE + "requirements: {r: {score: a, at_least: 1}}\n",
        '4:19: error: [reference-unknown] "a" is declared under measures. Write {measure: a}.',
    ),
    (
        names.NamesExist(),
        "requirements: {density: {decision: x}, r: {requirement: densty}}\n",
        '2:43: error: [reference-unknown] There is no "densty" under requirements. Did you mean "density"?',
    ),
    (
        names.NamesExist(),
        "incentives: {i: {for_each: deals, earn: 1, into: walet}}\naccounts: {wallet: {unit: USD}}\n",
        '2:17: error: [reference-unknown] There is no "walet" under accounts. Did you mean "wallet"?',
    ),
    (
        names.KindsExist(),
        "measures: {m: {count: person, of: credential}}\n",
        '2:15: error: [kind-unknown] There is no fact kind "credential". Did you mean "credentials"?',
    ),
    (
        names.SubsetsEnd(),
        "facts: {a: {subset_of: b}, b: {subset_of: a}}\n",
        "2:12: error: [cycle] facts.a -> facts.b -> facts.a. Cut one of the links.",
    ),
    (
        names.TiersExist(),
        LADDER + "requirements: {r: {ladder: level, at_least: hihg}}\n",
        '3:19: error: [tier-unknown] The ladder level has no tier "hihg". Did you mean "high"?',
    ),
    (
        names.TiersExist(),
        "ladders: {level: {tiers: [{id: low}, {id: low}]}}\n",
        '2:38: error: [name-twice] The tier "low" stands twice on level. Rename one of them.',
    ),
    (
        names.CasesExist(),
        LADDER + "benefits: {b: {value: {by: level, lo: 1, high: 2}}}\n",
        '3:39: error: [case-unknown] level is never "lo". Did you mean "low"?',
    ),
    (
        names.TrackWordsExist(),
        (
            "tracks: {size: {cases: [{is: big, requires: {decision: x}}], otherwise: small}}\n"
            "requirements: {r: {track: size, is: bigg}}\n"
        ),
        '3:19: error: [case-unknown] The track size is never "bigg". Did you mean "big"?',
    ),
    (
        names.CalendarsExist(),
        "measures: {m: {count: facts, of: deals, over: {previous: fiscal month}}}\n",
        '2:47: error: [calendar-unknown] There is no calendar "fiscal". Declare it under calendars.',
    ),
    (
        names.CalendarsExist(),
        "calendars: {term: {starts: tier}}\nmeasures: {m: {count: facts, of: deals, over: {previous: term year}}}\n",
        (
            "3:47: error: [calendar-place] The calendar term starts with the tier held, so only a ladder's clocks can use it. "
            "Use one that starts on a day or joined."
        ),
    ),
    (
        cycles.NoCycles(),
        (
            "tracks: {size: {cases: [{is: big, requires: {measure: x, at_least: 1}}], otherwise: small}}\n"
            "measures: {x: {count: [{ladder: level, is: low}]}}\n"
            "ladders: {level: {tiers: [{id: low, requires: {track: size, is: big}}]}}\n"
        ),
        "2:16: error: [cycle] tracks.size -> measures.x -> ladders.level -> tracks.size. Take one of these references away.",
    ),
    (
        cycles.NoCycles(),
        (
            "points: {bonus: {for_each: deals, earn: 1, requires: {ladder: level, is: low}}}\n"
            "scores: {total: {sum: [bonus]}}\n"
            "ladders: {level: {tiers: [{id: low, requires: {score: total, at_least: 1}}]}}\n"
        ),
        (
            "2:17: error: [cycle] points.bonus -> ladders.level -> scores.total -> points.bonus. "
            "A tier cannot depend on points that depend on it."
        ),
    ),
    (
        columns.ColumnsExist(),
        (
            "facts:\n  listings: {shape: state, columns: {app: id, paid: truth, installs: number, listed_on: date}}\n"
            "measures: {m: {sum: instals, of: listings}}\n"
        ),
        '4:15: error: [column-unknown] listings has no column "instals". It has: app, paid, installs, listed_on.',
    ),
    (
        columns.ColumnsExist(),
        "measures: {m: {count: people, of: credentials}}\n",
        (
            '2:15: error: [column-unknown] credentials has no column "people". '
            'It has: person, code, family, role, level, product, version, facts. Did you mean "person"?'
        ),
    ),
    (
        columns.ColumnsExist(),
        "measures: {m: {count: person, of: credentials, where: {organization.contry: x}}}\n",
        (
            '2:77: error: [column-unknown] organization has no column "contry". '
            "It has: organization, parent, name, country, region, merged_into, merged_on, root."
        ),
    ),
    (
        columns.ColumnsExist(),
        "measures: {m: {count: person, of: credentials, where: {organisation.country: x}}}\n",
        '2:78: error: [column-unknown] There is no linked table "organisation". Did you mean "organization"?',
    ),
    (
        columns.KeysExist(),
        "benefits: {b: {value: {by: levl, low: 1}}}\n" + LADDER,
        '2:23: error: [lookup-unknown] There is nothing called "levl" to look up or share by. Did you mean "level"?',
    ),
    (
        columns.KeysExist(),
        PEOPLE + "  b: {count: {measure: a, at_least: 1}, each: persn}\n",
        '4:6: error: [column-unknown] credentials have no column "persn". Did you mean "person"?',
    ),
    (
        columns.EnrolmentColumns(),
        "requirements: {r: {column: customer.market, is: x}}\n",
        (
            '2:49: error: [column-unknown] "customer.market" is no column of an enrolment. '
            "Write enrolment.joined_on or organization.country."
        ),
    ),
    (
        columns.NumericColumns(),
        "measures: {m: {sum: topic, of: surveys, over: ever}}\n",
        "2:15: error: [column-type] surveys.topic is a word, not a number. Numeric columns of surveys: score.",
    ),
    (
        columns.NumericColumns(),
        "requirements: {r: {measure: m, at_least: {column: enrolment.joined_on}}}\nmeasures: {m: {count: facts, of: surveys, over: ever}}\n",
        (
            "2:42: error: [column-type] enrolment.joined_on is a date, not a number. "
            "A day or a word is tested by itself: {column: enrolment.joined_on, ...}."
        ),
    ),
    (
        figures.AnybodysColumns(),
        "measures: {m: {count: {count: facts, of: usage, over: ever, where: {enrolment.joined_on: {exists: true}}, credit: any, above: 0}, each: customer}}\n",
        (
            "2:90: error: [credit-any] credit: any reads everybody's usage, and enrolment.joined_on would be that of no one. "
            "Leave it out, or drop credit."
        ),
    ),
    (
        figures.AnybodysColumns(),
        (
            "facts: {old: {subset_of: usage, where: {enrolment.joined_on: {below: 2023-01-01}}}}\n"
            "measures: {m: {count: {count: facts, of: old, over: ever, credit: any, above: 0}, each: customer}}\n"
        ),
        (
            "3:23: error: [credit-any] credit: any reads everybody's old, and enrolment.joined_on would be that of no one. "
            "Leave it out, or drop credit."
        ),
    ),
    (
        figures.AnybodysColumns(),
        "measures: {m: {count: {count: facts, of: usage, over: ever, credit: any, above: 0}, each: organization.country}}\n",
        (
            "2:15: error: [credit-any] credit: any reads everybody's usage, and organization.country would be that of no one. "
            "Leave it out, or drop credit."
        ),
    ),
    (
        cells.CellsAreListed(),
        "measures: {m: {by: regin, sum: amount, of: deals, over: ever}}\ntables: {region: [emea]}\n",
        '2:15: error: [cells-unknown] No list under tables says which cells "regin" has. Did you mean "region"?',
    ),
    (
        cells.CellsAreListed(),
        "measures: {m: {by: kind, sum: amount, of: transactions, over: ever}}\n",
        (
            '2:15: error: [cells-unknown] No list under tables says which cells "kind" has. '
            "List the words of kind under tables: {kind: [...]}."
        ),
    ),
    (
        cells.CellsAreListed(),
        "points: {p: {for_each: transactions, earn: 1, by: kind}}\ntables: {product: [x], kind: {by: currency, USD: 1}}\n",
        (
            '2:13: error: [cells-unknown] No list under tables says which cells "kind" has. '
            "Write product, or list the words of kind under tables: {kind: [...]}."
        ),
    ),
    (
        columns.KeysExist(),
        PEOPLE + "  r: {rank: {measure: a}, peers: organization.land}\n",
        (
            '4:6: error: [lookup-unknown] There is nothing called "organization.land" to look up or share by. '
            "Write a column, a track, a ladder, a cell or organization.…."
        ),
    ),
    (
        links.CellsAreColumns(),
        "tables: {region: [emea]}\nmeasures: {m: {by: region, sum: amount, of: deals, over: ever}}\n",
        (
            '3:15: error: [column-unknown] deals have no column "region", so every fact is in no cell of it. '
            "Split by a column, such as organization.region, with a list of that name."
        ),
    ),
    *BROKEN_LINKS,
    *BROKEN_TYPES,
    (
        cells.CellsAreRead(),
        (
            "tables: {product: [x, y]}\n"
            "measures: {m: {by: product, sum: amount, of: transactions, over: ever}}\n"
            "requirements: {r: {measure: m, at_least: 1}}\n"
            "ladders: {l: {tiers: [{id: low, requires: {requirement: r}}]}}\n"
        ),
        (
            "4:19: error: [cells-open] m has one value per product, and nothing says which is meant. "
            "Read it through each: product, or give this rule by: product."
        ),
    ),
    (
        clocks.NumbersHaveNoEntries(),
        "measures: {m: {count: person, of: credentials, cap: {at_most: 3, per: month}}}\n",
        "2:53: error: [cap-entries] A number has no entries to limit one by one. Leave per out, or limit the earning.",
    ),
    (
        figures.EventsNeedWindow(),
        "measures: {m: {count: facts, of: deals}}\n",
        (
            "2:15: error: [window-missing] deals are events; the rule must say over which days. "
            "Add over: {last: 12 months} or over: ever."
        ),
    ),
    (
        figures.EachPeriodNeedsWindow(),
        PEOPLE + "  b: {count: {measure: a, at_least: 1}, each: quarter}\n",
        "4:6: error: [window-missing] A number of each period must say over which. Add over: {previous: 4 quarters}.",
    ),
    (
        figures.WhenNeedsStates(),
        "measures: {m: {count: facts, of: deals, over: ever, when: started}}\n",
        "2:15: error: [when-state] deals are events; when belongs to states. Leave when out.",
    ),
    (
        figures.WhenNeedsStates(),
        "measures: {m: {count: facts, of: subscriptions, when: ended}}\n",
        "2:15: error: [window-missing] when: ended needs a window. Add over: {last: 12 months}.",
    ),
    (
        figures.PeersNeedEnrolments(),
        PEOPLE + "  b: {sum: {measure: a}, each: person, peers: organization.root}\n",
        "4:6: error: [peers-place] peers belongs to each: enrolment and to rank. Leave peers out.",
    ),
    (
        figures.PreviousInEach(),
        (
            "measures:\n  a: {count: facts, of: deals, over: {previous: month}}\n"
            "  b: {sum: {measure: a}, each: month, over: {previous: 3 months}}\n"
        ),
        (
            '3:38: warning: [window-previous-in-each] inside "each: month" this is the month itself; '
            "write {current: month}, or {current: month, ago: 1 month} for the one before."
        ),
    ),
    (
        figures.CountsCertificates(),
        "measures: {m: {count: facts, of: credentials}}\n",
        "2:15: warning: [counts-certificates] counts certificates, not people; write count: person if a person counts once.",
    ),
    (
        figures.PickBeforeWhere(),
        "measures: {m: {sum: quantity, of: usage, over: ever, pick: {last: 1}, where: {product: x}}}\n",
        (
            "2:15: warning: [pick-before-where] picks among all credited usage, then filters; "
            "put under pick.among what says which may be picked."
        ),
    ),
    (
        figures.SubsetPicksEvents(),
        "facts: {firsts: {subset_of: subscriptions, pick: {first: 1}}}\n",
        (
            "2:17: error: [pick-state] subscriptions are states; a subset picks events only. "
            "Put pick into the number that reads them."
        ),
    ),
    (
        figures.AnyCreditInsideEach(),
        "measures: {m: {sum: quantity, of: usage, over: ever, credit: any}}\n",
        (
            "2:62: error: [credit-any] credit: any reads everybody's facts and needs each: a thing around it. "
            "Put the number inside each: customer, or drop credit."
        ),
    ),
    (
        figures.RanksHaveTop(),
        PEOPLE + "requirements: {r: {measure: a, top: 10}}\n",
        "4:19: error: [rank-line] top needs a rank. Write {rank: {measure: …}} under measures.",
    ),
    (
        figures.AllNeedsCount(),
        PEOPLE + "requirements: {r: {measure: a, at_least: all}}\n",
        (
            "4:19: error: [line-all] all is the number of things counted, but this number counts nothing. "
            "Write a number, or count with each, a list or assign."
        ),
    ),
    (
        figures.LineInReach(),
        (
            "measures:\n  now: {count: facts, of: subscriptions}\n"
            "  lately: {count: facts, of: subscriptions, over: {last: 12 months}}\n"
            "  retention: {ratio: [now, lately]}\nrequirements: {r: {measure: retention, at_least: 70}}\n"
        ),
        "6:19: error: [line-out-of-reach] retention is a share between 0 and 1; 70 can never be reached. Write 70%.",
    ),
    (
        figures.LineInReach(),
        (
            "points: {p: {for_each: deals, earn: 1, cap: 30}}\nscores: {s: {sum: [p, 10]}}\n"
            "requirements: {r: {score: s, at_least: 50}}\n"
        ),
        "4:19: error: [line-out-of-reach] s is at most 40; 50 can never be reached. Lower the line or raise the limit.",
    ),
    (
        figures.LineInReach(),
        "requirements: {r: {count: [{decision: a}], at_least: 2}}\n",
        "2:19: error: [line-out-of-reach] 1 are listed; 2 can never be reached. Lower at_least or write all.",
    ),
    (
        figures.LineInReach(),
        PEOPLE + "  b: {count: {measure: a, at_least: 1}, each: quarter, over: {previous: 4 quarters}}\n"
        "requirements: {r: {measure: b, at_least: 5}}\n",
        "5:19: error: [line-out-of-reach] b is at most 4; 5 can never be reached. Lower the line or raise the limit.",
    ),
    (
        clocks.ValuesHoldFromStart(),
        PEOPLE + "requirements: {r: {measure: a, at_least: {2025-02-01: 300000}}}\n",
        '4:42: error: [value-before-first-date] no value before 2025-02-01; add "initially:".',
    ),
    (
        clocks.WindowsHaveDays(),
        "measures: {m: {count: facts, of: deals, over: {from: 2025-02-01, through: 2025-01-01}}}\n",
        "2:47: error: [window-shape] through lies before from. Exchange the two days.",
    ),
    (
        clocks.AccountExpiresOnce(),
        (
            "accounts: {wallet: {unit: USD, expires: {after: 1 year}}}\n"
            "incentives: {i: {for_each: deals, earn: 1, into: wallet, expires: {after: 2 years}}}\n"
        ),
        "3:67: error: [account-expiry] expires belongs to the account; points expire under points. Move it to the account.",
    ),
    (
        clocks.CapsFitSource(),
        PEOPLE + "points: {p: {based_on: {measure: a}, earn: 1, cap: {at_most: 3, per: month}}}\n",
        (
            "4:52: error: [cap-entries] A number that is worked out every day has no entries to limit one by one. "
            "Leave per out, or use for_each or each."
        ),
    ),
    (
        clocks.CapsFitSource(),
        PEOPLE + "points: {p: {based_on: {measure: a}, earn: {rate: 1, of: amount}}}\n",
        '4:44: error: [scale-mixed] "of" belongs to for_each; here x is the number. Leave of out.',
    ),
    (
        clocks.EntriesNeedPeriods(),
        PEOPLE + "points: {p: {based_on: {measure: a}, earn: 1, expires: {after: 1 year}}}\n",
        (
            "4:13: error: [earning-entries] expires needs entries, but a number without each is worked out again every day. "
            'Add "each:" with a period, or use for_each.'
        ),
    ),
    (
        earnings.StepsGiveThemselves(),
        (
            "measures: {q: {sum: amount, of: transactions, over: {last: 3 months}}}\n"
            "incentives: {r: {based_on: {measure: q}, each: quarter, earn: {steps: {50000: 1%, 100000: 2%}}}}\n"
        ),
        (
            "3:63: warning: [step-percent] A step gives its own value, so 1% is 0.01 here and no share of the number. "
            "For a share of the whole let points give the step: rate: {product: [1%, {points: ...}]}."
        ),
    ),
    (
        earnings.SplitsAreShares(),
        (
            "accounts: {a: {unit: USD}, b: {unit: USD}}\n"
            "incentives: {i: {for_each: transactions, earn: 10, split: [{share: 80%, into: a}, {share: 80%, into: b}]}}\n"
        ),
        "3:60: error: [split-shares] The parts share out 160 % of what is earned. Let the shares add up to 100 % at most.",
    ),
    (
        clocks.TiersOrder(),
        PEOPLE + "ladders: {l: {tiers: [{id: gold, requires: {measure: a, at_least: 5}}, "
        "{id: platinum, requires: {measure: a, at_least: 2}}]}}\n",
        (
            "4:23: warning: [tiers-order] gold asks for more than the tier above it in the list, platinum; "
            "tiers go from low to high."
        ),
    ),
    (
        clocks.TiersOrder(),
        "ladders: {l: {tiers: [{id: gold, requires: {decision: x}}, {id: member}]}}\n",
        "2:60: warning: [tiers-order] member asks for nothing, so gold below it is never held; tiers go from low to high.",
    ),
    (
        clocks.TiersCanBeHeld(),
        "ladders: {l: {tiers: [{id: member}], promote: never}}\n",
        (
            "2:14: warning: [ladder-empty] l never promotes and has no start, so nobody ever holds a tier. "
            'Add "start:" or a schedule under promote.'
        ),
    ),
    (
        clocks.Unused(),
        "tables: {left_out: [trial]}\n",
        "2:20: warning: [unused] tables.left_out is not used by any rule. Use it or delete it.",
    ),
)


@pytest.mark.parametrize(("check", "rules", "expected"), BROKEN)
def test_a_broken_rule_is_found_and_said(check: Check, rules: str, expected: str) -> None:
    assert [str(issue) for issue in found_by(check, rules)] == [f"program.yaml:{expected}"]


def test_every_check_is_run_documented_and_tested() -> None:
    tested = {type(check) for check, _, _ in BROKEN}
    assert {type(check) for check in CHECKS} == tested
    assert [check for check in CHECKS if not check.__doc__] == []
    assert len(checks.CHECKS) == len(tested)


def test_a_declaration_that_cannot_be_read_is_not_missed_by_others() -> None:
    rules = "measures: {a: {count: person}}\nrequirements: {r: {measure: a, at_least: 1}}\n"
    assert codes(rules) == ["key-missing"]
