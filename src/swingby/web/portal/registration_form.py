"""The form in which a partner registers a deal; the gallery shows it too, and knows no tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms


class RegistrationForm(forms.Form):
    """Who the customer is and what was done there: few enough lines for a phone."""

    customer = forms.CharField(label="Customer", max_length=200, help_text="The firm that buys.")
    website = forms.CharField(
        label="Its website", required=False, max_length=300, help_text="Tells firms with the same name apart."
    )
    words = forms.CharField(
        label="What does it need, and what have you done there?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    products = forms.CharField(label="Products", required=False, max_length=200)
    amount = forms.DecimalField(label="Expected amount", required=False, min_value=0, max_digits=16, decimal_places=2)
    currency = forms.ChoiceField(label="Currency", required=False)
    closes_on = forms.DateField(
        label="Decision expected",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )
    field_order = ("customer", "words", "website", "products", "amount", "currency", "closes_on")
    #: One for each form that is shown: sent twice, it is one registration.
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, currencies: Sequence[str], **options: Any) -> None:
        super().__init__(data, **options)
        choices = [(currency, currency) for currency in currencies]
        self.fields["currency"] = forms.ChoiceField(label="Currency", required=False, choices=choices)

    def said(self) -> dict[str, Any]:
        """What was said in the form, without its key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}

    def registration_key(self) -> str:
        """The key of the registration that this form makes."""
        sent: UUID = self.cleaned_data["key"] or uuid4()
        return sent.hex
