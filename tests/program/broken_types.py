"""Rules that hold a column against what is not of its type, or look a value up by it, with what is said of them."""

from __future__ import annotations

from swingby.program.checks import Check, fitting

# (check, rules that break it, the issue without its file)
BROKEN_TYPES: tuple[tuple[Check, str, str], ...] = (
    (
        fitting.ValuesFit(),
        "measures: {m: {count: person, of: credentials, where: {version: 14}}}\n",
        '2:65: error: [value-type] credentials.version is a word; 14 is not. Write "14" in quotes.',
    ),
    (
        fitting.ValuesFit(),
        "measures: {m: {count: facts, of: surveys, over: ever, where: {score: {above: high}}}}\n",
        "2:78: error: [value-type] surveys.score is a number; high is not. Write a number.",
    ),
    (
        fitting.KeysFit(),
        "tables: {by_day: {by: enrolment.joined_on, early: 1}}\n",
        (
            '2:51: error: [case-unknown] enrolment.joined_on is a date, and never "early". '
            "Look the value up by a column of words, or write its cases so."
        ),
    ),
    (
        fitting.KeysFit(),
        "measures: {m: {count: facts, of: surveys, over: ever, where: {topic: {by: score, 9: a, 25%: c}}}}\n",
        (
            '2:93: error: [case-unknown] score is a number, and never "25%". '
            "Look the value up by a column of words, or write its cases so."
        ),
    ),
    (
        fitting.ValuesFit(),
        "measures: {m: {count: facts, of: surveys, over: ever, where: {topic: {within: {last: 1 month}}}}}\n",
        "2:70: error: [value-type] surveys.topic is a word; only a date lies within a window. Test a date.",
    ),
    (
        fitting.ValuesFit(),
        "tables: {list: [1]}\nmeasures: {m: {count: facts, of: surveys, over: ever, where: {topic: {table: list}}}}\n",
        '3:70: error: [value-type] surveys.topic is a word; 1 is not. Write "1" in quotes.',
    ),
    (
        fitting.ValuesFit(),
        "measures: {m: {count: facts, of: surveys, over: ever, where: {topic: {initially: a, 2025-01-01: true}}}}\n",
        '2:97: error: [value-type] surveys.topic is a word; true is not. Write "true" in quotes.',
    ),
    (
        fitting.ValuesFit(),
        "measures: {m: {count: facts, of: surveys, over: ever, where: {happened_on: {below: {column: topic}}}}}\n",
        "2:84: error: [value-type] surveys.happened_on is a date; the column topic is not. Write a date.",
    ),
    (
        fitting.ValuesFit(),
        "requirements: {r: {column: organization.country, above: {product: [2, 3]}}}\n",
        "2:57: error: [value-type] organization.country is a word; a number is not. Write a word.",
    ),
)
