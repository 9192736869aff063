"""The gallery page and its sample pages."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swingby.web.console.daily_parts import PartnerPage, PortfolioPage, RhythmPage, WeekPage
from swingby.web.console.glance_parts import GlancePage
from swingby.web.console.load_parts import LoadsPage, UploadPage
from swingby.web.design.gallery import (
    badge_samples,
    benefit_samples,
    board_samples,
    daily_samples,
    deal_samples,
    entering_samples,
    evidence_samples,
    experiment_samples,
    extremes,
    finding_samples,
    firm_samples,
    forms,
    glance_samples,
    guide_samples,
    holder_samples,
    hour_samples,
    known_samples,
    learning_samples,
    load_samples,
    money_samples,
    notification_samples,
    operations_samples,
    people_samples,
    points_samples,
    program_samples,
    published_samples,
    registration_samples,
    review_samples,
    rhythm_samples,
    samples,
    scorecard_samples,
    story_samples,
    study_samples,
    user_samples,
    vendor_samples,
    version_samples,
    voucher_samples,
    week_samples,
)
from swingby.web.design.parts import Gate, StatTile
from swingby.web.portal.firm_parts import FirmPage
from swingby.web.portal.points_parts import PointsPage

STALE = "stale"
Page = tuple[str, dict[str, Any]]


def home_page() -> Page:
    """The home page of a partner on the way."""
    proposals = (review_samples.decision_row(move="Select to Member"),)
    stories = (story_samples.LINE, story_samples.UNNAMED)
    return "portal/home.html", {"page": samples.sample_home(), "proposals": proposals, "stories": stories}


def home_empty() -> Page:
    """The home page on the first day."""
    return "portal/home.html", {"page": extremes.empty_home()}


def home_highest() -> Page:
    """The home page on the highest tier."""
    return "portal/home.html", {"page": extremes.highest_home()}


def home_large() -> Page:
    """The home page with long words and huge numbers."""
    return "portal/home.html", {"page": extremes.large_home()}


def home_stale() -> Page:
    """The home page a moment before its standing changes."""
    return "portal/home.html", {"page": replace(extremes.empty_home(), version=STALE)}


def firm_page(page: FirmPage) -> Page:
    """The board of a firm in its own frame."""
    return "portal/firm.html", {"page": page, "shell": firm_samples.firm_shell()}


def report_page() -> Page:
    """The form for an activity report, on its first showing."""
    form = forms.ReportForm(initial={"happened_on": samples.TODAY.isoformat(), "kind": "training"})
    return "portal/report.html", {"form": form, "cancel_url": "/gallery/?page=home", "left": samples.USED_UP}


def report_errors() -> Page:
    """The form for an activity report, sent empty."""
    return "portal/report.html", {
        "form": forms.ReportForm(data={"happened_on": "yesterday"}),
        "left": samples.STILL_LEFT,
        "cancel_url": "/gallery/?page=home",
    }


def reports_page() -> Page:
    """The vendor's list of reports that wait."""
    return "console/reports.html", vendor_context(
        "reports",
        page=vendor_samples.sample_reports(),
        decides=True,
        samples=vendor_samples.sample_drawn(),
        mix=vendor_samples.Mix(),
    )


def reports_empty() -> Page:
    """The vendor's list when nothing waits."""
    return "console/reports.html", vendor_context("reports", page=(), decides=True)


def partners_page(page: PortfolioPage) -> Page:
    """The portfolio that everybody on the vendor's side reads."""
    return "console/overview.html", vendor_context("partners", page=page)


def partner_page(page: PartnerPage, *, writes: bool = True) -> Page:
    """One partner as its vendor sees it."""
    return "console/partner.html", vendor_context("partners", page=page, writes=writes)


def week_page(page: WeekPage) -> Page:
    """The week of somebody who looks after partners."""
    return "console/week.html", vendor_context("week", page=page)


