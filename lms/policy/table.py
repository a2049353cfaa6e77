"""The whole answer to "who may do what": any row whose predicates all hold allows the act.

What is not listed is denied. Rows are read aloud as "or", predicates within a row as "and".
"""

from lms.policy.actions import Action
from lms.policy.predicates import (
    Predicate,
    admin_of_country,
    anyone,
    auditor,
    for_office,
    handed_in,
    invited,
    its_assessor,
    its_chair,
    its_juror,
    its_stand_in,
    its_supervisor,
    its_trainer,
    not_its_admin,
    not_own,
    of_cohort,
    only_trainee,
    open_to_team,
    own,
    programme_admin,
    published,
    signed_in,
    some_case_worker,
    some_country_admin,
    some_partner,
    some_supervisor,
    some_trainer,
    stands_in,
    supervisor_of_cohort,
    teaches_person,
    trainee_of_cohort,
    trainer_of_cohort,
    under_charter,
    was_there,
    within_reach,
)

Rows = list[list[Predicate]]

_OFFICE: Rows = [[admin_of_country], [programme_admin], [auditor]]
"""Who reads what belongs to a country."""

_OFFICE_ONCE_HANDED_IN: Rows = [[*row, handed_in] for row in _OFFICE]

POLICY: dict[Action, Rows] = {
    Action.PUBLIC_READ: [[anyone]],
    Action.SIGN_IN: [[anyone]],
    Action.DEMO_SWITCH: [[anyone]],
    Action.VERIFY: [[anyone]],
    Action.REPORT_DOUBT: [[anyone]],
    Action.HEALTH: [[anyone]],
    Action.HOME: [[signed_in]],
    Action.ACCOUNT: [[signed_in]],
    Action.SESSION_END: [[own]],
    # network
    Action.NETWORK_VIEW: [[signed_in]],
    Action.COUNTRY_CREATE: [[programme_admin]],
    Action.COUNTRY_EDIT: [[admin_of_country], [programme_admin]],
    Action.CENTRE_EDIT: [[admin_of_country], [programme_admin]],
    Action.PARTNER_EDIT: [[admin_of_country], [programme_admin]],
    Action.CONVENTION_EDIT: [[admin_of_country], [programme_admin]],
    # people
    Action.PEOPLE_LIST: [[some_country_admin], [programme_admin], [auditor]],
    Action.PERSON_VIEW: [*_OFFICE, [own], [teaches_person]],
    # who could take over an account must not gain by it: `within_reach`, `only_trainee`;
    # `some_trainer`, since a supervisor would approve the hours that they wrote as the trainee
    Action.PERSON_EDIT: [[admin_of_country, within_reach, not_own], [programme_admin, not_own]],
    Action.PERSON_INVITE: [[some_country_admin], [programme_admin]],
    Action.PERSON_CODE: [
        [admin_of_country, within_reach, not_own],
        [programme_admin, not_own],
        [teaches_person, some_trainer, only_trainee, not_own],
    ],
    Action.GRANT_CHANGE: [[admin_of_country, within_reach, not_own], [programme_admin, not_own]],
    # curriculum and learning
    Action.RELEASE_LIST: [[some_country_admin], [programme_admin], [auditor]],
    Action.RELEASE_PUBLISH: [[programme_admin]],
    Action.CONTENT_LIST: [[programme_admin], [some_trainer]],
    Action.CORRECTION_CREATE: [[programme_admin], [some_trainer]],
    Action.CORRECTION_LIST: [[programme_admin], [auditor], [some_trainer]],
    Action.CORRECTION_VIEW: [
        [programme_admin, handed_in],
        [auditor, handed_in],
        [own, programme_admin],
        [own, some_trainer],
    ],
    # what a trainer proposes an admin takes or leaves; the words stay its author's
    Action.CORRECTION_EDIT: [[own, programme_admin], [own, some_trainer]],
    Action.CORRECTION_DECIDE: [[programme_admin, handed_in]],
    Action.LEARN: [[own]],
    Action.NOTE_READ: [[own]],
    Action.LEARNING_VIEW: [*_OFFICE, [own], [trainer_of_cohort], [supervisor_of_cohort]],
    Action.ATTEMPT_VIEW: [*_OFFICE, [own], [trainer_of_cohort]],
    Action.ATTEMPT_WORK: [[own]],
    Action.ATTEMPT_MARK: [[trainer_of_cohort, not_own]],
    Action.OPEN_ANSWER_QUEUE: [[some_trainer]],
    # its reason is about somebody's health
    Action.EXTRA_TIME_GIVE: [[trainer_of_cohort, not_own], [admin_of_country, not_own]],
    Action.EXERCISE_VIEW: [*_OFFICE_ONCE_HANDED_IN, [own], [trainer_of_cohort, handed_in]],
    Action.EXERCISE_WORK: [[own]],
    Action.EXERCISE_MARK: [[trainer_of_cohort, not_own, handed_in]],
    Action.EXERCISE_QUEUE: [[some_trainer]],
    # a list of values has no action: nobody but its author ever asks for it
    Action.ACTIVITY_TAKE_PART: [[trainee_of_cohort]],
    Action.ACTIVITY_LEAD: [[trainer_of_cohort]],
    Action.ACTIVITY_LINE: [[own], [trainer_of_cohort]],
    # figures of questions, of people never: fewer than five are not shown
    Action.STATISTICS_VIEW: [
        [some_country_admin],
        [programme_admin],
        [auditor],
        [some_trainer],
    ],
    Action.QUESTION_LIST: [[some_trainer]],
    # about a lesson, so nothing in it is confidential
    Action.QUESTION_VIEW: [*_OFFICE, [own], [of_cohort]],
    Action.QUESTION_ASK: [[own]],
    Action.QUESTION_ANSWER: [[of_cohort]],
    Action.QUESTION_EDIT: [[own]],
    Action.QUESTION_SETTLE: [[own], [trainer_of_cohort]],
    # cohorts
    Action.COHORT_LIST: [
        [some_country_admin],
        [programme_admin],
        [auditor],
        [some_trainer],
        [some_supervisor],
    ],
    Action.COHORT_VIEW: [
        *_OFFICE,
        [trainer_of_cohort],
        [supervisor_of_cohort],
        [trainee_of_cohort],
    ],
    Action.COHORT_CREATE: [[some_country_admin], [programme_admin]],
    Action.COHORT_EDIT: [[admin_of_country], [programme_admin]],
    Action.COHORT_ENROL: [[admin_of_country], [programme_admin]],
    Action.COHORT_PROGRESS: [*_OFFICE, [trainer_of_cohort], [supervisor_of_cohort]],
    Action.TRAINING_PLAN: [[trainer_of_cohort], [admin_of_country]],
    Action.TRAINING_VIEW: [
        *_OFFICE,
        [trainer_of_cohort],
        [supervisor_of_cohort],
        [trainee_of_cohort],
    ],
    Action.TRAINING_RUN: [[trainer_of_cohort], [admin_of_country]],
    Action.TRAINING_LIST: [*_OFFICE, [trainer_of_cohort], [supervisor_of_cohort]],
    # why somebody could not come is between them and those who keep the list
    Action.TRAINING_READ_REASON: [[own], [trainer_of_cohort], [admin_of_country]],
    Action.TRAINING_CORRECT: [[trainer_of_cohort, not_own], [admin_of_country, not_own]],
    Action.TRAINING_ANNOUNCE: [[trainee_of_cohort]],
    Action.ENROLMENT_VIEW: [*_OFFICE, [own], [trainer_of_cohort], [supervisor_of_cohort]],
    Action.ENROLMENT_CHANGE: [[admin_of_country, not_own], [programme_admin, not_own]],
    Action.ANNOUNCEMENT_VIEW: [
        [programme_admin, published],
        [auditor, published],
        [of_cohort, published],
        [trainer_of_cohort],
        [admin_of_country],
    ],
    Action.ANNOUNCEMENT_WRITE: [[trainer_of_cohort], [admin_of_country]],
    # what is said under the charter stays among those who have accepted it; an office reads the
    # one post that somebody of the cohort hands to it
    Action.CHARTER_ACCEPT: [[of_cohort]],
    Action.DISCUSSION_JOIN: [[of_cohort, under_charter]],
    Action.DISCUSSION_MODERATE: [[trainer_of_cohort, under_charter]],
    Action.DISCUSSION_MAIL: [[anyone]],
    Action.POST_EDIT: [[own, of_cohort, under_charter]],
    Action.POST_REPORT: [[of_cohort, under_charter, not_own]],
    Action.REPORT_LIST: [[some_trainer], [some_country_admin]],
    Action.REPORT_SETTLE: [
        [trainer_of_cohort, under_charter, not_own],
        [admin_of_country, for_office, not_own],
    ],
    # fieldwork
    Action.PRACTICE_VIEW: [*_OFFICE, [own], [trainer_of_cohort], [supervisor_of_cohort]],
    Action.PRACTICE_QUEUE: [[some_supervisor]],
    # what a device sends is guarded once more, each thing by the case it names
    Action.PRACTICE_SYNC: [[signed_in]],
    Action.PRACTICE_SETTLE: [[own]],
    Action.PRACTICE_LATE: [[some_country_admin], [programme_admin]],
    Action.ABSENCE_LIST: [[some_supervisor], [some_country_admin]],
    Action.ABSENCE_VIEW: [[own], [its_stand_in], [admin_of_country]],
    Action.ABSENCE_END: [[own], [admin_of_country]],
    Action.COMMENT_EDIT: [[own]],
    Action.PLACEMENT_PROPOSE: [[own], [admin_of_country], [programme_admin]],
    # an admin who is also a trainee does not choose their own supervisor
    Action.PLACEMENT_EDIT: [[admin_of_country, not_own], [programme_admin, not_own]],
    # hosts have no account: what they may answer is what their link is about
    Action.PRACTICE_CONFIRM: [[anyone]],
    Action.PRACTICE_ASK_HOST: [[own], [supervisor_of_cohort], [admin_of_country]],
    Action.AGREEMENT_SIGN: [[own]],
    Action.AGREEMENT_COUNTERSIGN: [[its_supervisor, not_own], [admin_of_country, not_own]],
    Action.SHEET_PRINT: [[own]],
    Action.SHEET_FILE: [[own], [supervisor_of_cohort], [admin_of_country]],
    Action.ENTRY_CREATE: [[own]],
    Action.ENTRY_VIEW: [
        *_OFFICE_ONCE_HANDED_IN,
        [own],
        [its_supervisor, handed_in],
        [stands_in, handed_in],
        [trainer_of_cohort, handed_in],
    ],
    Action.ENTRY_READ_REFLECTION: [[own], [its_supervisor, handed_in]],
    Action.ENTRY_EDIT: [[own]],
    # who stands in decides; the reflection stays between author and named supervisor
    Action.ENTRY_DECIDE: [
        [its_supervisor, not_own, handed_in],
        [stands_in, not_own, handed_in],
    ],
    Action.ENTRY_REVOKE: [
        [its_supervisor, not_own, handed_in],
        [admin_of_country, not_own, handed_in],
    ],
    # what is for the supervisor alone is not for a stand-in either, as with the reflection;
    # those who decide on the certificate open what is for them through the dossier
    Action.EVIDENCE_VIEW: [
        *[[*row, open_to_team] for row in _OFFICE_ONCE_HANDED_IN],
        [own],
        [its_supervisor, handed_in],
        [stands_in, handed_in, open_to_team],
        [trainer_of_cohort, handed_in, open_to_team],
    ],
    Action.TEMPLATE_EDIT: [[own]],
    Action.COACHEE_EDIT: [[own]],
    Action.OBSERVATION_CREATE: [[trainer_of_cohort, not_own]],
    Action.OBSERVATION_VIEW: [
        *_OFFICE_ONCE_HANDED_IN,
        [own, handed_in],
        [its_trainer],
        [trainer_of_cohort, handed_in],
        [supervisor_of_cohort, handed_in],
    ],
    Action.OBSERVATION_EDIT: [[its_trainer, not_own]],
    Action.OBSERVATION_COUNTERSIGN: [[own, handed_in]],
    Action.ATTESTATION_CREATE: [[admin_of_country, not_own]],
    Action.ATTESTATION_REVOKE: [[admin_of_country, not_own]],
    Action.SUPERVISION_PLAN: [[supervisor_of_cohort]],
    Action.SUPERVISION_VIEW: [
        *_OFFICE,
        [invited],
        [trainer_of_cohort],
        [supervisor_of_cohort],
    ],
    Action.SUPERVISION_READ: [[its_supervisor], [was_there]],
    Action.SUPERVISION_READ_PRIVATE: [[its_supervisor]],
    Action.SUPERVISION_RUN: [[its_supervisor]],
    # whoever planned it may have left the team
    Action.SUPERVISION_CANCEL: [[its_supervisor], [admin_of_country]],
    Action.SUPERVISION_TICK: [[own], [its_supervisor]],
    Action.SUPERVISION_EVALUATE: [[own]],
    Action.SUPERVISION_RESULTS: [[own], [admin_of_country], [programme_admin]],
    Action.SUPERVISION_RESULTS_LIST: [[some_country_admin], [programme_admin]],
    # assessment
    Action.LEDGER_VIEW: [*_OFFICE, [own], [trainer_of_cohort], [supervisor_of_cohort]],
    Action.CASES_LIST: [[some_country_admin], [programme_admin], [auditor], [some_case_worker]],
    Action.DOSSIER_SUBMIT: [[own]],
    Action.DOSSIER_VIEW: [*_OFFICE, [own], [its_assessor], [its_juror]],
    Action.DOSSIER_ADMIT: [[admin_of_country, not_own]],
    Action.DOSSIER_ASSIGN: [[programme_admin, not_own]],
    Action.DOSSIER_DECLARE: [[its_assessor, not_own], [its_juror, not_own]],
    Action.DOSSIER_SCORE: [[its_assessor, not_own, not_its_admin]],
    Action.DOSSIER_SIGN_LIGHT: [[its_assessor, not_own, not_its_admin]],
    Action.DOSSIER_DELIBERATE: [[its_chair, not_own, not_its_admin]],
    Action.DOSSIER_RELEASE: [[programme_admin, not_own]],
    # credentials
    Action.CERTIFICATE_HOLD: [[signed_in]],
    Action.REGISTER_VIEW: [[some_country_admin], [programme_admin], [auditor], [some_partner]],
    Action.CERTIFICATE_VIEW: [*_OFFICE, [own]],
    Action.CERTIFICATE_REVOKE: [[programme_admin, not_own]],
    Action.DOUBTS_HANDLE: [[programme_admin]],
    Action.KEYS_VIEW: [[programme_admin], [auditor]],
    # insight
    Action.AUDIT_LIST: [[programme_admin], [auditor], [some_country_admin]],
    Action.COUNTRY_PRACTICE: _OFFICE,
    # all entries at once, with what was done: a supervisor reads those that name them
    Action.LOGBOOK_TAKE: [*_OFFICE, [own], [trainer_of_cohort]],
    Action.CASE_TRACE: [
        [programme_admin, not_own],
        [auditor, not_own],
        [admin_of_country, not_own],
    ],
    Action.JOBS_VIEW: [[programme_admin]],
    Action.OUTBOX_VIEW: [[programme_admin]],
    Action.PERMISSIONS_VIEW: [[signed_in]],
}
