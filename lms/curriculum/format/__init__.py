"""The content format: reading `course_content/` and saying what is wrong with it.

`read_folder` is the door: it returns the content and a list of `Fault`, and never raises.
"""

from lms.curriculum import markdown
from lms.curriculum.format import toml
from lms.curriculum.format.faults import Fault
from lms.curriculum.format.reading import read_files, read_folder

__all__ = ["Fault", "forget", "read_files", "read_folder"]


def forget() -> None:
    """Read every text anew from now on; otherwise those that were read before are remembered."""
    for remembers in (markdown.render, markdown.outline, toml.read):
        remembers.cache_clear()
