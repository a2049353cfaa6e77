"""The same people and release as for corrections."""

from tests.curriculum.corrections.conftest import admin, cohort, release, trainer

__all__ = ["admin", "cohort", "release", "trainer"]
