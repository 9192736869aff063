"""Forms of the gallery: one of each kind of field, filled in wrongly on request."""

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = (
    ("plan_reviewed", _("Plan reviewed")),
    ("campaign", _("Campaign held")),
    ("training", _("Training completed")),
    ("reference", _("Reference given")),
)


class ReportForm(forms.Form):
    """The fields of an activity report."""

    kind = forms.ChoiceField(label=_("What did you do?"), choices=KINDS, widget=forms.RadioSelect)
    happened_on = forms.DateField(
        label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("What should we know?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    quantity = forms.DecimalField(
        label=_("How many?"), required=False, help_text=_("People, seats or hours, if it matters.")
    )
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("Up to 5 pictures or PDF files. You can add them later.")
    )


class EveryField(forms.Form):
    """Every kind of control."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the agreement."))
    mail = forms.EmailField(label=_("Mail address"), required=False)
    country = forms.ChoiceField(
        label=_("Country"), choices=(("", _("Choose one")), ("au", "Australia"), ("de", "Deutschland"))
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.FileField(label=_("Evidence"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)
    agreed = forms.BooleanField(label=_("Both sides may see this note"), required=False)


class SignInForm(forms.Form):
    """Mail address and password."""

    login = forms.EmailField(label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


def every_field_disabled() -> EveryField:
    """All controls switched off, with values in them."""
    form = EveryField(initial={"name": "Tarnwick Labs", "country": "au", "kind": "campaign"}, prefix="off")
    for field in form.fields.values():
        field.disabled = True
    return form
