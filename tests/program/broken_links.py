"""Rules that read links which do not lead there, with what is said of them."""

from __future__ import annotations

from swingby.program.checks import Check, links

# (check, rules that break it, the issue without its file)
BROKEN_LINKS: tuple[tuple[Check, str, str], ...] = (
    (
        links.LinksLead(),
        "measures: {m: {count: customer, of: references, where: {association.kind: x}}}\n",
        (
            "2:75: error: [link-unread] references reach a partner without a link here, so association.kind is never there. "
            "Say credit: {through: associations, matching: customer}, or leave it out."
        ),
    ),
    (
        links.LinksLead(),
        "measures: {m: {by: employment.office, count: facts, of: touches, over: ever, credit: {through: employments}}}\n",
        (
            "2:15: error: [link-unread] touches reach a partner through all of its employments here, "
            "so employment.office is that of every one of them. "
            "Say credit: {through: employments, matching: person}, or leave it out."
        ),
    ),
    (
        links.LinksLead(),
        "measures: {m: {count: facts, of: surveys, over: ever, where: {employment.office: x}}}\n",
        (
            "2:82: error: [link-unread] surveys reach a partner without a link here, so employment.office is never there. "
            "Leave it out: surveys have no person to find employments by."
        ),
    ),
    (
        links.LinksLead(),
        (
            "facts: {counted: {subset_of: usage, where: {association.kind: x}}}\n"
            "measures: {m: {count: {sum: quantity, of: counted, over: ever, credit: any, above: 0}, each: customer}}\n"
        ),
        (
            "2:63: error: [link-unread] counted reach a partner without a link here, so association.kind is never there. "
            "Say credit: {through: associations}, or leave it out."
        ),
    ),
    (
        links.LinksFit(),
        "measures: {m: {sum: quantity, of: usage, over: ever, credit: {through: agreements}}}\n",
        (
            '2:62: error: [column-unknown] agreements has no column "customer" to match the facts with. '
            "Say matching: with one of its columns. It has: document, version."
        ),
    ),
    (
        links.LinksFit(),
        "points: {p: {for_each: usage, earn: 1, credit: {through: touches}}}\n",
        (
            "2:48: error: [link-shape] touches are no links: a link is a state with an organization. "
            "Name another kind, or declare one with shape: state."
        ),
    ),
    (
        links.LinksFit(),
        "measures: {m: {count: person, of: employments, credit: {through: employments, several: latest}}}\n",
        (
            "2:56: error: [link-shape] Each of the employments is its own link here, so there are no others to choose from, "
            "and no other day. Leave out at and several, or say matching: with a column."
        ),
    ),
    (
        links.LinksFit(),
        (
            "facts: {subs: {shape: state, columns: {member: id}}}\n"
            "measures: {m: {sum: quantity, of: usage, over: ever, credit: {through: subs, matching: member, several: [a, b]}}}\n"
        ),
        (
            "3:62: error: [column-unknown] subs has no kind and no role, so its links cannot be put in order of them. "
            "Say several: all, earliest, latest or split."
        ),
    ),
)
