"""The few addresses of the design system itself."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from swingby.web.design.brand import brand_css
from swingby.web.design.context import THEME_COOKIE, THEMES

#: Who sends a longer one goes to the first page: no page of ours has such an address.
LONGEST_ADDRESS = 2000
YEAR = 365 * 24 * 60 * 60


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def brand(_request: HttpRequest, hue: int) -> HttpResponse:
    """The style sheet of one brand hue."""
    return HttpResponse(brand_css(hue % 360), content_type="text/css; charset=utf-8")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or what the system says, and go back to the page."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(back if safe and len(back) <= LONGEST_ADDRESS else "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    return answer
