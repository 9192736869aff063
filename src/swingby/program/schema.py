"""The JSON Schema of a program file, made from the tables of keys, for editors."""

from __future__ import annotations

from typing import Any, Final

from swingby.program.reading.header import HEADER_MAP
from swingby.program.reading.literals import COLUMN_PATTERN, NAME_PATTERN
from swingby.program.reading.sections import HEADER_SECTION, SECTIONS, Section
from swingby.program.reading.shapes import Construct, Form, Joined, Key, ListOf, Literal, MapOf, Shape

Json = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class SchemaWriter:
    """Writes shapes as definitions that refer to each other, each once."""

    def __init__(self) -> None:
        self.definitions: Json = {}
        self._names: dict[int, str] = {}
        self._kept: list[object] = []

    def program(self) -> Json:
        """The schema of one file: the header and any sections."""
        properties = {HEADER_SECTION: self.form(HEADER_MAP)}
        properties.update({section.name: self._section(section) for section in SECTIONS})
        return {
            "$schema": DIALECT,
            "title": "A file of a Swingby program",
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "$defs": dict(sorted(self.definitions.items())),
        }

    def _section(self, section: Section) -> Json:
        pattern = COLUMN_PATTERN if section.dotted else NAME_PATTERN
        return {
            "description": section.doc,
            "type": ["object", "null"],
            "patternProperties": {f"^{pattern}$": self._any(section.forms)},
            "additionalProperties": False,
        }

    def form(self, form: Form) -> Json:
        """One form."""
        match form:
            case Literal():
                return _literal(form)
            case ListOf():
                return {"type": "array", "items": self.form(form.item), "minItems": 1}
            case MapOf():
                return {"type": "object", **self._free(form)}
            case Shape():
                return self._named(form, form.name, lambda: self._shape(form))
            case Construct():
                return self._named(form, form.name, lambda: self._construct(form.name, form.doc, form.keys, form))
            case Joined():
                return {"anyOf": [self._join(each, form.extra) for each in form.constructs]}

    def _named(self, thing: object, name: str, write: Any) -> Json:
        """A reference to a definition; it is entered before it is written, because shapes go in circles."""
        if id(thing) not in self._names:
            unique = self._unique(name)
            self._names[id(thing)] = unique
            self._kept.append(thing)
            self.definitions[unique] = {}
            self.definitions[unique] = write()
        return {"$ref": f"#/$defs/{self._names[id(thing)]}"}

    def _unique(self, name: str) -> str:
        base = "".join(letter if letter.isalnum() else "_" for letter in name)
        taken = sum(1 for known in self.definitions if known == base or known.startswith(f"{base}__"))
        return f"{base}__{taken + 1}" if taken else base

    def _shape(self, shape: Shape[Any]) -> Json:
        found = self._any(shape.forms)
        return {"description": shape.doc, **found} if shape.doc else found

    def _any(self, forms: tuple[Form, ...]) -> Json:
        written = [self.form(form) for form in forms]
        return written[0] if len(written) == 1 else {"anyOf": written}

    def _join(self, construct: Construct, extra: Construct) -> Json:
        name = f"{construct.name} with {extra.name}".replace(" ", "_")
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self._joined(construct, extra)
        return {"$ref": f"#/$defs/{name}"}

    def _joined(self, construct: Construct, extra: Construct) -> Json:
        name = f"{construct.name} with {extra.name}"
        keys = (*construct.keys, *(key for key in extra.keys if construct.key(key.name) is None))
        whole = Construct(name, construct.doc, keys, construct.one_of)
        written = self._construct(name, construct.doc, keys, whole)
        return {**written, "allOf": [_one_of(extra)]} if extra.one_of else written

    def _construct(self, name: str, doc: str, keys: tuple[Key[Any], ...], construct: Construct) -> Json:
        found: Json = {
            "title": name,
            "description": doc,
            "type": "object",
            "properties": {key.name: self._key(key) for key in keys},
        }
        required = [key.name for key in keys if key.required]
        if required:
            found["required"] = required
        own = tuple(key.name for key in keys)
        found.update(self._free(construct.free, own) if construct.free else {"additionalProperties": False})
        return {**found, **_one_of(construct)} if construct.one_of else found

    def _free(self, free: MapOf, own: tuple[str, ...] = ()) -> Json:
        value = self.form(free.value)
        if free.pattern is None:
            return {"additionalProperties": value}
        pattern = f"^(?!({'|'.join(own)})$){free.pattern.removeprefix('^')}" if own else free.pattern
        return {"patternProperties": {pattern: value}, "additionalProperties": False}

    def _key(self, key: Key[Any]) -> Json:
        doc = f"{key.doc}. Default: {key.default}." if key.default else f"{key.doc}."
        return {"description": doc, **self.form(key.shape)}


def _literal(literal: Literal) -> Json:
    if literal.words:
        return {"enum": list(literal.words)}
    found: Json = {"type": list(literal.kinds) if len(literal.kinds) > 1 else literal.kinds[0]}
    return {**found, "pattern": literal.pattern} if literal.pattern else found


def _one_of(construct: Construct) -> Json:
    return {"oneOf": [{"required": [name]} for name in construct.one_of]}


def program_schema() -> Json:
    """The JSON Schema of a program file.

    Returns
    -------
    dict
        A schema of draft 2020-12. It describes one file: the header and any of the sections. What needs the whole
        program (names, columns, cycles) is checked on loading only.
    """
    return SchemaWriter().program()
