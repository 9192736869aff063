"""Roles that need a second factor: who has none sets one up before anything else; who has one notices nothing."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from swingby.web.domain.errors import NotAllowedError, RefusedError
from swingby.web.domain.second_factors import holders_of, require_second_factors
from swingby.web.models import Role
from tests.web.acting import acting, signed_in

pytestmark = pytest.mark.django_db
HOME = "/partner/harbor-program-tarn/"
RULE = "/people/tarn/second-factor/"
DUE = "/second-factor/?next=%2Fpartner%2Fharbor-program-tarn%2F"


def require(*roles: str) -> None:
    answer = signed_in("partner-admin").post(RULE, {"role": roles})
    assert answer.headers["Location"] == RULE


def answer_at_home(client: Client) -> tuple[int, str]:
    answer = client.get(HOME)
    return answer.status_code, answer.headers.get("Location", "")


def give(person: str, kind: str) -> None:
    Authenticator.objects.create(user_id=person, type=kind, data={})


def test_who_has_none_sets_one_up_first_and_then_goes_on() -> None:
    require("partner_member")
    member = signed_in("partner-member")
    assert answer_at_home(member) == (302, DUE)
    page = member.get(DUE).content.decode()
    assert "/accounts/security/webauthn/add/" in page
    assert "/accounts/security/totp/activate/" in page
    polled = member.get(HOME, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{HOME}"})
    assert polled.headers["HX-Redirect"] == DUE
    assert (
        member.post(f"{HOME}reports/new/", {"kind": "plan_reviewed"}).headers["Location"]
        == "/second-factor/?next=%2Fnot-sent%2F"
    )

    give("partner-member", Authenticator.Type.TOTP)
    assert member.get(DUE).headers["Location"] == HOME
    assert answer_at_home(member)[0] == 200


def test_only_the_chosen_roles_of_this_organization_are_asked() -> None:
    require("partner_member")
    assert answer_at_home(signed_in("partner-admin"))[0] == 200
    assert signed_in("manager").get("/console/harbor/").status_code == 200
    assert signed_in("other-partner").get("/partner/quay-program-loom/").status_code == 200
    require()
    assert answer_at_home(signed_in("partner-member"))[0] == 200


def test_recovery_codes_alone_are_no_second_factor() -> None:
    require("partner_member")
    give("partner-member", Authenticator.Type.RECOVERY_CODES)
    assert answer_at_home(signed_in("partner-member")) == (302, DUE)
    give("partner-member", Authenticator.Type.WEBAUTHN)
    assert answer_at_home(signed_in("partner-member"))[0] == 200


@pytest.mark.parametrize(("organization", "status"), [("tarn", 200), ("elsewhere", 302)])
def test_the_provider_of_the_organization_that_asks_is_enough(organization: str, status: int) -> None:
    require("partner_member")
    client = signed_in("partner-member")
    session = client.session
    session["account_authentication_methods"] = [{"method": "provider", "at": 1.0, "organization": organization}]
    session["account_authentication_methods_user"] = "partner-member"
    session.save()
    assert answer_at_home(client)[0] == status


def test_an_admin_sees_who_lacks_one_and_is_not_locked_out_by_the_rule() -> None:
    give("partner-member", Authenticator.Type.TOTP)
    require("partner_admin")
    admin = signed_in("partner-admin")
    assert admin.get(RULE).headers["Location"].startswith("/second-factor/")
    give("partner-admin", Authenticator.Type.TOTP)
    assert "protected" in admin.get(RULE).content.decode()
    with acting("partner-admin"):
        held = {each.role: (each.people, each.protected) for each in holders_of("tarn", is_vendor=False)}
    assert held[Role.PARTNER_MEMBER][1] == 1
    assert set(held) == {Role.PARTNER_ADMIN, Role.PARTNER_MANAGER, Role.PARTNER_MEMBER, Role.PARTNER_FINANCE}


def test_the_rule_is_the_admins_and_names_roles_of_its_side() -> None:
    with acting("partner-member") as actor, pytest.raises(NotAllowedError):
        require_second_factors("tarn", actor=actor, roles=[Role.PARTNER_MEMBER], is_vendor=False)
    with acting("partner-admin") as actor, pytest.raises(RefusedError, match="Nobody here can hold: Finance"):
        require_second_factors("tarn", actor=actor, roles=[Role.FINANCE], is_vendor=False)
    refused = signed_in("partner-admin").post(RULE, {"role": ["finance"]})
    assert refused.status_code == 422
    assert "Nobody here can hold" in refused.content.decode()
