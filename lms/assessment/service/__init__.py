"""What is done with a case, one function a use case; and what other rooms ask of it."""

from lms.assessment.service.cases import (
    award_of,
    dossier_of,
    find_dossier,
    frozen_ledger,
    number_waiting,
    release_of,
    shown_state,
    visible_to,
    waiting_for,
)
from lms.assessment.service.counting import ledger, ledgers
from lms.assessment.service.decisions import (
    deliberate,
    deliberation_of,
    release,
    sign_jury,
    sign_light,
)
from lms.assessment.service.dossiers import admit, give_back, prepare, submit, withdraw
from lms.assessment.service.panel import assign, declare, stand_down, take_off
from lms.assessment.service.pool import pool
from lms.assessment.service.sheets import hand_in, readable, save_sheet, sheet_of
from lms.assessment.service.standing import Seen, ahead_of, of_cohort, programme_at, today_of

__all__ = [
    "Seen",
    "admit",
    "ahead_of",
    "assign",
    "award_of",
    "declare",
    "deliberate",
    "deliberation_of",
    "dossier_of",
    "find_dossier",
    "frozen_ledger",
    "give_back",
    "hand_in",
    "ledger",
    "ledgers",
    "number_waiting",
    "of_cohort",
    "pool",
    "prepare",
    "programme_at",
    "readable",
    "release",
    "release_of",
    "save_sheet",
    "sheet_of",
    "shown_state",
    "sign_jury",
    "sign_light",
    "stand_down",
    "submit",
    "take_off",
    "today_of",
    "visible_to",
    "waiting_for",
    "withdraw",
]