def rhythms_page(page: RhythmPage) -> Page:
    """The promises of both sides."""
    return "console/rhythms.html", vendor_context("rhythms", page=page, nudges=True)


def glance_sample(page: GlancePage) -> Page:
    """The program at a glance."""
    return "console/glance.html", vendor_context("glance", page=page)


def loads_page(page: LoadsPage) -> Page:
    """Load and unmatched."""
    return "console/loads.html", vendor_context("loads", page=page)


def upload_page(page: UploadPage) -> Page:
    """One file that came in."""
    return "console/upload.html", vendor_context("loads", page=page, key="example")


def my_reports() -> Page:
    """What the partner reported, in every state."""
    return "portal/reports.html", {"lines": vendor_samples.sample_lines(), "report_url": "?page=report"}


def vendor_context(current: str, **context: Any) -> dict[str, Any]:
    """A page of the vendor with what stands around it."""
    return {"shell": vendor_samples.vendor_shell(current), "owner": "harborline", **context}


def money_sample(template: str, build: Callable[[], Any]) -> Page:
    """A page of money for finance and whoever else answers for it."""
    return template, vendor_context("money", page=build())


def sign_in_page() -> Page:
    """Signing in, first showing."""
    return "swingby/sign_in.html", {"form": forms.SignInForm()}


def sign_in_errors() -> Page:
    """Signing in with a wrong password."""
    form = forms.SignInForm(data={"login": "nobody", "password": ""})
    form.add_error(None, "This mail address and password do not belong together.")
    return "swingby/sign_in.html", {"form": form}


def components() -> Page:
    """All components in all states."""
    gates = samples.sample_gates()
    context = {
        "page_names": tuple(name for name in PAGES if name),
        "every_field": forms.EveryField(prefix="blank"),
        "wrong_field": forms.EveryField(
            data={"wrong-mail": "nobody", "wrong-note": extremes.LONG_NAME}, prefix="wrong"
        ),
        "disabled_field": forms.every_field_disabled(),
        "home": samples.sample_home(),
        "gates": (*gates, samples.sample_points()),
        "no_gates": (),
        "one_gate": (Gate(label="Agreement signed", state="met"),),
        "long_gates": extremes.long_gates(),
        "long_road": extremes.long_road(),
        "long_action": extremes.long_action(),
        "long_tile": extremes.long_tile(),
        "long_history": extremes.long_history(),
        "long_name": extremes.LONG_NAME,
        "charts": extremes.charts(),
        "unknown_tile": StatTile(label="Bookings", value=None, icon="coins", note="Records begin on 1 April."),
        "partners": daily_samples.sample_portfolio(),
    }
    return "swingby/gallery.html", context


def version_list(*, empty: bool = False, refused: str = "") -> Page:
    """The list of versions."""
    page = version_samples.versions_page(empty=empty)
    return "console/versions.html", vendor_context("versions", page=page, changes=True, refused=refused)


def version_sample(page: dict[str, Any]) -> Page:
    """What one version does, in one of its states."""
    return "console/version.html", vendor_context("versions", page=page, changes=True)


def known_sample(build: Callable[[], Any]) -> Page:
    """A partner's people as its vendor may know them."""
    return "console/people.html", vendor_context("partners", page=build())


def published_sample(build: Callable[[], Any]) -> Page:
    """What a published version says."""
    return "console/published.html", vendor_context("versions", page=build())


def change_sample(page: dict[str, Any]) -> Page:
    """A version as a partner reads it."""
    return "portal/change.html", {"page": page, "enrolment": {"pk": "example"}}


def review_sample(template: str, page: dict[str, Any]) -> Page:
    """A page of reviews as the vendor reads it."""
    return f"console/{template}.html", vendor_context("reviews_of_tiers", page=page, changes=True, may_ask=True)


def operations_sample(page: dict[str, Any]) -> Page:
    """The operations page."""
    return "console/operations.html", vendor_context("operations", page=page)


EVIDENCE = {**evidence_samples.PAGES, **experiment_samples.PAGES_OF_EXPERIMENTS}


