"""What the sample pages about signing in and second factors show."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from swingby.web.design.gallery import extremes
from swingby.web.design.gallery.forms import SignInForm
from swingby.web.people.factor_parts import DuePage, FactorPage, RoleLine
from swingby.web.people.held_parts import HeldPage
from swingby.web.people.provider_parts import ProviderPage, WayPage

_ADDED = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
_USED = datetime(2026, 3, 30, 8, 5, tzinfo=UTC)
_CODES = ("48213377", "90412280", "11837264", "77120934", "20935518", "60017234", "83920117", "55281930")
#: What a browser is asked; a sample, so that nothing can be signed with it.
_OPTIONS = {
    "publicKey": {"challenge": "AA", "rpId": "localhost", "allowCredentials": [{"type": "public-key", "id": "AA"}]}
}
#: What stands in the place of a secret.
_SAMPLE_WORDS = "AN EXAMPLE, NO SECRET"
_PICTURE = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><path d='M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h2v2H4zM6 6h2v2H6z'/></svg>"


class CodeForm(forms.Form):
    """A code of an app."""

    code = forms.CharField(label=_("Code"))


class NameForm(forms.Form):
    """The name of a passkey."""

    name = forms.CharField(label=_("Name"), help_text=_("Such as: my phone."))


class PasswordForm(forms.Form):
    """The password once more."""

    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)


def _key(name: str, *, number: int = 1, used: datetime | None = _USED) -> dict[str, Any]:
    return {"pk": number, "wrap": {"name": name}, "created_at": _ADDED, "last_used_at": used}


def sample_security(*, empty: bool = False) -> dict[str, Any]:
    """Everything set up, or nothing."""
    codes = {"get_unused_codes": _CODES}
    whole = {"webauthn": [{}, {}], "totp": {"instance": {}}, "recovery_codes": codes}
    return {"authenticators": {} if empty else whole}


def sample_passkeys(*, empty: bool = False, large: bool = False) -> dict[str, Any]:
    """Two passkeys; none; many with long names."""
    if large:
        return {"authenticators": [_key(extremes.LONG_NAME, number=number) for number in range(1, 13)]}
    keys = [_key("My phone"), _key("Security key in the drawer", number=2, used=None)]
    return {"authenticators": [] if empty else keys, "messages": ["The passkey is removed."] if empty else []}


def new_passkey(*, refused: bool = False) -> dict[str, Any]:
    """The form for one more."""
    form = NameForm(data={"name": ""}) if refused else NameForm(initial={"name": "Passkey"})
    return {"form": form, "js_data": {"creation_options": _OPTIONS}}


def passkey_name() -> dict[str, Any]:
    """Another name."""
    return {"form": NameForm(initial={"name": "My phone"})}


def passkey_to_remove() -> dict[str, Any]:
    """Before one goes."""
    return {"authenticator": _key("My phone")}


def passkey_again() -> dict[str, Any]:
    """Before something that only the person may do."""
    other = {"id": "reauthenticate", "url": "#"}
    return {"js_data": {"request_options": _OPTIONS}, "reauthentication_alternatives": [other]}


def password_again() -> dict[str, Any]:
    """The same by password, with the other ways."""
    others = [{"id": "mfa_reauthenticate", "url": "#"}, {"id": "mfa_reauthenticate:webauthn", "url": "#"}]
    return {"form": PasswordForm(), "reauthentication_alternatives": others}


def second_factor(*, refused: bool = False, app_only: bool = False) -> dict[str, Any]:
    """After the password."""
    form = CodeForm(data={"code": "000000"}) if refused else CodeForm()
    if refused:
        form.add_error("code", "Incorrect code.")
    if app_only:
        return {"form": form}
    return {"form": form, "js_data": {"request_options": _OPTIONS}, "webauthn_form": {"errors": refused}}


def recovery_codes(*, used: bool = False) -> dict[str, Any]:
    """Those that are left."""
    return {"unused_codes": () if used else _CODES, "can_download_codes": not used}


def app_to_set_up() -> dict[str, Any]:
    """The picture for the app."""
    form = CodeForm()
    form.secret = _SAMPLE_WORDS  # type: ignore[attr-defined]  # as the package's form has it
    return {"form": form, "totp_svg_data_uri": _PICTURE}


def way_in() -> dict[str, Any]:
    """The sign-in page of the application, with passkeys."""
    return {"form": SignInForm()}


def way(step: str) -> dict[str, Any]:
    """One step through an organization's provider."""
    page = WayPage(
        title="Sign in through your organization",
        lead="Write your mail address at work. You go on to where your organization signs you in.",
        step="ask",
        button="Go on",
    )
    if step == "none":
        problem = (
            "No organization here signs in through a provider for this mail domain. Use your password or a passkey."
        )
        page = replace(page, email="mei.chen@tarnwick.example", problem=problem)
    if step == "go":
        lead = "login.tarnwick.example asks you who you are and sends you back here."
        page = replace(page, step="", lead=lead, link="#", button="Go on to login.tarnwick.example")
    if step == "refused":
        page = WayPage(title="Not let in", lead="You do not work here yet. Ask your admin to invite you.")
    return {"page": page}


