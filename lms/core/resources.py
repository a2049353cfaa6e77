"""Where templates, migrations and course content lie, in a checkout and in an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def resource_root() -> Path:
    """Folder that holds `templates`, `migrations` and `course_content`."""
    bundled = PACKAGE / "_data"
    return bundled if bundled.is_dir() else PACKAGE.parent
