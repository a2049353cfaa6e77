"""Who may do what, said by hand from the design (domain, decisions, trust): a line an action."""

from lms.policy.actions import Action

CASE = (
    "case entry, case observation, case training, case supervision, case feedback, case evidence, "
    "case attestation, case report"
)
TABLE = f"""
public:read              | nothing                | anyone
account:sign-in          | nothing                | anyone
demo:switch-persona      | nothing                | anyone
credential:verify        | nothing                | anyone
credential:report-doubt  | nothing                | anyone
health:read              | nothing                | anyone
home:view                | nothing                | signed in
account:manage           | nothing                | signed in
session:end              | session                | owner

network:view             | nothing, country, centre, partner, convention | signed in
country:create           | nothing                | programme admin
country:edit             | country                | official
centre:edit              | centre, country        | official
partner:edit             | partner, country       | official
convention:edit          | convention, country    | official

people:list              | nothing                | some country admin / programme admin / auditor
person:view              | person                 | office / owner / who trains or supervises them
person:edit              | person                 | its admin & of limited reach & not owner / programme admin & not owner
person:invite            | nothing                | some country admin / programme admin
person:make-code         | person                 | its admin & of limited reach & not owner / programme admin & not owner / who trains or supervises them & some trainer & only a trainee & not owner
grant:change             | person                 | its admin & of limited reach & not owner / programme admin & not owner

statistics:view          | nothing                | some country admin / programme admin / auditor / some trainer
release:list             | nothing                | some country admin / programme admin / auditor
release:publish          | nothing                | programme admin
content:list             | nothing                | programme admin / some trainer
correction:create        | nothing                | programme admin / some trainer
correction:list          | nothing                | programme admin / auditor / some trainer
correction:view          | correction             | programme admin & handed in / auditor & handed in / owner & programme admin / owner & some trainer
correction:edit          | correction             | owner & programme admin / owner & some trainer
correction:decide        | correction             | programme admin & handed in
learning:do              | enrolment              | owner
learning:view            | enrolment              | office / owner / its trainer / its supervisors
note:read                | mark                   | owner
attempt:view             | attempt                | office / owner / its trainer
attempt:work             | attempt                | owner
attempt:mark             | attempt                | its trainer & not owner
open-answer:list         | nothing                | some trainer
extra-time:give          | enrolment, extra time  | its trainer & not owner / its admin & not owner

exercise:view            | work, work file        | office & handed in / owner / its trainer & handed in
exercise:take-back       | work                   | owner
exercise:mark            | work                   | its trainer & not owner & handed in
exercise:queue           | nothing                | some trainer
activity:take-part       | cohort                 | its trainees
activity:lead            | cohort                 | its trainer
activity:remove-line     | line                   | owner / its trainer

question:list            | nothing                | some trainer
question:view            | question, lesson reply | office / owner / of its cohort
question:ask             | enrolment              | owner
question:answer          | question               | of its cohort
question:edit            | question, lesson reply | owner
question:settle          | question, lesson reply | owner / its trainer

announcement:view        | announcement           | its trainer / its admin / of its cohort & handed in / programme admin & handed in / auditor & handed in
announcement:write       | cohort, announcement   | its trainer / its admin
charter:accept           | cohort                 | of its cohort
discussion:take-part     | room, thread, post     | of its cohort & under its charter
discussion:moderate      | room, thread, post     | its trainer & under its charter
discussion:stop-mail     | nothing                | anyone
post:edit                | post                   | owner & of its cohort & under its charter
post:report              | post                   | of its cohort & under its charter & not owner
report:list              | nothing                | some trainer / some country admin
report:settle            | post report            | its trainer & under its charter & not owner / its admin & for the office & not owner

cohort:list              | nothing                | some country admin / programme admin / auditor / some trainer / some supervisor
cohort:view              | cohort                 | office / its trainer / its supervisors / its trainees
cohort:create            | nothing                | some country admin / programme admin
cohort:edit              | cohort                 | official
cohort:enrol             | cohort                 | official
cohort:progress          | cohort                 | office / its trainer / its supervisors
training:plan            | cohort                 | its trainer / its admin
training:view            | training, training material, training scan | office / its trainer / its supervisors / its trainees
training:run             | training, training material | its trainer / its admin
training:read-list       | training, training scan | office / its trainer / its supervisors
training:read-reasons    | attendance             | owner / its trainer / its admin
training:correct         | attendance             | its trainer & not owner / its admin & not owner
training:announce-absence | training              | its trainees
enrolment:view           | enrolment              | office / owner / its trainer / its supervisors
enrolment:change         | enrolment              | official & not owner

practice:view            | enrolment, placement, attestation, host feedback, host signature | office / owner / its trainer / its supervisors
practice:queue           | nothing                | some supervisor
practice:sync            | nothing                | signed in
practice:choose-version  | synced                 | owner
practice:reassign        | nothing                | some country admin / programme admin
absence:list             | nothing                | some supervisor / some country admin
absence:view             | absence                | owner / named stand-in / its admin
absence:end              | absence                | owner / its admin
comment:edit             | comment                | owner
placement:propose        | enrolment              | owner / official
placement:edit           | placement              | official & not owner
practice:confirm         | nothing                | anyone
practice:ask-host        | placement, host link   | owner / its supervisors / its admin
agreement:sign           | placement              | owner
agreement:countersign    | placement              | named supervisor & not owner / its admin & not owner
sheet:print              | enrolment, sheet       | owner
sheet:file               | enrolment, sheet       | owner / its supervisors / its admin
entry:create             | enrolment              | owner
entry:view               | entry                  | owner / named supervisor & handed in / stand-in & handed in / its trainer & handed in / office & handed in
entry:read-reflection    | entry                  | owner / named supervisor & handed in
entry:edit               | entry                  | owner
entry:decide             | entry                  | named supervisor & not owner & handed in / stand-in & not owner & handed in
entry:revoke             | entry                  | named supervisor & not owner & handed in / its admin & not owner & handed in
evidence:view            | evidence               | owner / named supervisor & handed in / stand-in & handed in & for the team / its trainer & handed in & for the team / office & handed in & for the team
template:edit            | template               | owner
coachee:edit             | coachee                | owner
observation:create       | enrolment              | its trainer & not owner
observation:view         | observation            | author / owner & handed in / its trainer & handed in / its supervisors & handed in / office & handed in
observation:edit         | observation            | author & not owner
observation:countersign  | observation            | owner & handed in
attestation:create       | enrolment              | its admin & not owner
attestation:revoke       | attestation            | its admin & not owner

supervision:plan         | cohort                 | its supervisors
supervision:view         | supervision            | office / invited / its trainer / its supervisors
supervision:read-notes   | supervision            | named supervisor / there
supervision:read-private | supervision            | named supervisor
supervision:run          | supervision            | named supervisor
supervision:cancel       | supervision            | named supervisor / its admin
supervision:tick         | agreed                 | owner / named supervisor
supervision:evaluate     | enrolment              | owner
supervision:results      | person                 | owner / its admin / programme admin
supervision:list-results | nothing                | some country admin / programme admin

ledger:view              | enrolment, ledger training, ledger supervision, ledger feedback | office / owner / its trainer / its supervisors
cases:list               | nothing                | some country admin / programme admin / auditor / some assessor / some juror
dossier:submit           | enrolment, dossier     | owner
dossier:view             | dossier, {CASE}        | office / owner / assessor of the case / juror of the case
dossier:admit            | dossier                | its admin & not owner
dossier:assign           | dossier                | programme admin & not owner
dossier:declare-conflict | dossier                | assessor of the case & not owner / juror of the case & not owner
dossier:score            | dossier                | assessor of the case & not owner & not official
dossier:sign-light       | dossier                | assessor of the case & not owner & not official
dossier:deliberate       | dossier                | chair of the case & not owner & not official
dossier:release          | dossier                | programme admin & not owner

certificate:hold         | nothing                | signed in
register:view            | nothing                | some country admin / programme admin / auditor / some partner
certificate:view         | certificate            | office / owner
certificate:revoke       | certificate            | programme admin & not owner
doubts:handle            | nothing, doubt         | programme admin
keys:view                | nothing                | programme admin / auditor

audit:list               | nothing                | some country admin / programme admin / auditor
case:trace               | enrolment              | its admin & not owner / programme admin & not owner / auditor & not owner
country:practice         | country                | office
logbook:take-along       | enrolment              | office / owner / its trainer
jobs:view                | nothing, job           | programme admin
outbox:view              | nothing, message       | programme admin
permissions:view         | nothing                | signed in
"""  # noqa: E501 - one row an action, one line a row
"""Action | the things that it is asked about | who may: `/` between alternatives, `&` within."""


def rows() -> dict[Action, tuple[list[str], str]]:
    found: dict[Action, tuple[list[str], str]] = {}
    for line in filter(None, map(str.strip, TABLE.splitlines())):
        name, kinds, words = (cell.strip() for cell in line.split("|"))
        assert Action(name) not in found, f"{name} has two rows"
        found[Action(name)] = ([kind.strip() for kind in kinds.split(",")], words.replace("/", "|"))
    return found


ROWS = rows()
