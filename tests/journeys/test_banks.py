"""A trainer brings questions from Moodle, completes them on a phone and proposes them."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.core.db import db
from lms.curriculum.corrections.models import Correction
from lms.curriculum.corrections.rules import CorrectionKind, CorrectionState

pytestmark = pytest.mark.slow

LESSON = "/admin/content/c9-limits/01-financial-constraints"
TEXTS = {
    "fr": "::a::Qui décide ? {=Le groupe #Il y vit. ~Le coach #Non.}\n\n::b::Combien ? {#3:1}\n",
    "en": "::a::Who decides? {=The group #They live there. ~The coach #No.}\n",
}


def in_state(site, state):
    with site.app.app_context():
        query = select(Correction).where(
            Correction.kind == CorrectionKind.QUESTIONS, Correction.state == state
        )
        return len(db.session.scalars(query).unique().all())


@pytest.mark.parametrize("way", ["fr-phone", "ar-phone"])
def test_from_moodle_to_a_proposal(travel, demo_site, way):
    somebody = travel(way)
    page = somebody.become("trainer").page
    proposed = in_state(demo_site, CorrectionState.PROPOSED)

    somebody.open(LESSON)
    somebody.press("a[href$='/bank']")
    for language, text in TEXTS.items():
        file = {"name": "b.txt", "mimeType": "text/plain", "buffer": text.encode()}
        page.locator(f"[name=file-{language}]").set_input_files(file)
    somebody.press("form.form button[type=submit]")
    expect(page.locator("#report li")).to_have_count(1)

    somebody.press("main .notice a.button")
    words = {"text": "من يقرر؟", "feedback": "تعيش هناك.", "answers-0": "المجموعة"}
    words |= {"answers-1": "المدرب", "answers-1-feedback": "لا."}
    somebody.fill({f"{name}-ar": text for name, text in words.items()})
    somebody.press("form.form button[type=submit]:not([name])")
    somebody.press("form[action$='/propose'] button")
    assert in_state(demo_site, CorrectionState.PROPOSED) == proposed + 1