def evidence_sample(name: str) -> Page:
    """A page of evidence, of the vendor or of a partner."""
    template, build, is_vendors = EVIDENCE[name]
    return f"evidence/{template}.html", vendor_context("evidence", **build()) if is_vendors else build()


def decision_sample(page: dict[str, Any]) -> Page:
    """A review as a partner reads it."""
    return "portal/tier_review.html", {"page": page, "enrolment": {"pk": "example"}}


def decisions_sample(*, empty: bool = False) -> Page:
    """What reviews said about a partner."""
    held = {"tier": "Gold", "rank": 2, "first": samples.TODAY, "last": samples.TODAY}
    rows = () if empty else review_samples.decision_rows()
    return "portal/tier_reviews.html", {"rows": rows, "exceptions": () if empty else (held,)}


def people_page(name: str, page: object, current: str) -> Page:
    """A page of administration as the vendor sees it."""
    return f"people/{name}.html", vendor_context(current, page=page)


def points_sample(page: PointsPage) -> Page:
    """A points history."""
    return "portal/points.html", {"page": page}


def dispute_sample(name: str, context: dict[str, Any]) -> Page:
    """A page of disputes as the vendor reads it."""
    return f"console/{name}.html", vendor_context("disputes", **context)


def deal_page(name: str) -> Page:
    """A page of deal registrations, as a partner sees it or as the vendor does."""
    if name in registration_samples.PARTNER:
        template, build = registration_samples.PARTNER[name]
        return template, build()
    template, build = registration_samples.VENDOR[name]
    return template, vendor_context("registrations", **build())


def learning_sample(template: str, build: Callable[[], object]) -> Page:
    """A page of a firm's learning."""
    return f"enablement/{template}.html", {"page": build()}


def entering_sample(template: str, build: Callable[[], dict[str, Any]]) -> Page:
    """A page about signing in."""
    return template, build()


