"""Where to go on: after what was done last, be it reading or keeping a place. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.curriculum.rules import Module
from lms.learning.rules import Done, ModuleState, Step, module_state, resume

NOTE_LIMIT = 10_000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is kept at one lesson."""

    lesson: str
    """Its id, `<module>/<lesson>`."""
    bookmarked_at: datetime | None = None
    noted_at: datetime | None = None
    note: str = ""
    """Only where it was asked for."""
    version: int = 0

    @property
    def at(self) -> datetime | None:
        """When something was kept here last."""
        return max((at for at in (self.bookmarked_at, self.noted_at) if at), default=None)


def resume_after(
    modules: Sequence[Module],
    done: Done,
    last_read: tuple[str, datetime] | None,
    marks: Iterable[Mark],
) -> Step | None:
    """The lesson marked last, if that came after the last one read and it is still unread.

    Else what follows the last one read: opening a page changes nothing, so it says nothing.
    """
    kept = [(mark.at, mark.lesson) for mark in marks if mark.at]
    if kept:
        at, lesson = max(kept)
        if lesson not in done.read and (last_read is None or at > last_read[1]):
            step = _open_place(modules, done, lesson)
            if step is not None:
                return step
    return resume(modules, done, last_read[0] if last_read else None)


def _open_place(modules: Sequence[Module], done: Done, lesson: str) -> Step | None:
    for module in modules:
        if lesson in module.lessons:
            state = module_state(module, modules, done)
            if state in {ModuleState.READY, ModuleState.STARTED}:
                return Step(module.slug, lesson.rpartition("/")[2])
    return None
