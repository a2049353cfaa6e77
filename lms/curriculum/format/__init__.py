"""The content format: reading `course_content/` and saying what is wrong with it.

`read_folder` is the door: it returns the content and a list of `Fault`, and never raises.
"""

from lms.curriculum.format.faults import Fault
from lms.curriculum.format.reading import read_files, read_folder

__all__ = ["Fault", "read_files", "read_folder"]