PAGES: dict[str, Callable[[], Page]] = {
    "": components,
    "home": home_page,
    "home-empty": home_empty,
    "home-highest": home_highest,
    "home-large": home_large,
    "home-stale": home_stale,
    "report": report_page,
    "report-errors": report_errors,
    "my-reports": my_reports,
    "reports": reports_page,
    "reports-empty": reports_empty,
    "partners": lambda: partners_page(daily_samples.sample_portfolio()),
    "partners-none": lambda: partners_page(daily_samples.narrowed_portfolio()),
    "partners-empty": lambda: partners_page(daily_samples.empty_portfolio()),
    "partners-large": lambda: partners_page(daily_samples.large_portfolio()),
    "partner": lambda: partner_page(daily_samples.sample_partner()),
    "partner-empty": lambda: partner_page(daily_samples.empty_partner(), writes=False),
    "partner-large": lambda: partner_page(daily_samples.large_partner()),
    **{name: partial(known_sample, build) for name, build in known_samples.PAGES.items()},
    "week": lambda: week_page(week_samples.sample_week()),
    "week-empty": lambda: week_page(week_samples.empty_week()),
    "week-large": lambda: week_page(week_samples.large_week()),
    "rhythms": lambda: rhythms_page(rhythm_samples.sample_rhythms()),
    "rhythms-empty": lambda: rhythms_page(rhythm_samples.empty_rhythms()),
    "rhythms-large": lambda: rhythms_page(rhythm_samples.large_rhythms()),
    "glance": lambda: glance_sample(glance_samples.sample_glance()),
    "glance-empty": lambda: glance_sample(glance_samples.empty_glance()),
    "glance-large": lambda: glance_sample(glance_samples.large_glance()),
    "versions": version_list,
    "versions-empty": lambda: version_list(empty=True, refused="a.zip cannot be opened as a zip."),
    "version": lambda: version_sample(version_samples.version_page()),
    "version-draft": lambda: version_sample(version_samples.draft_page()),
    "version-mistakes": lambda: version_sample(version_samples.mistakes_page()),
    "version-running": lambda: version_sample(version_samples.running_page()),
    "version-failed": lambda: version_sample(version_samples.failed_page()),
    "version-second": lambda: version_sample(version_samples.second_page()),
    "version-large": lambda: version_sample(version_samples.large_page()),
    **{name: partial(published_sample, build) for name, build in published_samples.PAGES.items()},
    "changes": lambda: ("portal/changes.html", {"rows": version_samples.change_rows()}),
    "changes-empty": lambda: ("portal/changes.html", {"rows": ()}),
    "change": lambda: change_sample(version_samples.change_page()),
    "change-preview": lambda: change_sample(version_samples.change_preview()),
    "loads": lambda: loads_page(load_samples.sample_loads()),
    "loads-empty": lambda: loads_page(load_samples.empty_loads()),
    "loads-large": lambda: loads_page(load_samples.large_loads()),
    "upload": lambda: upload_page(load_samples.checked()),
    "upload-loaded": lambda: upload_page(load_samples.loaded()),
    "upload-running": lambda: upload_page(load_samples.running()),
    "upload-stopped": lambda: upload_page(load_samples.stopped()),
    "upload-open": lambda: upload_page(load_samples.described()),
    "upload-failed": lambda: upload_page(load_samples.failed()),
    "upload-large": lambda: upload_page(load_samples.large()),
    "tier-reviews": lambda: review_sample("review_list", review_samples.reviews_page()),
    "tier-reviews-empty": lambda: review_sample("review_list", review_samples.reviews_page(empty=True)),
    "review": lambda: review_sample("review", review_samples.review_page()),
    "review-empty": lambda: review_sample(
        "review", review_samples.review_page(lines=(), replayed_at=None, near_total=0)
    ),
    "review-large": lambda: review_sample("review", review_samples.large_review()),
    "review-question": lambda: review_sample("review_question", review_samples.question()),
    "review-line": lambda: review_sample("review_line", review_samples.line_page()),
    "review-appeal": lambda: review_sample("review_line", review_samples.appealed_page()),
    "exceptions": lambda: review_sample("exceptions", review_samples.exceptions_page()),
    "exceptions-empty": lambda: review_sample("exceptions", review_samples.exceptions_page(empty=True)),
    "points": lambda: points_sample(points_samples.sample_points()),
    "points-waiting": lambda: points_sample(points_samples.points_waiting()),
    "points-empty": lambda: points_sample(points_samples.points_empty()),
    "points-large": lambda: points_sample(points_samples.points_large()),
    "deals": lambda: ("portal/deals.html", {"page": deal_samples.sample_deals()}),
    "deals-empty": lambda: ("portal/deals.html", {"page": deal_samples.empty_deals()}),
    "deals-none-found": lambda: ("portal/deals.html", {"page": deal_samples.no_deals_found()}),
    "deals-large": lambda: ("portal/deals.html", {"page": deal_samples.large_deals()}),
    "scorecard": lambda: ("portal/scorecard.html", {"page": scorecard_samples.sample_scorecard()}),
    "scorecard-waiting": lambda: ("portal/scorecard.html", {"page": scorecard_samples.empty_scorecard()}),
    "scorecard-large": lambda: ("portal/scorecard.html", {"page": scorecard_samples.large_scorecard()}),
    "number": lambda: ("portal/scorecard_number.html", {"page": scorecard_samples.sample_number()}),
    "number-left-out": lambda: ("portal/scorecard_number.html", {"page": scorecard_samples.left_out_number()}),
    "number-theirs": lambda: ("portal/scorecard_number.html", {"page": scorecard_samples.theirs_number()}),
    "number-empty": lambda: ("portal/scorecard_number.html", {"page": scorecard_samples.empty_number()}),
    "number-large": lambda: ("portal/scorecard_number.html", {"page": scorecard_samples.large_number()}),
    "record": lambda: ("portal/scorecard_record.html", {"page": scorecard_samples.sample_record()}),
    "record-large": lambda: ("portal/scorecard_record.html", {"page": scorecard_samples.large_record()}),
    "people": lambda: ("portal/people.html", {"page": holder_samples.sample_people()}),
    "people-empty": lambda: ("portal/people.html", {"page": holder_samples.empty_people()}),
    "people-large": lambda: ("portal/people.html", {"page": holder_samples.large_people()}),
    "cases": lambda: ("portal/disputes.html", scorecard_samples.my_cases()),
    "cases-empty": lambda: ("portal/disputes.html", scorecard_samples.my_cases(())),
    "case-new": lambda: ("portal/dispute_line.html", scorecard_samples.new_case()),
    "case-refused": lambda: ("portal/dispute_line.html", scorecard_samples.new_case(problem="Say what is wrong.")),
    "case": lambda: ("portal/dispute.html", scorecard_samples.sample_case(may_withdraw=True)),
    "case-cured": lambda: ("portal/dispute.html", scorecard_samples.cured_case()),
    "disputes": lambda: dispute_sample("disputes", scorecard_samples.case_queue()),
    "disputes-empty": lambda: dispute_sample("disputes", scorecard_samples.case_queue(empty=True)),
    "disputes-large": lambda: dispute_sample("disputes", scorecard_samples.case_queue(large=True)),
    "dispute": lambda: dispute_sample("dispute", scorecard_samples.sample_case(answers=scorecard_samples.ANSWERS)),
    "dispute-large": lambda: dispute_sample("dispute", scorecard_samples.large_case()),
    **{name: partial(deal_page, name) for name in (*registration_samples.PARTNER, *registration_samples.VENDOR)},
    "benefits": lambda: ("portal/benefits.html", {"page": benefit_samples.sample_benefits()}),
    "benefits-empty": lambda: ("portal/benefits.html", {"page": benefit_samples.benefits_empty()}),
    "benefits-large": lambda: ("portal/benefits.html", {"page": benefit_samples.benefits_large()}),
    "notifications": lambda: ("people/notifications.html", notification_samples.sample_notifications()),
    "notifications-empty": lambda: ("people/notifications.html", notification_samples.no_notifications()),
    "notifications-large": lambda: (
        "people/notifications.html",
        vendor_context("", **notification_samples.many_notifications()),
    ),
    "notification-settings": lambda: ("people/notification_settings.html", notification_samples.sample_settings()),
    "notification-settings-empty": lambda: ("people/notification_settings.html", notification_samples.no_settings()),
    "firm": lambda: firm_page(firm_samples.sample_firm()),
    "firm-asked": lambda: firm_page(firm_samples.firm_asked()),
    "firm-waiting": lambda: firm_page(firm_samples.firm_waiting()),
    "firm-refused": lambda: firm_page(firm_samples.firm_refused()),
    "firm-member": lambda: firm_page(firm_samples.firm_member()),
    "firm-large": lambda: firm_page(firm_samples.firm_large()),
    "guide": lambda: ("portal/guide.html", {"page": guide_samples.sample_guide()}),
    "guide-empty": lambda: ("portal/guide.html", {"page": guide_samples.guide_empty()}),
    "guide-large": lambda: ("portal/guide.html", {"page": guide_samples.guide_large()}),
    "operations": lambda: operations_sample(operations_samples.operations_page()),
    "operations-empty": lambda: operations_sample(operations_samples.empty_operations()),
    "operations-large": lambda: operations_sample(operations_samples.large_operations()),
    **{name: partial(evidence_sample, name) for name in EVIDENCE},
    "my-tier-reviews": decisions_sample,
    "my-tier-reviews-empty": lambda: decisions_sample(empty=True),
    "my-review": lambda: decision_sample(review_samples.decision_page()),
    "my-review-decided": lambda: decision_sample(review_samples.decided_page()),
    "mails": lambda: people_page("mails", people_samples.sample_mails(), "mails"),
    "mails-empty": lambda: people_page("mails", people_samples.empty_mails(), "mails"),
    "mails-large": lambda: people_page("mails", people_samples.large_mails(), "mails"),
    "mail": lambda: people_page("mail", people_samples.sample_mail(), "mails"),
    "mail-failed": lambda: people_page("mail", people_samples.failed_mail(), "mails"),
    "sharing": lambda: ("people/sharing.html", {"page": people_samples.sample_sharing()}),
    "sharing-empty": lambda: ("people/sharing.html", {"page": people_samples.empty_sharing()}),
    "sharing-large": lambda: ("people/sharing.html", {"page": people_samples.large_sharing()}),
    "users": lambda: ("people/users.html", user_samples.sample_users()),
    "users-alone": lambda: ("people/users.html", vendor_context("users", **user_samples.alone_users())),
    "users-large": lambda: ("people/users.html", user_samples.large_users()),
    "user": lambda: ("people/user.html", vendor_context("users", **user_samples.sample_user())),
    "user-last": lambda: ("people/user.html", user_samples.sample_user(last=True)),
    "invited": lambda: ("people/invited.html", user_samples.invited("settle")),
    "invited-accept": lambda: ("people/invited.html", user_samples.invited("accept")),
    "invited-over": lambda: ("people/invited.html", user_samples.invited("over")),
    "join": lambda: ("people/invited.html", user_samples.invited("ask")),
    "orphans": lambda: ("people/orphans.html", vendor_context("orphans", **user_samples.sample_orphans())),
    "orphans-none": lambda: (
        "people/orphans.html",
        vendor_context("orphans", **user_samples.sample_orphans(empty=True)),
    ),
    "audit": lambda: ("people/audit.html", vendor_context("audit", **user_samples.sample_acts())),
    "audit-empty": lambda: ("people/audit.html", vendor_context("audit", **user_samples.sample_acts(empty=True))),
    "audit-large": lambda: ("people/audit.html", vendor_context("audit", **user_samples.sample_acts(large=True))),
    "terms": lambda: ("people/terms_list.html", vendor_context("terms", **user_samples.sample_terms())),
    "terms-empty": lambda: ("people/terms_list.html", vendor_context("terms", **user_samples.sample_terms(empty=True))),
    "terms-accept": lambda: ("people/terms.html", user_samples.terms_to_accept()),
    "looking": lambda: ("people/users.html", user_samples.looked_at()),
    **{name: partial(learning_sample, *sample) for name, sample in learning_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in badge_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in board_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in program_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in story_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in study_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in hour_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in voucher_samples.PAGES.items()},
    **{name: partial(entering_sample, *sample) for name, sample in entering_samples.PAGES.items()},
    **{name: partial(learning_sample, *sample) for name, sample in finding_samples.PAGES.items()},
    **{name: partial(money_sample, *sample) for name, sample in money_samples.PAGES.items()},
    "sign-in": sign_in_page,
    "sign-in-errors": sign_in_errors,
    "404": lambda: ("404.html", {}),
    "403": lambda: ("403.html", {}),
    "500": lambda: ("500.html", {}),
    "503": lambda: ("503.html", {}),
    "507": lambda: ("507.html", {}),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All components, or the sample page that ``?page=`` names, in the brand that ``?hue=`` names."""
    build = PAGES.get(request.GET.get("page", ""))
    if build is None:
        raise Http404
    if (hue := request.GET.get("hue", "")).isdecimal():
        request.brand_hue = int(hue)  # type: ignore[attr-defined]  # as a middleware that knows the vendor would
    template, context = build()
    return render(request, template, {"shell": samples.sample_shell(), **context})


@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """What the sample home pages poll: only the stale one has something new to show."""
    if request.GET.get("version") != STALE:
        return HttpResponse(status=204)
    page = replace(samples.sample_home(), news="Accepted. Your plan review counts from today.")
    return render(request, "portal/_standing.html", {"page": page})
