"""The same people and release as for corrections."""

from tests.curriculum.corrections.conftest import admin, browse, cohort, release, trainer

__all__ = ["admin", "browse", "cohort", "release", "trainer"]
