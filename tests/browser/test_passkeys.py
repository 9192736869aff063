"""The journey: somebody adds a passkey, signs in with it alone, uses it as second factor, and removes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, expect

from tests.browser.conftest import Site
from tests.web.site import PASSWORD

pytestmark = pytest.mark.browser

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
Opened = tuple[Page, CDPSession, str, list[str]]


@pytest.fixture
def opened(browser: Browser, site: Site) -> Callable[[ViewportSize], Opened]:
    """A window whose device keeps passkeys, with what it complains of."""

    def opening(size: ViewportSize) -> Opened:
        page = browser.new_context(viewport=size).new_page()
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        return page, session, device, complaints

    return opening


def _address(site: Site) -> str:
    """Under its name: a passkey is not good for a number."""
    return site.address.replace("127.0.0.1", "localhost")


def _password(page: Page, site: Site, person: str) -> None:
    page.goto(f"{_address(site)}/accounts/login/")
    page.get_by_label("Email").fill(f"{person}@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_out(page: Page, site: Site) -> None:
    page.goto(f"{_address(site)}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def _add(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add it").click()


@pytest.mark.parametrize(
    ("person", "size"), [("partner-admin", PHONE), ("manager", DESKTOP)], ids=["on a phone", "on a desk"]
)
def test_a_passkey_is_added_lets_in_and_is_removed(
    opened: Callable[[ViewportSize], Opened], site: Site, person: str, size: ViewportSize
) -> None:
    page, _, _, complaints = opened(size)
    home = "**/partner/**" if person == "partner-admin" else "**/console/**"
    _password(page, site, person)
    page.wait_for_url(home)
    page.goto(f"{_address(site)}/accounts/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    _add(page, "My phone")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    (first, *_) = page.locator(".said-list code").all_inner_texts()

    _sign_out(page, site)
    page.goto(f"{_address(site)}/accounts/login/?next=/accounts/security/webauthn/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/accounts/security/webauthn/")
    expect(page.get_by_text("My phone")).to_be_visible()

    _sign_out(page, site)
    _password(page, site, person)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(home)

    _sign_out(page, site)
    _password(page, site, person)
    page.get_by_label("Code").fill(first)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(home)

    page.goto(f"{_address(site)}/accounts/security/webauthn/")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name").fill("My old phone")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("My old phone")).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("No passkey yet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    _sign_out(page, site)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey did not let you in.")).to_be_visible()
    assert complaints == []


def test_whoever_does_not_confirm_is_told_what_to_do(opened: Callable[[ViewportSize], Opened], site: Site) -> None:
    page, session, device, _ = opened(PHONE)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{_address(site)}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Nothing was chosen, or it took too long.")).to_be_visible()


def test_a_browser_without_passkeys_says_so(opened: Callable[[ViewportSize], Opened], site: Site) -> None:
    page, *_ = opened(PHONE)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{_address(site)}/accounts/login/")

    expect(page.get_by_text("This browser has no passkeys")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_a_number_in_place_of_a_name_is_explained(opened: Callable[[ViewportSize], Opened], site: Site) -> None:
    page, *_ = opened(PHONE)
    page.goto(f"{site.address}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Passkeys do not work at this address.")).to_be_visible()
