"""Rules of confirming: what may be confirmed, how long a way to do it stays open."""

from datetime import timedelta

from lms.fieldwork.rules import EntryState, LinkPurpose, Means

OPEN_FOR = {Means.QR: timedelta(hours=1), Means.LINK: timedelta(days=14)}
"""How long a code shown on the spot, or a link that was sent, waits for its answer."""

AGREEMENT_ON_THE_SPOT = timedelta(hours=4)
"""An agreement and a questionnaire are read at leisure, also when handed over in person."""

CONFIRMABLE = frozenset(
    {
        EntryState.DRAFT,
        EntryState.SUBMITTED,
        EntryState.NEEDS_INFO,
        EntryState.AMENDED,
        EntryState.APPROVED,
    }
)
"""States in which a host may confirm an entry. What the dossier holds fast stays as it is."""

STRENGTH = {Means.QR: 3, Means.PAPER: 2, Means.LINK: 1, Means.ACCOUNT: 0}
"""Which of several confirmations an entry shows: closest to the moment first."""


def lifetime(purpose: LinkPurpose, means: Means) -> timedelta:
    """For how long a link stays open."""
    if means is Means.QR and purpose is not LinkPurpose.ENTRY:
        return AGREEMENT_ON_THE_SPOT
    return OPEN_FOR[means]
