"""Forms that bring files along: read and checked before anything is written."""

from uuid import UUID

from werkzeug.datastructures import FileStorage

from lms.core.errors import Refusal
from lms.core.files import Upload, accept
from lms.core.forms import Form


class FilesForm(Form):
    """Parent of forms with a field `files`, and `removed` for those that are taken away."""

    def uploads(self) -> list[Upload]:
        """The files, read and checked. Raises Refusal."""
        return [
            accept(each.stream, each.filename or "", sound=True)
            for each in self["files"].data or ()
            if each
        ]

    def checked_uploads(self) -> list[Upload] | None:
        """The files, when all that was sent can be kept; None when the form is shown again."""
        is_valid = self.validate_on_submit()
        try:
            uploads = self.uploads()
        except Refusal as refusal:
            self.refuse(refusal, self["files"])
            return None
        return uploads if is_valid else None

    def removed_ids(self) -> frozenset[UUID]:
        """Files to be taken away."""
        return frozenset(UUID(each) for each in self["removed"].data or ())

    @property
    def brought_files(self) -> bool:
        """Whether files came along: they cannot be shown again, and must be chosen anew."""
        return any(isinstance(each, FileStorage) and each for each in self["files"].data or ())
