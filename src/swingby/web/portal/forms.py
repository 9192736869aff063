"""The forms of the partner's side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from swingby.web.clock import today
from swingby.web.domain.errors import RefusedError
from swingby.web.domain.evidence import check_evidence
from swingby.web.domain.queries.kinds import ReportableKind
from swingby.web.domain.reports import check_day
from swingby.web.models import Enrolment, Stake
from swingby.web.models.reports import new_report_key
from swingby.web.uploads import MOST_FILES

#: Whoever chooses reads at once what is left for it; nothing else of the form is sent.
ASKS_WHAT_IS_LEFT = {
    "hx-get": "",
    "hx-trigger": "change",
    "hx-include": "[name=kind],[name=happened_on]",
    "hx-select": "#left",
    "hx-target": "#left",
    "hx-swap": "outerHTML",
    # The answer to an earlier choice must not come in after that to a later one.
    "hx-sync": "closest form:queue last",
}


class DayInput(forms.DateInput):
    """The browser's own day picker, which a phone opens full size."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"max": today().isoformat(), **ASKS_WHAT_IS_LEFT})


#: As the settings say when the server starts.
MOST_MEGABYTES = settings.SWINGBY_MOST_EVIDENCE // 1_000_000


class FilesInput(forms.ClearableFileInput):
    """Several files at once; a phone offers its camera and its pictures."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/*,application/pdf", "multiple": True})


class ManyFiles(forms.FileField):
    """Some files, or none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Every file that was sent, checked by what it holds."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(ManyFiles, self).clean(each, initial) for each in sent if each]
        try:
            check_evidence(files)
        except RefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return files


class ReportForm(forms.Form):
    """What was done, and when: few enough lines for a phone."""

    kind = forms.ChoiceField(label="What did you do?")
    happened_on = forms.DateField(label="When?", initial=today, widget=DayInput, input_formats=["%Y-%m-%d"])
    details = forms.CharField(
        label="What should we know?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shared with your partner success manager.",
    )

    quantity = forms.DecimalField(
        label="How many?",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text="People, seats or hours, if it matters.",
    )
    evidence = ManyFiles(
        label="Evidence",
        required=False,
        help_text=f"Up to {MOST_FILES} pictures or PDF files, each up to {MOST_MEGABYTES} MB. You can add them later.",
    )

    #: One for each form that is shown: sent twice, it is one report.
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        enrolment: Enrolment,
        kinds: Sequence[ReportableKind],
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.enrolment = enrolment
        choices = [("", "Choose an activity"), *((row.kind, row.label) for row in kinds)]
        chooser = forms.Select(attrs=ASKS_WHAT_IS_LEFT)
        self.fields["kind"] = forms.ChoiceField(label="What did you do?", choices=choices, widget=chooser)

    def clean_happened_on(self) -> date:
        """Refuse a day on which nothing can be reported."""
        day: date = self.cleaned_data["happened_on"]
        try:
            check_day(day, enrolment=self.enrolment)
        except RefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return day

    def said(self) -> dict[str, Any]:
        """What was said in the form, without its key."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "evidence")}
        return {**said, "files": self.cleaned_data["evidence"]}

    def report_key(self) -> str:
        """The key of the report that this form makes."""
        sent = self.cleaned_data["key"]
        return sent.hex if sent else new_report_key()


class StakeForm(forms.Form):
    """Who answers for a program, and what it is worth and costs; an amount that is left empty is not known."""

    person = forms.ChoiceField(label="Who answers for it?", required=False)
    worth = forms.DecimalField(
        label="Worth in twelve months",
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text="Margin, discounts, funds and deals that the tier brings. Leave it empty if nobody knows.",
    )
    cost = forms.DecimalField(
        label="Cost in twelve months",
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        help_text="Fees, exams and the hours that people learn. Leave it empty if nobody knows.",
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label="Currency",
        required=False,
        error_messages={"invalid": "Write the three letters of the currency, such as USD."},
    )
    note = forms.CharField(
        label="Where these figures come from", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, before: Stake | None, people: Mapping[str, str]) -> None:
        names = ("worth", "cost", "currency", "note")
        said = {name: getattr(before, name) for name in names} | {"person": before.person_id} if before else {}
        super().__init__(data, initial=said)
        choices = [("", "Nobody yet"), *people.items()]
        self.fields["person"] = forms.ChoiceField(label="Who answers for it?", required=False, choices=choices)
        self.order_fields(("person", *names))

    def clean(self) -> dict[str, Any]:
        """An amount needs its currency."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("currency") and (said.get("worth") is not None or said.get("cost") is not None):
            self.add_error("currency", "Say the currency of the amounts, such as USD.")
        return said