_PROVIDER = ProviderPage(
    url="#",
    users_url="/gallery/?page=users",
    callback="https://partners.harborline.example/accounts/provider/back/",
    is_connected=True,
    said={"issuer": "https://login.tarnwick.example", "client_id": "0oa1swingby", "domains": "tarnwick.example"},
    is_required=True,
    known=41,
)


def sample_provider(*, empty: bool = False, large: bool = False) -> dict[str, Any]:
    """A provider in use; none yet; long words and a mistake."""
    if empty:
        return {"page": replace(_PROVIDER, is_connected=False, said={}, is_required=False, known=0)}
    if large:
        long = {"issuer": f"https://{'a' * 60}.example/{'b' * 200}", "client_id": "c" * 300, "domains": "d" * 60}
        problem = f"Not yours as far as we know: {'d' * 60}. Somebody with an address there must have signed in here."
        return {"page": replace(_PROVIDER, said=long, problem=problem, known=12_345)}
    return {"page": _PROVIDER}


_ROLES = (
    RoleLine(value="partner_admin", label="Partner admin", people=2, protected=2, chosen=True),
    RoleLine(value="partner_manager", label="Partner manager", people=3, protected=1, chosen=True),
    RoleLine(value="partner_member", label="Partner member", people=41, protected=4, chosen=False),
    RoleLine(value="partner_finance", label="Partner finance", people=0, protected=0, chosen=False),
)


def sample_factor() -> dict[str, Any]:
    """Two roles need a second factor."""
    return {"page": FactorPage(url="#", users_url="/gallery/?page=users", lines=_ROLES)}


def factor_due() -> dict[str, Any]:
    """Somebody has to set one up before going on."""
    return {"page": DuePage(organization="Tarnwick Systems", passkey_url="#", app_url="#", sign_out="#")}


def kept_form(*, files: bool = False) -> dict[str, Any]:
    """A form that was sent after the session had ended; with files its text is long."""
    note = "We went through the plan of the second quarter with the buyer and her two engineers. "
    fields = (("kind", "plan_reviewed"), ("happened_on", "2026-03-12"), ("note", note * (6 if files else 1)))
    return {"page": HeldPage(back_url="#", had_files=files, fields=fields)}


PAGES = {
    "way-in": ("account/login.html", way_in),
    "security": ("mfa/index.html", sample_security),
    "security-empty": ("mfa/index.html", lambda: sample_security(empty=True)),
    "passkeys": ("mfa/webauthn/authenticator_list.html", sample_passkeys),
    "passkeys-empty": ("mfa/webauthn/authenticator_list.html", lambda: sample_passkeys(empty=True)),
    "passkeys-large": ("mfa/webauthn/authenticator_list.html", lambda: sample_passkeys(large=True)),
    "passkey-new": ("mfa/webauthn/add_form.html", new_passkey),
    "passkey-refused": ("mfa/webauthn/add_form.html", lambda: new_passkey(refused=True)),
    "passkey-name": ("mfa/webauthn/edit_form.html", passkey_name),
    "passkey-remove": ("mfa/webauthn/authenticator_confirm_delete.html", passkey_to_remove),
    "passkey-again": ("mfa/webauthn/reauthenticate.html", passkey_again),
    "password-again": ("account/reauthenticate.html", password_again),
    "second-factor": ("mfa/authenticate.html", second_factor),
    "second-factor-refused": ("mfa/authenticate.html", lambda: second_factor(refused=True)),
    "second-factor-app": ("mfa/authenticate.html", lambda: second_factor(app_only=True)),
    "recovery-codes": ("mfa/recovery_codes/index.html", recovery_codes),
    "recovery-codes-used": ("mfa/recovery_codes/index.html", lambda: recovery_codes(used=True)),
    "recovery-codes-new": ("mfa/recovery_codes/generate.html", dict),
    "way": ("people/way.html", lambda: way("ask")),
    "way-none": ("people/way.html", lambda: way("none")),
    "way-go": ("people/way.html", lambda: way("go")),
    "way-refused": ("people/way.html", lambda: way("refused")),
    "provider": ("people/provider.html", sample_provider),
    "provider-empty": ("people/provider.html", lambda: sample_provider(empty=True)),
    "provider-large": ("people/provider.html", lambda: sample_provider(large=True)),
    "factor": ("people/factor.html", sample_factor),
    "factor-due": ("people/second_factor.html", factor_due),
    "held": ("people/held.html", kept_form),
    "held-files": ("people/held.html", lambda: kept_form(files=True)),
    "app-new": ("mfa/totp/activate_form.html", app_to_set_up),
    "app-remove": ("mfa/totp/deactivate_form.html", dict),
}
