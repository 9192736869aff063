"""Every address of the web application."""

from __future__ import annotations

from allauth.account import urls as account_urls
from django.urls import include, path

from swingby.web import entrance
from swingby.web.metrics import metrics
from swingby.web.people import joining_views, looking_views, terms_views
from swingby.web.portal.firm import firm

#: Pages of the accounts package that we do not offer: addresses are the admin's business, and no code is sent.
_NOT_OFFERED = frozenset({"account_email", "account_confirm_login_code"})
ACCOUNT_PAGES = [page for page in account_urls.urlpatterns if page.name not in _NOT_OFFERED]

handler500 = "swingby.web.entrance.our_mistake"

urlpatterns = [
    path("", entrance.home, name="home"),
    path("health/", entrance.health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("accounts/", include(ACCOUNT_PAGES)),
    path("accounts/security/", include("allauth.mfa.urls")),
    path("firm/", firm, name="firm"),
    path("partner/", include("swingby.web.portal.urls")),
    path("console/", include("swingby.web.console.urls")),
    path("learning/", include("swingby.web.enablement.urls")),
    path("mail/", include("swingby.web.people.mail_urls")),
    path("sharing/", include("swingby.web.people.sharing_urls")),
    path("terms/", terms_views.accept, name="terms"),
    path("audit/", include("swingby.web.people.audit_urls")),
    path("stop-looking/", looking_views.stop, name="end_looking"),
    path("people/", include("swingby.web.people.user_urls")),
    path("invited/<str:seal>/", joining_views.invited, name="invited"),
    path("join/<str:code>/", joining_views.join, name="join"),
    path("tokens/", include("swingby.web.api.page_urls")),
    path("api/v1/", include("swingby.web.api.urls")),
    path("", include("swingby.web.design.urls")),
]
