"""Addresses for showing the design system alone: its own, and the names that the pages link to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(_request: HttpRequest, **_parts: str) -> HttpResponse:
    """Stands for a page that the gallery does not have."""
    return HttpResponse(status=204)


portal = [
    path("reports/new/<str:enrolment>/", nothing, name="new_report"),
    path("changes/<str:enrolment>/", nothing, name="changes"),
    path("reviews/<str:enrolment>/", nothing, name="tier_reviews"),
    path("reviews/<str:enrolment>/<str:line>/file/", nothing, name="appeal_file"),
]
console = [
    path("<str:owner>/", nothing, name="overview"),
    path("<str:owner>/week/", nothing, name="week"),
    path("<str:owner>/week/<str:enrolment>/", nothing, name="week_act"),
    path("<str:owner>/rhythms/", nothing, name="rhythms"),
    path("<str:owner>/rhythms/<str:enrolment>/", nothing, name="nudge"),
    path("<str:owner>/columns/", nothing, name="portfolio_columns"),
    path("<str:owner>/reports/", nothing, name="reports"),
    path("<str:owner>/reports/<str:report>/accept/", nothing, name="accept"),
    path("<str:owner>/reports/<str:report>/return/", nothing, name="return"),
    path("<str:owner>/reports/<str:report>/decline/", nothing, name="decline"),
    path("<str:owner>/reviews/", nothing, name="review_list"),
    path("<str:owner>/reviews/look/", nothing, name="review_look"),
    path("<str:owner>/reviews/settings/", nothing, name="review_settings"),
    path("<str:owner>/reviews/<str:review>/approve/", nothing, name="review_approve"),
    path("<str:owner>/reviews/<str:review>/", nothing, name="review"),
    path("<str:owner>/reviews/<str:review>/replay/", nothing, name="review_replay"),
    path("<str:owner>/appeals/<str:appeal>/", nothing, name="appeal_answer"),
    path("<str:owner>/appeals/<str:appeal>/file/", nothing, name="appeal_file"),
    path("<str:owner>/exceptions/", nothing, name="exceptions"),
    path("<str:owner>/exceptions/<str:exception>/", nothing, name="exception"),
    path("<str:owner>/versions/", nothing, name="versions"),
    path("<str:owner>/versions/<str:proposed>/movers/", nothing, name="version_movers"),
    path("<str:owner>/versions/<str:proposed>/compare/", nothing, name="version_compare"),
    path("<str:owner>/versions/<str:proposed>/act/", nothing, name="version_act"),
    path("<str:owner>/operations/", nothing, name="operations"),
    path("<str:owner>/operations/night/", nothing, name="night"),
    path("<str:owner>/loads/", nothing, name="loads"),
    path("<str:owner>/loads/cures/", nothing, name="cure"),
    path("<str:owner>/loads/<str:upload>/", nothing, name="upload"),
    path("<str:owner>/loads/<str:upload>/state/", nothing, name="upload_state"),
    path("<str:owner>/loads/<str:upload>/columns/", nothing, name="describe_upload"),
    path("<str:owner>/loads/<str:upload>/load/", nothing, name="load_upload"),
    path("<str:owner>/loads/<str:upload>/undo/", nothing, name="undo_upload"),
    path("<str:owner>/loads/<str:upload>/file/", nothing, name="sent_file"),
    path("<str:owner>/reports/<str:report>/confirm/", nothing, name="confirm"),
    path("<str:owner>/reports/<str:report>/take-back/", nothing, name="take_back"),
    path("<str:owner>/partners/<str:enrolment>/", nothing, name="partner"),
    path("<str:owner>/partners/<str:enrolment>/scorecard/", nothing, name="scorecard"),
    path("<str:owner>/partners/<str:enrolment>/benefits/", nothing, name="benefits"),
    path("<str:owner>/partners/<str:enrolment>/documents/", nothing, name="new_document"),
]
_ACCOUNT = (
    *("account_login", "account_logout", "account_change_password", "mfa_index", "mfa_activate_totp"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_login_webauthn", "provider_way"),
)
account = [path(f"accounts/{name}/", nothing, name=name) for name in _ACCOUNT]
keys = [path(f"accounts/{name}/<int:pk>/", nothing, name=name) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")]
urlpatterns = [
    *account,
    *keys,
    path("", include("swingby.web.design.urls")),
    path("partner/", include((portal, "portal"))),
    path("console/", include((console, "console"))),
]
