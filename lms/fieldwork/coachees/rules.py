"""Pseudonyms: neutral ones to offer, and what looks as if it named somebody after all."""

import re
from collections.abc import Iterable
from enum import StrEnum

from lms.core.folding import fold

MET_ALONE = frozenset({"individual-interview", "individual-coaching"})
"""Families of activities in which one person is met alone."""
LONGEST = 40
MOST = 200
"""Pseudonyms of one trainee."""
FEWEST_DIGITS = 7
"""From this many digits on, a number may be somebody's telephone."""


class Doubt(StrEnum):
    """What a text seems to give away."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


_EMAIL = re.compile(r"\S@\S")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PARTICLES = "de du des la le les et el al ben bin ould von van d l a au aux"
_TITLES = """
mr mme mlle dr pr maître monsieur madame mademoiselle
السيد السيدة الأستاذ الأستاذة الدكتور الدكتورة الحاج الحاجة سيدي لالة ولد بنت بن ابن
"""
_GIVEN = """
Mohamed Mohammed Ahmed Ali Hassan Hussein Omar Youssef Khalid Rachid Said Karim Mustapha Abdellah
Ibrahim Brahim Driss Hamid Fatima Fatma Khadija Aïcha Aïssatou Amina Salma Zineb Naïma Latifa Samira
Hanane Malika Nadia Mariam Mariama Fatou Awa Aminata Coumba Ndèye Mamadou Moussa Ousmane Cheikh
Abdou Ibrahima Alioune Modou Jean Pierre Paul Marie Anne Sophie Claire Luc Michel Philippe Catherine
Nicolas David
محمد أحمد علي حسن حسين عمر يوسف خالد رشيد سعيد كريم مصطفى إبراهيم إدريس حميد فاطمة خديجة
عائشة أمينة سلمى زينب نعيمة لطيفة سميرة حنان مليكة نادية مريم
"""
"""Given names common where the programme is taught: not all of them, and it need not be."""


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


_SMALL, _TELLING = _folded(_PARTICLES), _folded(_TITLES) | _folded(_GIVEN)


def doubt_about(text: str) -> Doubt | None:
    """What a pseudonym seems to give away, or None. A guess: its author may know better."""
    if _EMAIL.search(text):
        return Doubt.EMAIL
    if len(_DIGIT.findall(text)) >= FEWEST_DIGITS:
        return Doubt.PHONE
    words = [word for word in _WORD.findall(text) if fold(word) not in _SMALL]
    known = {fold(word) for word in words}
    capitals = [word for word in words if word[0].isupper() and len(word) > 1]
    if known & _TELLING or (len(capitals) > 1 and len(capitals) == len(words)):
        return Doubt.NAME
    return None


def suggestion(taken: Iterable[str]) -> str:
    """The first of `P-01`, `P-02` … that is free."""
    used = {fold(each) for each in taken}
    number = 1
    while fold(f"P-{number:02d}") in used:
        number += 1
    return f"P-{number:02d}"
