from __future__ import annotations

from decimal import Decimal

import pytest

from swingby.web.design.brand import brand_css, contrast_with_white, linear_light, readable_lightness


@pytest.mark.parametrize("hue", range(0, 360, 5))
def test_white_words_read_on_every_brand(hue: int) -> None:
    assert contrast_with_white(readable_lightness(hue), hue) >= 4.5


def test_default_lightness_is_too_light_for_hue_200() -> None:
    assert contrast_with_white(Decimal("0.55"), 200) < 4.5
    assert readable_lightness(200) < readable_lightness(25)


def test_white_and_black_come_out_right() -> None:
    assert linear_light(1, 0, 0) == pytest.approx((1, 1, 1), abs=1e-4)
    assert linear_light(0, 0, 0) == (0, 0, 0)


def test_brand_changes_two_tokens_only() -> None:
    assert brand_css(155) == "@layer tokens { :root { --brand-hue: 155; --brand-lightness: 0.515; } }\n"
