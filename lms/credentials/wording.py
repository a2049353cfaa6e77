"""The words printed on a certificate, in each language: a legal text, so it stands in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale

from lms.core.i18n import in_words


@dataclass(frozen=True)
class PrintedWords:
    """One language's wording; `{…}` is filled with what the certificate says."""

    heading: str
    attests: str
    receives: str
    made: str
    valid_until: str
    no_expiry: str
    legacy: str
    chair: str
    direction: str
    stamp: str
    scan: str
    code: str
    number: str
    specimen: str
    """Small notice on a demonstration's certificate, beside the word SPECIMEN."""
    attachment: str


WORDS: Mapping[str, PrintedWords] = {
    "fr": PrintedWords(
        heading="Certificat",
        attests="atteste que",
        receives="a satisfait aux exigences du parcours et reçoit le titre de",
        made="Fait à {place}, le {date}",
        valid_until="Valable jusqu’au {date}",
        no_expiry="Sans limite de durée",
        legacy="Titre antérieur au registre : consigné, non évalué par nous.",
        chair="Présidence du jury",
        direction="Direction du programme",
        stamp="Cachet",
        scan="Scannez pour vérifier, ou saisissez le code sur",
        code="Code",
        number="N°",
        specimen="Certificat de démonstration, sans valeur : personnes et faits imaginaires.",
        attachment="Titre numérique signé (Open Badges 3.0)",
    ),
    "en": PrintedWords(
        heading="Certificate",
        attests="certifies that",
        receives="has met the requirements of the programme and is awarded the title of",
        made="Done at {place}, {date}",
        valid_until="Valid until {date}",
        no_expiry="Without time limit",
        legacy="Awarded before this register existed: recorded, not assessed here.",
        chair="Chair of the jury",
        direction="Programme direction",
        stamp="Stamp",
        scan="Scan to verify, or type the code at",
        code="Code",
        number="No.",
        specimen="Demonstration certificate, of no value: people and facts are imaginary.",
        attachment="Signed digital credential (Open Badges 3.0)",
    ),
    "ar": PrintedWords(
        heading="شهادة",
        attests="تمنح هذه الشهادة إلى",
        receives="بعد استيفاء متطلبات مسار التكوين، وهي تخوّل حمل لقب",
        made="حُرِّر في {place} بتاريخ {date}",
        valid_until="صالحة إلى غاية {date}",
        no_expiry="صالحة دون أجل محدد",
        legacy="لقب مُنح قبل إنشاء هذا السجل: مُدوَّن ولم يُقيَّم لدينا.",
        chair="رئاسة لجنة المداولات",
        direction="إدارة البرنامج",
        stamp="الختم",
        scan="للتحقق: امسحوا الرمز المربع، أو أدخلوا الرمز في",
        code="الرمز",
        number="رقم",
        specimen="شهادة للعرض فقط ولا قيمة لها: الأشخاص والوقائع من الخيال.",
        attachment="وثيقة رقمية موقعة (Open Badges 3.0)",
    ),
}


def printed_date(day: date, language: str, country_code: str) -> str:
    """A date in words, with the month names of the country: نونبر in Morocco, نوفمبر elsewhere."""
    territory = "MA" if (language, country_code) == ("ar", "MA") else None
    locale = Locale(language, territory) if language == "ar" else Locale(language)
    return in_words(day, "d MMMM y", locale)
