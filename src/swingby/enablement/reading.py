"""Reading a catalogue: the keys of its sections, and what stands under them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from swingby.enablement.catalogue import Catalogue, Certification, ExamVersion, PathStep, Retirement
from swingby.program.blocks import Location
from swingby.program.reading import (
    CURRENCY_CODE,
    DAY,
    LENGTH,
    NAME,
    NUMBER,
    TEXT,
    TRUTH,
    WORD,
    Construct,
    Fields,
    Key,
    ListNode,
    ListOf,
    MapNode,
    Node,
    Reader,
    ScalarNode,
    Shape,
    did_you_mean,
    list_of,
    shorten,
)

WORDS: Final = ("vendors", "roles", "levels")
CURRENCY: Final = "currency"
SECTIONS: Final = (*WORDS, "certifications", CURRENCY)

# --- parts of a certification ---------------------------------------------------------------------------------------

STEP_LABEL: Final = Key("label", TEXT, "what to do", required=True)
STEP_HOURS: Final = Key("hours", NUMBER, "how many hours it takes", default="0")
STEP_LINK: Final = Key("link", TEXT, "where it is")
STEP_MAP: Final = Construct("step", "One step of a learning path.", (STEP_LABEL, STEP_HOURS, STEP_LINK))
STEP: Final[Shape[PathStep]] = Shape("a step")

VERSION_NAME: Final = Key("name", WORD, "what the vendor calls it", required=True)
VERSION_FROM: Final = Key("from", DAY, "the first day on which it can be sat", required=True)
VERSION_COUNTS: Final = Key("counts_until", DAY, "the first day on which it no longer counts", default="for ever")
VERSION_MAP: Final = Construct("version", "One version of an exam.", (VERSION_NAME, VERSION_FROM, VERSION_COUNTS))
VERSION: Final[Shape[ExamVersion]] = Shape("a version")

EXAMS_UNTIL: Final = Key("exams_until", DAY, "the first day without an exam", required=True)
COUNTS_UNTIL: Final = Key("counts_until", DAY, "the first day on which it no longer counts", required=True)
RETIREMENT_MAP: Final = Construct("retirement", "The end of a certification.", (EXAMS_UNTIL, COUNTS_UNTIL))
RETIREMENT: Final[Shape[Retirement]] = Shape("a retirement")

ALTERNATIVES: Final[Shape[tuple[str, ...]]] = Shape("a code, or a list of codes of which one will do")


def _read_step(node: Node, reader: Reader) -> PathStep | None:
    fields = reader.fields(node, STEP_MAP)
    label = fields.get(STEP_LABEL) if fields else None
    if fields is None or label is None:
        return None
    hours = _not_negative(fields, STEP_HOURS)
    return PathStep(label=label, hours=hours or Decimal(0), link=_link(fields), location=node.location)


def _link(fields: Fields) -> str | None:
    link = fields.get(STEP_LINK)
    if link is not None and not link.startswith(("https://", "http://")):
        message = f'"{shorten(link)}" is not the address of a page.'
        fields.reader.error(fields.node.get(STEP_LINK.name) or fields.location, "link-shape", message, _LINK_HINT)
        return None
    return link


_LINK_HINT: Final = "Begin it with https://."


def _not_negative(fields: Fields, key: Key[Decimal]) -> Decimal | None:
    number = fields.get(key)
    if number is not None and number < 0:
        where = fields.node.get(key.name) or fields.location
        fields.reader.error(where, "number-shape", f"{key.name} cannot be below zero.", "Write 0 or more.")
        return None
    return number


def _read_version(node: Node, reader: Reader) -> ExamVersion | None:
    fields = reader.fields(node, VERSION_MAP)
    name, starts_on = (fields.get(VERSION_NAME), fields.get(VERSION_FROM)) if fields else (None, None)
    if fields is None or name is None or starts_on is None:
        return None
    until = fields.get(VERSION_COUNTS)
    return ExamVersion(name=name, starts_on=starts_on, counts_until=until, location=node.location)


def _read_retirement(node: Node, reader: Reader) -> Retirement | None:
    fields = reader.fields(node, RETIREMENT_MAP)
    exams, counts = (fields.get(EXAMS_UNTIL), fields.get(COUNTS_UNTIL)) if fields else (None, None)
    if exams is None or counts is None:
        return None
    return Retirement(exams_until=exams, counts_until=counts, location=node.location)


_CODES: Final = list_of(NAME, "a list of codes")


def _read_alternatives(node: Node, reader: Reader) -> tuple[str, ...] | None:
    if isinstance(node, ListNode):
        return _CODES.read(node, reader)
    code = NAME.read(node, reader)
    return (code,) if code else None


STEP.bind(_read_step, STEP_MAP)
VERSION.bind(_read_version, VERSION_MAP)
RETIREMENT.bind(_read_retirement, RETIREMENT_MAP)
ALTERNATIVES.bind(_read_alternatives, NAME, ListOf(NAME))

# --- a certification ------------------------------------------------------------------------------------------------

LABEL: Final = Key("label", TEXT, "what people read", default="the code")
VENDOR: Final = Key("vendor", NAME, "whose it is, one of vendors", required=True)
PRODUCT: Final = Key("product", WORD, "what it is about", default="the vendor")
ROLE: Final = Key("role", NAME, "who learns it, one of roles", required=True)
LEVEL: Final = Key("level", NAME, "one of levels", required=True)
PREREQUISITES: Final = Key(
    "prerequisites",
    list_of(ALTERNATIVES, "a list of codes"),
    "what must hold on the day of the exam; of a list inside the list one will do",
    default="none",
)
VERSIONS: Final = Key("versions", list_of(VERSION, "a list of versions"), "versions of the exam", default="one")
VALID: Final = Key("valid", LENGTH, "how long it holds", default="for ever")
RENEWAL: Final = Key("renewal", LENGTH, "how long before the expiry it can be renewed", default="at any time")
GRACE: Final = Key("grace", LENGTH, "how long after the expiry a renewal still extends it from there", default="none")
IN_GRACE: Final = Key("counts_in_grace", TRUTH, "whether it counts in these days", default="false")
RETIRED: Final = Key("retired", RETIREMENT, "its end")
COUNTS_AS: Final = Key("counts_as", list_of(NAME, "a list of codes"), "codes that it stands for as well")
PASS_RATE: Final = Key("pass_rate", NUMBER, "how many of those who sit the exam pass it")
FEE: Final = Key("fee", NUMBER, "what the exam costs", default="0")
PATH: Final = Key("path", list_of(STEP, "a list of steps"), "the steps that lead to it", default="none")
CERTIFICATION_MAP: Final = Construct(
    "certification",
    "What is learned, and the terms on which it holds.",
    (
        LABEL,
        VENDOR,
        PRODUCT,
        ROLE,
        LEVEL,
        PREREQUISITES,
        VERSIONS,
        VALID,
        RENEWAL,
        GRACE,
        IN_GRACE,
        RETIRED,
        COUNTS_AS,
        PASS_RATE,
        FEE,
        PATH,
    ),
)


def read_certification(code: str, node: Node, reader: Reader) -> Certification | None:
    """One declaration under certifications."""
    fields = reader.fields(node, CERTIFICATION_MAP)
    if fields is None:
        return None
    vendor, role, level = fields.get(VENDOR), fields.get(ROLE), fields.get(LEVEL)
    if vendor is None or role is None or level is None:
        return None
    plain = Certification(
        code=code,
        label=fields.get(LABEL) or code,
        vendor=vendor,
        product=fields.get(PRODUCT) or vendor,
        role=role,
        level=level,
        location=node.location,
    )
    return _with_path(_with_terms(plain, fields), fields)


def _with_terms(plain: Certification, fields: Fields) -> Certification:
    in_grace = fields.get(IN_GRACE)
    return replace(
        plain,
        prerequisites=fields.get(PREREQUISITES) or (),
        versions=fields.get(VERSIONS) or (),
        valid=fields.get(VALID),
        renewal=fields.get(RENEWAL),
        grace=fields.get(GRACE),
        counts_in_grace=in_grace is True,
        retirement=fields.get(RETIRED),
        counts_as=fields.get(COUNTS_AS) or (),
    )


def _with_path(plain: Certification, fields: Fields) -> Certification:
    rate = _not_negative(fields, PASS_RATE)
    if rate is not None and not 0 < rate <= 1:
        where = fields.node.get(PASS_RATE.name) or fields.location
        fields.reader.error(where, "number-shape", "pass_rate is a share above 0 and up to 1.", "Write 0.68 or 68%.")
    fee = _not_negative(fields, FEE)
    return replace(plain, pass_rate=rate, fee=fee or Decimal(0), steps=fields.get(PATH) or ())


# --- the whole ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Found:
    """What the files declare, and codes whose declaration could not be read."""

    words: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in WORDS})
    certifications: dict[str, Certification] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    currency: str = ""
    places: dict[tuple[str, str], Location] = field(default_factory=dict)

    def catalogue(self) -> Catalogue:
        """All of it."""
        vendors, roles, levels = (self.words[name] for name in WORDS)
        return Catalogue(self.certifications, vendors, roles, levels, self.currency)


def read_catalogue(roots: tuple[MapNode, ...], reader: Reader) -> Found:
    """Read the roots of all files as one catalogue."""
    found = Found()
    for root in roots:
        for key, node in root.entries:
            if key.text not in SECTIONS:
                hint = did_you_mean(key.text, SECTIONS) or f"Sections are {', '.join(SECTIONS)}."
                reader.error(key, "section-unknown", f'There is no section "{shorten(key.text)}".', hint)
            elif key.text == CURRENCY:
                found.currency = _currency(key, node, reader, found)
            elif section := reader.mapping(node, f"names under {key.text}"):
                _read_section(key.text, section, reader, found)
    return found


def _currency(key: ScalarNode, node: Node, reader: Reader, found: Found) -> str:
    """What the fees of the whole catalogue are in."""
    is_first = _is_first(CURRENCY, CURRENCY, key, reader, found)
    return (CURRENCY_CODE.read(node, reader) or "") if is_first else found.currency


def _read_section(section: str, node: MapNode, reader: Reader, found: Found) -> None:
    for key, child in node.entries:
        name = NAME.read(key, reader)
        if name is None or not _is_first(section, name, key, reader, found):
            continue
        if section != "certifications":
            found.words[section][name] = _label(name, child, reader)
        elif certification := read_certification(name, child, reader):
            found.certifications[name] = certification
        else:
            found.unread.add(name)


def _is_first(section: str, name: str, key: ScalarNode, reader: Reader, found: Found) -> bool:
    earlier = found.places.setdefault((section, name), key.location)
    if earlier is not key.location:
        reader.error(key, "name-twice", f'"{name}" is declared twice; first at {earlier}.', "Keep one of them.")
    return earlier is key.location


def _label(name: str, node: Node, reader: Reader) -> str:
    if isinstance(node, ScalarNode) and node.is_nothing:
        return name
    return TEXT.read(node, reader) or name
