"""Every address of the web application."""

from __future__ import annotations

from allauth.account import urls as account_urls
from allauth.account.views import password_reset_from_key
from django.urls import include, path, re_path

from swingby.web import entrance
from swingby.web.enablement import public_views
from swingby.web.metrics import metrics
from swingby.web.openid import views as provider_sign_in
from swingby.web.people import factor_views, held_views, joining_views, looking_views, terms_views
from swingby.web.portal.firm import board_file, firm, stake, what_if

#: Pages of the accounts package that we do not offer: addresses are the admin's business, and no code is sent.
_NOT_OFFERED = frozenset({"account_email", "account_confirm_login_code"})
#: The package takes a person's key for letters and digits only; ours has dashes, and so has what follows, but one.
_RESET = re_path(
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z-]+)-(?P<key>[0-9A-Za-z]+-[0-9A-Za-z]+)/$",
    password_reset_from_key,
    name="account_reset_password_from_key",
)
ACCOUNT_PAGES = [
    _RESET,
    *(page for page in account_urls.urlpatterns if page.name not in {*_NOT_OFFERED, _RESET.name}),
]

handler500 = "swingby.web.entrance.our_mistake"

urlpatterns = [
    path("", entrance.home, name="home"),
    path("health/", entrance.health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include(ACCOUNT_PAGES)),
    path("accounts/provider/", provider_sign_in.way, name="provider_way"),
    path("accounts/provider/to/<str:domain>/", provider_sign_in.go, name="provider_go"),
    path("accounts/provider/back/", provider_sign_in.back, name="provider_back"),
    path("accounts/security/", include("allauth.mfa.urls")),
    path("firm/", firm, name="firm"),
    path("firm/programs.csv", board_file, name="firm_file"),
    path("firm/what-if/", what_if, name="firm_what_if"),
    path("firm/<str:enrolment>/stake/", stake, name="firm_stake"),
    path("partner/", include("swingby.web.portal.urls")),
    path("console/", include("swingby.web.console.urls")),
    path("learning/", include("swingby.web.enablement.urls")),
    path("badge/<str:badge>/", public_views.badge, name="badge"),
    path("badge/<str:badge>/file/", public_views.badge_file, name="badge_public_file"),
    path("badges/<str:organization>/", public_views.issuer, name="badge_issuer"),
    path("badges/<str:organization>/withdrawn/", public_views.withdrawn, name="badge_list"),
    path("badges/<str:organization>/keys/<str:key>/", public_views.key, name="badge_key"),
    path("mail/", include("swingby.web.people.mail_urls")),
    path("sharing/", include("swingby.web.people.sharing_urls")),
    path("not-sent/", held_views.held, name="held"),
    path("terms/", terms_views.accept, name="terms"),
    path("second-factor/", factor_views.due, name="second_factor"),
    path("audit/", include("swingby.web.people.audit_urls")),
    path("stop-looking/", looking_views.stop, name="end_looking"),
    path("people/", include("swingby.web.people.user_urls")),
    path("invited/<str:seal>/", joining_views.invited, name="invited"),
    path("join/<str:code>/", joining_views.join, name="join"),
    path("tokens/", include("swingby.web.people.token_urls")),
    path("api/v1/", include("swingby.web.api.urls")),
    path("", include("swingby.web.design.urls")),
]
