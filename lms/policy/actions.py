"""Everything that can be done, named once: `<area>:<what>`."""

from enum import StrEnum


class Action(StrEnum):
    """An act that the table allows to somebody."""

    # the public
    PUBLIC_READ = "public:read"
    SIGN_IN = "account:sign-in"
    DEMO_SWITCH = "demo:switch-persona"
    VERIFY = "credential:verify"
    REPORT_DOUBT = "credential:report-doubt"

    # one's own account
    HOME = "home:view"
    ACCOUNT = "account:manage"
    SESSION_END = "session:end"

    # network
    NETWORK_VIEW = "network:view"
    COUNTRY_CREATE = "country:create"
    COUNTRY_EDIT = "country:edit"
    CENTRE_EDIT = "centre:edit"
    PARTNER_EDIT = "partner:edit"
    CONVENTION_EDIT = "convention:edit"

    # people
    PEOPLE_LIST = "people:list"
    PERSON_VIEW = "person:view"
    PERSON_EDIT = "person:edit"
    PERSON_INVITE = "person:invite"
    PERSON_CODE = "person:make-code"
    GRANT_CHANGE = "grant:change"

    # curriculum and learning
    RELEASE_LIST = "release:list"
    LEARN = "learning:do"
    LEARNING_VIEW = "learning:view"
    ATTEMPT_VIEW = "attempt:view"
    ATTEMPT_WORK = "attempt:work"

    # cohorts
    COHORT_LIST = "cohort:list"
    COHORT_VIEW = "cohort:view"
    COHORT_CREATE = "cohort:create"
    COHORT_EDIT = "cohort:edit"
    COHORT_ENROL = "cohort:enrol"
    COHORT_PROGRESS = "cohort:progress"
    ENROLMENT_VIEW = "enrolment:view"
    ENROLMENT_CHANGE = "enrolment:change"

    # fieldwork
    PRACTICE_VIEW = "practice:view"
    PRACTICE_QUEUE = "practice:queue"
    PRACTICE_SYNC = "practice:sync"
    PRACTICE_SETTLE = "practice:choose-version"
    PRACTICE_LATE = "practice:reassign"
    ABSENCE_LIST = "absence:list"
    ABSENCE_VIEW = "absence:view"
    ABSENCE_END = "absence:end"
    COMMENT_EDIT = "comment:edit"
    PLACEMENT_EDIT = "placement:edit"
    PLACEMENT_PROPOSE = "placement:propose"
    PRACTICE_CONFIRM = "practice:confirm"
    PRACTICE_ASK_HOST = "practice:ask-host"
    AGREEMENT_SIGN = "agreement:sign"
    AGREEMENT_COUNTERSIGN = "agreement:countersign"
    SHEET_PRINT = "sheet:print"
    SHEET_FILE = "sheet:file"
    ENTRY_CREATE = "entry:create"
    ENTRY_VIEW = "entry:view"
    ENTRY_READ_REFLECTION = "entry:read-reflection"
    ENTRY_EDIT = "entry:edit"
    ENTRY_DECIDE = "entry:decide"
    ENTRY_REVOKE = "entry:revoke"
    EVIDENCE_VIEW = "evidence:view"
    TEMPLATE_EDIT = "template:edit"
    COACHEE_EDIT = "coachee:edit"
    OBSERVATION_CREATE = "observation:create"
    OBSERVATION_VIEW = "observation:view"
    OBSERVATION_EDIT = "observation:edit"
    OBSERVATION_COUNTERSIGN = "observation:countersign"
    ATTESTATION_CREATE = "attestation:create"
    ATTESTATION_REVOKE = "attestation:revoke"
    SUPERVISION_PLAN = "supervision:plan"
    SUPERVISION_VIEW = "supervision:view"
    SUPERVISION_READ = "supervision:read-notes"
    SUPERVISION_READ_PRIVATE = "supervision:read-private"
    SUPERVISION_RUN = "supervision:run"
    SUPERVISION_CANCEL = "supervision:cancel"
    SUPERVISION_TICK = "supervision:tick"
    SUPERVISION_EVALUATE = "supervision:evaluate"
    SUPERVISION_RESULTS = "supervision:results"
    SUPERVISION_RESULTS_LIST = "supervision:list-results"

    # assessment
    LEDGER_VIEW = "ledger:view"
    CASES_LIST = "cases:list"
    DOSSIER_SUBMIT = "dossier:submit"
    DOSSIER_VIEW = "dossier:view"
    DOSSIER_ADMIT = "dossier:admit"
    DOSSIER_ASSIGN = "dossier:assign"
    DOSSIER_DECLARE = "dossier:declare-conflict"
    DOSSIER_SCORE = "dossier:score"
    DOSSIER_SIGN_LIGHT = "dossier:sign-light"
    DOSSIER_DELIBERATE = "dossier:deliberate"
    DOSSIER_RELEASE = "dossier:release"

    # credentials
    CERTIFICATE_HOLD = "certificate:hold"
    REGISTER_VIEW = "register:view"
    CERTIFICATE_VIEW = "certificate:view"
    CERTIFICATE_REVOKE = "certificate:revoke"
    DOUBTS_HANDLE = "doubts:handle"
    KEYS_VIEW = "keys:view"

    # insight
    AUDIT_LIST = "audit:list"
    CASE_TRACE = "case:trace"
    COUNTRY_PRACTICE = "country:practice"
    LOGBOOK_TAKE = "logbook:take-along"
    JOBS_VIEW = "jobs:view"
    OUTBOX_VIEW = "outbox:view"
    PERMISSIONS_VIEW = "permissions:view"
    HEALTH = "health:read"
