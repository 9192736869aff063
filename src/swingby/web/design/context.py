"""What every template may ask about the look: the theme that was chosen and the vendor's brand."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

THEME_COOKIE = "swingby_theme"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The theme ("" follows the system), where to change it, and the brand's style sheet."""

    theme: str
    theme_url: str
    brand_css: str


def look(request: HttpRequest) -> dict[str, Look]:
    """Context processor: the look of this request.

    A view or middleware that knows the vendor sets ``request.brand_hue`` to a whole number of degrees.
    """
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    hue = getattr(request, "brand_hue", None)
    return {
        "look": Look(
            theme=chosen if chosen in THEMES else "",
            theme_url=address_of("design:theme"),
            brand_css="" if hue is None else address_of("design:brand", hue % 360),
        )
    }


def address_of(name: str, *arguments: int) -> str:
    """The address of a view of this app, or nothing where its addresses are not mounted."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
