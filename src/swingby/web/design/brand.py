"""A vendor's brand: one hue, with a lightness that keeps its words readable."""

import math
from decimal import Decimal

DEFAULT_HUE = 262
CHROMA = 0.2
LIGHTEST = Decimal("0.55")
DARKEST = Decimal("0.40")
STEP = Decimal("0.005")
READABLE = 4.7


def linear_light(lightness: float, chroma: float, hue: int) -> tuple[float, float, float]:
    """An OKLCH colour as linear red, green and blue, cut to what a screen can show."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (min(max(channel, 0.0), 1.0) for channel in channels)
    return red, green, blue


def contrast_with_white(lightness: Decimal, hue: int) -> float:
    """How well white words read on the brand colour, as WCAG counts it (1 to 21)."""
    red, green, blue = linear_light(float(lightness), CHROMA, hue)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable_lightness(hue: int) -> Decimal:
    """The lightest shade of a hue on which white words still read well."""
    lightness = LIGHTEST
    while lightness > DARKEST and contrast_with_white(lightness, hue) < READABLE:
        lightness -= STEP
    return lightness


def brand_css(hue: int) -> str:
    """The style sheet that gives a page this brand."""
    return f"@layer tokens {{ :root {{ --brand-hue: {hue}; --brand-lightness: {readable_lightness(hue)}; }} }}\n"
