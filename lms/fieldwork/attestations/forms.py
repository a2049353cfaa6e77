"""Form of an attestation."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired

from lms.cohorts.fields import ChoiceField, ReasonField, WholeNumberField, required
from lms.core.forms import NewRecordForm
from lms.fieldwork.attestations.service import MAX_AMOUNT


class AttestationForm(NewRecordForm):
    """What is attested, how much, on which paper, why."""

    requirement = ChoiceField(
        lazy_gettext("Requirement"), [required(lazy_gettext("Choose the requirement."))]
    )
    amount = WholeNumberField(lazy_gettext("Amount"), MAX_AMOUNT, least=1)
    file = FileField(
        lazy_gettext("Signed paper"),
        [FileRequired(lazy_gettext("Add the paper, or a photo of it."))],
    )
    reason = ReasonField(None, [required(lazy_gettext("Give the reason."))])
