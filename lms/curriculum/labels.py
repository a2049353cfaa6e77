"""Words of the curriculum's enums and refusals."""

from flask_babel import lazy_gettext

from lms.core.labels import register, register_refusals
from lms.curriculum.corrections import labels as corrections
from lms.curriculum.difference import ChangedThing, ChangeKind
from lms.curriculum.exchange import labels as exchange
from lms.curriculum.rules import (
    Counting,
    DecisionProfile,
    Measure,
    ProgrammeStatus,
    QuestionKind,
    RequirementKind,
    Review,
    Unit,
)
from lms.curriculum.search import labels as search

__all__ = ["corrections", "exchange", "search"]

register(
    {
        QuestionKind.SINGLE: lazy_gettext("One answer"),
        QuestionKind.MULTIPLE: lazy_gettext("Several answers"),
        QuestionKind.ORDERING: lazy_gettext("Put in order"),
        QuestionKind.MATCHING: lazy_gettext("Match"),
        QuestionKind.SHORT: lazy_gettext("Short answer"),
        QuestionKind.SCENARIO: lazy_gettext("A situation in steps"),
        QuestionKind.OPEN: lazy_gettext("Answer in your own words"),
    }
)
register(
    {
        Counting.BEST: lazy_gettext("The best attempt counts"),
        Counting.LAST: lazy_gettext("The last attempt counts"),
    }
)
register(
    {
        Review.ALWAYS: lazy_gettext(
            "After each attempt you see why every answer is right or wrong"
        ),
        Review.PASSED: lazy_gettext("Once you have passed you see the right answers, and why"),
        Review.SCORE: lazy_gettext("You see your score; the right answers are not shown"),
    }
)
register(
    {
        RequirementKind.MODULES: lazy_gettext("Modules completed"),
        RequirementKind.EXAM: lazy_gettext("Final exam passed"),
        RequirementKind.PRACTICE_MINUTES: lazy_gettext("Approved practice"),
        RequirementKind.ACTIVITY: lazy_gettext("Approved activities"),
        RequirementKind.OBSERVATION: lazy_gettext("Countersigned observations"),
        RequirementKind.TRAINING_DAYS: lazy_gettext("Training attended"),
        RequirementKind.SUPERVISION: lazy_gettext("Supervision held"),
        RequirementKind.HOST_FEEDBACK: lazy_gettext("Feedback from hosts"),
        RequirementKind.ATTESTED: lazy_gettext("By attestation"),
    }
)
register(
    {
        Measure.TOTAL: lazy_gettext("Total time"),
        Measure.DIRECT: lazy_gettext("Time with the actors"),
    }
)
register(
    {
        Unit.MINUTES: lazy_gettext("Minutes"),
        Unit.DAYS: lazy_gettext("Days"),
        Unit.HALF_DAYS: lazy_gettext("Days"),
        Unit.COUNT: lazy_gettext("Number"),
    }
)
register(
    {
        DecisionProfile.LIGHT: lazy_gettext("Light procedure"),
        DecisionProfile.STANDARD: lazy_gettext("Standard procedure"),
        DecisionProfile.STRICT: lazy_gettext("Strict procedure"),
    }
)
register(
    {
        ProgrammeStatus.PROPOSED: lazy_gettext("Thresholds proposed"),
        ProgrammeStatus.ADOPTED: lazy_gettext("Thresholds adopted"),
    },
    {ProgrammeStatus.PROPOSED: "soft", ProgrammeStatus.ADOPTED: "ok"},
)
register(
    {
        ChangeKind.ADDED: lazy_gettext("New"),
        ChangeKind.REMOVED: lazy_gettext("Taken out"),
        ChangeKind.CHANGED: lazy_gettext("Changed"),
    },
    {ChangeKind.ADDED: "ok", ChangeKind.REMOVED: "bad", ChangeKind.CHANGED: "warn"},
)
register(
    {
        ChangedThing.PROGRAMME: lazy_gettext("Programme and rule of decision"),
        ChangedThing.REQUIREMENT: lazy_gettext("Requirements"),
        ChangedThing.MODULE: lazy_gettext("Modules"),
        ChangedThing.LESSON: lazy_gettext("Lessons"),
        ChangedThing.QUESTION: lazy_gettext("Questions"),
        ChangedThing.RUBRIC: lazy_gettext("Assessment grid"),
        ChangedThing.PRACTICUM: lazy_gettext("Lists of the practice entry"),
    }
)
register_refusals(
    {
        "faulty_content": lazy_gettext(
            "The content has faults to mend: %(number)s. Nothing is published."
        ),
        "folder_not_empty": lazy_gettext("The folder holds files already."),
        "release_without_files": lazy_gettext(
            "The files of this release were not kept: publish it from a folder again."
        ),
    }
)
