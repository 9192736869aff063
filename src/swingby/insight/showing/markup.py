"""Elements of HTML and SVG as text in which nothing is left unescaped."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """An element; text inside is escaped unless it is markup.

    ``class_`` is written ``class``, ``text_anchor`` ``text-anchor``; attributes that are None are left out.

    >>> element("p", "a < b", class_="note", data_theme=None)
    '<p class="note">a &lt; b</p>'
    """
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{shown}>{joined(*inside)}</{name}>")


def joined(*parts: str) -> Markup:
    """Parts one after the other; text is escaped unless it is markup."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part, quote=False) for part in parts))


def _text(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
