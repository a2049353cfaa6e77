"""Form of an attestation."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired

from lms.cohorts.fields import ChoiceField, ReasonField, WholeNumberField, required
from lms.core.forms import NewRecordForm
from lms.curriculum.rules import Unit
from lms.fieldwork.attestations.service import MAX_AMOUNT


class AmountField(WholeNumberField):
    """How much, in the unit of a requirement; of days, halves too."""

    in_halves: int | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, typed 2.5 or 2,5. Raises ValueError in words."""
        text = valuelist[0].strip() if valuelist else ""
        whole, _comma, rest = text.replace("\u066b", ".").replace(",", ".").partition(".")
        super().process_formdata([whole] if rest in {"", "0", "5"} else valuelist)
        if self.data is not None:
            self.in_halves = 2 * self.data + (rest == "5")
            self.data = None if rest == "5" else self.data

    def amount(self, unit: Unit) -> int | None:
        """What was typed, as the ledger counts it; None for what it cannot count."""
        return self.in_halves if unit is Unit.HALF_DAYS else self.data


class AttestationForm(NewRecordForm):
    """What is attested, how much, on which paper, why."""

    requirement = ChoiceField(
        lazy_gettext("Requirement"), [required(lazy_gettext("Choose the requirement."))]
    )
    amount = AmountField(lazy_gettext("Amount"), MAX_AMOUNT)
    file = FileField(
        lazy_gettext("Signed paper"),
        [FileRequired(lazy_gettext("Add the paper, or a photo of it."))],
    )
    reason = ReasonField(None, [required(lazy_gettext("Give the reason."))])
