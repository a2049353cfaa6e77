"""The rows behind a frozen ledger, for those who judge: read only, never the reflection."""

from typing import Any

from flask import Response, render_template

from lms.assessment import service
from lms.assessment.models import Dossier
from lms.assessment.routes.area import bp
from lms.assessment.service import rows, sheets
from lms.core.db import db
from lms.core.sending import send_kept
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard


def _open(dossier: Dossier) -> dict[str, Any]:
    """What each of these pages shows of the case; not before the conflict is declared away."""
    sheets.require_declared(dossier, current_actor())
    release = service.release_of(db.session, dossier)
    return {
        "dossier": dossier,
        "release": release,
        "programme": sheets.programme_of(db.session, dossier),
    }


@bp.get("/assessment/dossiers/<uuid:dossier_id>/entries/<uuid:entry_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_entry)
def entry(row: rows.CaseEntry) -> str:
    """A practicum entry that the ledger counts."""
    context = _open(row.dossier)
    return render_template(
        "assessment/entry.html", entry=row.entry, evidence=row.evidence, **context
    )


@bp.get("/assessment/dossiers/<uuid:dossier_id>/observations/<uuid:observation_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_observation)
def observation(row: rows.CaseObservation) -> str:
    """An observation that the ledger counts."""
    context = _open(row.dossier)
    rubric = context["release"].rubric(row.observation.rubric)
    return render_template(
        "assessment/observation.html", observation=row.observation, rubric=rubric, **context
    )


@bp.get("/assessment/dossiers/<uuid:dossier_id>/supervision/<uuid:session_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_supervision)
def supervision(row: rows.CaseSupervision) -> str:
    """A supervision session that the ledger counts."""
    return render_template(
        "assessment/supervision.html",
        supervision=row.supervision,
        enrolment=row.dossier.enrolment,
        **_open(row.dossier),
    )


@bp.get("/assessment/dossiers/<uuid:dossier_id>/training/<uuid:session_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_training)
def training(row: rows.CaseTraining) -> str:
    """A training day that the ledger counts."""
    return render_template(
        "assessment/training.html",
        attendance=row.attendance,
        enrolment=row.dossier.enrolment,
        **_open(row.dossier),
    )


@bp.get("/assessment/dossiers/<uuid:dossier_id>/feedback/<uuid:feedback_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_feedback)
def feedback(row: rows.CaseFeedback) -> str:
    """A host's feedback that the ledger counts."""
    return render_template(
        "assessment/feedback.html",
        feedback=row.feedback,
        enrolment=row.dossier.enrolment,
        **_open(row.dossier),
    )


@bp.get("/assessment/ledger/<uuid:enrolment_id>/supervision/<uuid:session_id>")
@guard(Action.LEDGER_VIEW, row=rows.find_ledger_supervision)
def ledger_supervision(row: rows.LedgerSupervision) -> str:
    """A supervision session behind a figure of the ledger: its facts, none of its notes."""
    return render_template(
        "assessment/supervision.html", supervision=row.supervision, enrolment=row.enrolment
    )


@bp.get("/assessment/ledger/<uuid:enrolment_id>/training/<uuid:session_id>")
@guard(Action.LEDGER_VIEW, row=rows.find_ledger_training)
def ledger_training(row: rows.LedgerTraining) -> str:
    """A training day behind a figure of the ledger."""
    return render_template(
        "assessment/training.html", attendance=row.attendance, enrolment=row.enrolment
    )


@bp.get("/assessment/ledger/<uuid:enrolment_id>/feedback/<uuid:feedback_id>")
@guard(Action.LEDGER_VIEW, row=rows.find_ledger_feedback)
def ledger_feedback(row: rows.LedgerFeedback) -> str:
    """A host's feedback behind a figure of the ledger: who gave it and when."""
    return render_template(
        "assessment/feedback.html", feedback=row.feedback, enrolment=row.enrolment
    )


@bp.get("/assessment/dossiers/<uuid:dossier_id>/evidence/<uuid:evidence_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_evidence)
def evidence(row: rows.CaseFile) -> Response:
    """A file of an entry."""
    return _send(row)


@bp.get("/assessment/dossiers/<uuid:dossier_id>/attestations/<uuid:attestation_id>")
@guard(Action.DOSSIER_VIEW, row=rows.find_attestation)
def attestation(row: rows.CaseAttestation) -> str:
    """An attestation that the ledger counts."""
    return render_template(
        "assessment/attestation.html", attestation=row.attestation, **_open(row.dossier)
    )


@bp.get("/assessment/dossiers/<uuid:dossier_id>/attestations/<uuid:attestation_id>/file")
@guard(Action.DOSSIER_VIEW, row=rows.find_attestation_file)
def attestation_file(row: rows.CaseFile) -> Response:
    """The paper behind an attestation."""
    return _send(row)


@bp.get("/assessment/dossiers/<uuid:dossier_id>/report")
@guard(Action.DOSSIER_VIEW, row=rows.find_report)
def report(row: rows.CaseFile) -> Response:
    """The trainee's report."""
    return _send(row)


def _send(row: rows.CaseFile) -> Response:
    sheets.require_declared(row.dossier, current_actor())
    return send_kept(row.file)
