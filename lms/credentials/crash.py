"""Named places where a worker may die: silent in service, deadly in the kill tests.

A test sets `hook` in a child process to kill it at one of the places, then looks at what is left.
"""

from collections.abc import Callable

POINTS = (
    "before-reserve",
    "number-taken",
    "reserved",
    "payload-written",
    "stored",
    "signed-in-memory",
    "signature-written",
    "signed",
    "issue-written",
    "issued",
    "pdf-made",
    "pdf-kept",
    "print-written",
    "printed",
    "list-signed-in-memory",
    "list-written",
)

hook: Callable[[str], None] | None = None


def point(name: str) -> None:
    """We are here. Nothing happens unless a test wants it."""
    if hook is not None:
        hook(name)
