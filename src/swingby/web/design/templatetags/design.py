"""Template tags of the components: ``{% load design %}``."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from lucide.templatetags.lucide import lucide as draw_icon

from swingby.web.design import charts, wording
from swingby.web.design.parts import Action, Gate, HistoryLine, LineChart, Place, StatTile, TierRoad, Tone

register = template.Library()
register.filter("number", wording.number_words)
register.filter("ratio", wording.ratio_words)
register.filter("figure", wording.figure_words)
register.filter("signed", wording.signed_words)
register.filter("initials", wording.initials_of)
register.filter("month_day", wording.day_words)

METAL_COUNT = 4


# The style sheet says it once for all icons; a page has seventy.
_PEN = ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


@cache
def icon_markup(name: str, size: int) -> str:
    """One icon of the set as markup; an unknown name is a mistake in a template and raises."""
    drawn: str = draw_icon(name, size=size, aria_hidden="true", **{"class": "icon"})
    return "".join(line.strip() for line in drawn.replace(_PEN, "").splitlines())


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """Draw an icon that decorates words beside it."""
    return mark_safe(icon_markup(str(name), size))  # noqa: S308 - markup of the icon package, chosen by name


@register.simple_block_tag
def card(
    content: str, *, title: str = "", meta: str = "", key: str = "", tone: str = "", icon: str = "", level: int = 2
) -> SafeString:
    """A bounded section of a page under its own heading."""
    key = key or slugify(title)
    context = {"title": title, "meta": meta, "key": key, "tone": tone, "icon": icon, "level": level, "content": content}
    return render_to_string("swingby/parts/card.html", context)


@register.simple_block_tag
def notice(content: str, tone: Tone = "brand", title: str = "", live: str = "") -> SafeString:
    """A message in the flow of the page; ``live`` is ``status`` or ``alert`` when it appears later."""
    icons = {"good": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
    context = {"tone": tone, "title": title, "live": live, "icon": icons.get(tone, "info"), "content": content}
    return render_to_string("swingby/parts/notice.html", context)


@register.simple_block_tag
def empty_state(content: str, title: str, icon: str = "inbox") -> SafeString:
    """What a list says when it has nothing, and what to do about it."""
    return render_to_string("swingby/parts/empty_state.html", {"title": title, "icon": icon, "content": content})


@register.inclusion_tag("swingby/parts/button.html")
def button(label: str, **options: Any) -> dict[str, Any]:
    """A button, or a link that looks like one when ``href`` is given.

    Options: href, variant (primary, secondary, quiet, danger), icon, type, name, value, size (small), busy, disabled,
    formaction, describedby.
    """
    return {"variant": "secondary", "type": "submit", **options, "label": label}


@register.inclusion_tag("swingby/parts/tag.html")
def tag(label: str, tone: Tone = "plain", icon: str = "") -> dict[str, str]:
    """A short label on a soft ground."""
    return {"label": label, "tone": tone, "icon": icon}


@register.inclusion_tag("swingby/parts/tag.html")
def state_tag(gate: Gate) -> dict[str, object]:
    """Met, not yet or not known yet, in words with an icon."""
    tones = {"met": "good", "unmet": "warn", "unknown": "plain", "aside": "plain"}
    words = gate.gap if gate.state == "unmet" and gate.gap else wording.STATE_WORDS[gate.state]
    return {"label": words, "tone": tones[gate.state], "icon": wording.STATE_ICONS[gate.state]}


@register.simple_tag
def tier_tag(name: str, rank: int = 0) -> SafeString:
    """The name of a tier; the rank counts from the lowest and chooses the metal."""
    return format_html('<span class="tier-tag" data-metal="{}">{}</span>', min(rank, METAL_COUNT - 1), name)


@register.simple_tag
def meter(share: Decimal, tone: Tone = "brand") -> SafeString:
    """A bar that repeats a number which stands beside it in words."""
    width = charts.tenth(min(max(share, Decimal(0)), Decimal(1)) * 100)
    return format_html(
        '<svg class="meter" data-tone="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="meter-fill" width="{}" height="6"></rect></svg>',
        tone,
        width,
    )


@register.inclusion_tag("swingby/parts/tier_road.html")
def tier_road(road: TierRoad, note: str = "") -> dict[str, object]:
    """All tiers as stops on a line; only words say how far it is."""
    fills: dict[Place, Decimal] = {"passed": Decimal(1), "current": road.progress, "ahead": Decimal(0)}
    stops = [
        {"name": stop.name, "place": stop.place, "fill": fills[stop.place], "last": position == len(road.stops)}
        for position, stop in enumerate(road.stops, start=1)
    ]
    return {"stops": stops, "note": note}


@register.inclusion_tag("swingby/parts/ring.html")
def gate_ring(gates: Sequence[Gate]) -> dict[str, object]:
    """A ring with one arc per requirement and the count in its middle."""
    ordered = sorted(gates, key=lambda gate: ("met", "unknown", "unmet").index(gate.state))
    met = sum(gate.state == "met" for gate in gates)
    return {"parts": charts.ring_of([gate.state for gate in ordered]), "met": met, "total": len(gates)}


@register.inclusion_tag("swingby/parts/gate.html")
def requirement(gate: Gate) -> dict[str, object]:
    """One requirement with what is held, what is asked and what is missing."""
    tones: dict[str, Tone] = {"met": "good", "unmet": "warn", "unknown": "pending", "aside": "pending"}
    return {
        "gate": gate,
        "amount": wording.amount_words(gate),
        "fill": charts.fill_of(gate),
        "tone": tones[gate.state],
        "icon": wording.STATE_ICONS[gate.state],
        "word": wording.STATE_WORDS[gate.state],
    }


@register.inclusion_tag("swingby/parts/action.html")
def action_row(action: Action) -> dict[str, Action]:
    """One thing worth doing next."""
    return {"action": action}


@register.inclusion_tag("swingby/parts/stat.html")
def stat(tile: StatTile) -> dict[str, object]:
    """One figure on a tile."""
    return {"tile": tile, "line": charts.sparkline(tile.trend)}


@register.inclusion_tag("swingby/parts/line_chart.html")
def line_chart(chart: LineChart) -> dict[str, object]:
    """A line over time: a wide and a narrow picture, and the same as a table."""
    drawings = [
        (size, drawing)
        for size, frame in (("wide", charts.WIDE), ("narrow", charts.NARROW))
        if (drawing := charts.draw(chart, frame, size))
    ]
    return {"chart": chart, "drawings": drawings}


@register.inclusion_tag("swingby/parts/timeline.html")
def timeline(lines: Sequence[HistoryLine]) -> dict[str, object]:
    """The points history, newest first."""
    return {"lines": [(line, wording.LINE_WORDS[line.state]) for line in lines]}


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """The initials of a person; the full name stands beside it or in the label of its control."""
    return format_html(
        '<span class="avatar" data-size="{}" aria-hidden="true">{}</span>', size, wording.initials_of(name)
    )


@register.inclusion_tag("swingby/parts/skeleton.html")
def skeleton(lines: int = 3) -> dict[str, range]:
    """Grey bars in the place of words that are on their way."""
    return {"lines": range(lines)}


@register.inclusion_tag("swingby/parts/field.html")
def field(bound: BoundField, *, optional: bool = True) -> dict[str, object]:
    """A field of a form with label, hint and errors, tied together for screen readers."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    return {
        "field": bound,
        "kind": kind,
        "optional": optional and not bound.field.required,
        "control": control_of(bound, kind),
    }


def control_of(bound: BoundField, kind: str) -> SafeString:
    """The control itself with the classes of the design system."""
    if bound.use_fieldset or kind == "checkbox":
        return bound.as_widget()
    names = {"select": "control select", "textarea": "control textarea", "file": "control file"}
    attributes: Mapping[str, str] = {"class": names.get(kind, "control")}
    return bound.as_widget(attrs=dict(attributes))


@register.simple_tag
def attributes(pairs: Mapping[str, object]) -> SafeString:
    """Write attributes that have a value."""
    return format_html_join("", ' {}="{}"', ((name, value) for name, value in pairs.items() if value))
