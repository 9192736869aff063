"""An open page whose session ended goes to the sign-in page whole, not into its own standing."""

from __future__ import annotations

from typing import cast

from django.test import RequestFactory

from swingby.web.middleware import ActingRequest
from swingby.web.portal.views import standing
from swingby.web.visibility import ANYBODY

ADDRESS = "/partner/e1/standing/"


def asked_by_nobody(**headers: str) -> ActingRequest:
    request = cast("ActingRequest", RequestFactory().get(ADDRESS, headers=headers))
    request.actor = ANYBODY
    return request


def test_polling_page_is_sent_to_sign_in_and_back_to_itself() -> None:
    here = "http://testserver/partner/e1/?seen=1"
    answer = standing(asked_by_nobody(**{"HX-Request": "true", "HX-Current-URL": here}), enrolment="e1")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["HX-Redirect"] == "/accounts/login/?next=/partner/e1/"


def test_whole_page_is_redirected() -> None:
    answer = standing(asked_by_nobody(), enrolment="e1")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={ADDRESS}")
