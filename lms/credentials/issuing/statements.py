"""What a certificate states in each language: what it attests and allows, and on what it rests."""

from collections.abc import Mapping
from datetime import date

from babel import Locale
from babel.numbers import format_decimal

from lms.credentials.facts import Words
from lms.credentials.wording import printed_date
from lms.curriculum.rules import Programme, Requirement, Unit

_ATTESTS: Words = {
    "fr": "« {title} » : parcours suivi, toutes ses exigences satisfaites.",
    "en": "“{title}”: programme completed, all its requirements met.",
    "ar": "«{title}»: تم إتمام المسار واستيفاء جميع متطلباته.",
}

_ALLOWS: Mapping[str, Words] = {
    "coach": {
        "fr": "Permet de concevoir et de conduire des missions de coaching territorial "
        "auprès des collectivités et de leurs acteurs.",
        "en": "Entitles the holder to design and lead territorial coaching assignments "
        "with local authorities and their actors.",
        "ar": "تخوّل إعداد مهام التدريب الترابي وقيادتها لفائدة الجماعات الترابية وفاعليها.",
    },
    "facilitator": {
        "fr": "Permet d’animer entretiens et ateliers et de contribuer à un diagnostic partagé, "
        "aux côtés d’une ou d’un coach.",
        "en": "Entitles the holder to lead interviews and workshops and to contribute to a shared "
        "diagnosis, alongside a coach.",
        "ar": "تخوّل تنشيط المقابلات والورشات والإسهام في التشخيص التشاركي إلى جانب مدرب ترابي.",
    },
}

_SIGNATORIES: Mapping[str, Words] = {
    "assessor": {"fr": "Évaluation", "en": "Assessor", "ar": "التقييم"},
}

_PLACES: Mapping[str, str] = {
    "Oujda": "وجدة",
    "Rabat": "الرباط",
    "Kaolack": "كاولاك",
    "Dakar": "داكار",
    "Bruxelles": "بروكسيل",
    "Nador": "الناظور",
    "Berkane": "بركان",
}
"""Towns that our documents name, in Arabic; others stand as they were typed."""

_EXONYMS: Mapping[str, str] = {"Bruxelles": "Brussels"}

_MINUTES_AN_HOUR = 60


def attests(programme: Programme) -> Words:
    """What the award attests."""
    return {
        language: text.format(title=programme.title[language])
        for language, text in _ATTESTS.items()
        if programme.title.get(language)
    }


def allows(slug: str) -> Words:
    """What the holder may do; empty for a programme of which nothing was said."""
    return _ALLOWS.get(slug, {})


def signatory(role: str) -> Words:
    """Role under the first signature; empty: the chair of the jury."""
    return _SIGNATORIES.get(role, {})


def place(name: str) -> Words:
    """A town in each language, as far as we know it."""
    if not name:
        return {}
    return {"fr": name, "en": _EXONYMS.get(name, name), "ar": _PLACES.get(name, name)}


def centre(name: str, city: str) -> Words:
    """A centre in each language: ours are centres of excellence; others keep their own name."""
    if not name.replace("'", "’").startswith("Centre d’excellence"):
        return {"fr": name}
    town = place(city)
    return {
        "fr": name,
        "en": f"Centre of excellence, {town['en']}" if town else name,
        "ar": f"مركز الامتياز، {town['ar']}" if town else name,
    }


def title(award: Words) -> Words:
    """The award's name with room around the stroke: `Coach territorial / Coach territoriale`."""
    return {language: " / ".join(text.split("/")) for language, text in award.items()}


def criteria(programme: Programme) -> Words:
    """The programme's requirements, one a line."""
    return {
        language: "\n".join(
            _requirement(requirement, programme, language) for requirement in programme.requirements
        )
        for language in programme.languages
    }


def _requirement(requirement: Requirement, programme: Programme, language: str) -> str:
    needed = requirement.needed or len(programme.written)
    colon = " : " if language == "fr" else ": "
    amount = str(needed)
    if requirement.unit is Unit.MINUTES:
        amount = hours(needed, language)
    elif requirement.unit is Unit.HALF_DAYS:
        amount = format_decimal(needed / 2, locale=language)
    return f"{requirement.title[language]}{colon}{amount}"


def hours(minutes: int, language: str) -> str:
    """A number of whole hours in words: `152 heures`."""
    return counted(minutes // _MINUTES_AN_HOUR, "hour", language)


_NOUNS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("hour", "fr"): {"one": "{n} heure", "other": "{n} heures"},
    ("hour", "en"): {"one": "{n} hour", "other": "{n} hours"},
    ("hour", "ar"): {
        "one": "ساعة واحدة",
        "two": "ساعتان",
        "few": "{n} ساعات",
        "other": "{n} ساعة",
    },
    ("observation", "fr"): {"one": "{n} observation", "other": "{n} observations"},
    ("observation", "en"): {"one": "{n} observation", "other": "{n} observations"},
    ("observation", "ar"): {
        "one": "ملاحظة واحدة",
        "two": "ملاحظتان",
        "few": "{n} ملاحظات",
        "other": "{n} ملاحظة",
    },
}


def counted(number: int, noun: str, language: str) -> str:
    """A number with its noun, in the plural that the language asks for (CLDR plural rules)."""
    forms = _NOUNS[noun, language]
    form = Locale(language).plural_form(number)
    return forms.get(form, forms["other"]).format(n=number)


_PRACTICE: Words = {
    "fr": "{hours} de pratique approuvée",
    "en": "{hours} of approved practice",
    "ar": "{hours} من الممارسة المصادق عليها",
}
_FIELD: Words = {
    "fr": "{observations} sur le terrain",
    "en": "{observations} in the field",
    "ar": "{observations} في الميدان",
}
_JURY: Words = {"fr": "jury du {date}", "en": "jury of {date}", "ar": "مداولات {date}"}


def basis(
    minutes: int, observations: int, jury_on: date | None, country_code: str
) -> dict[str, str]:
    """One printed line on what the award rests: `152 heures … · 2 observations … · jury du …`."""
    lines = {}
    for language in _PRACTICE:
        parts = []
        if minutes >= _MINUTES_AN_HOUR:
            parts.append(_PRACTICE[language].format(hours=hours(minutes, language)))
        if observations:
            seen = counted(observations, "observation", language)
            parts.append(_FIELD[language].format(observations=seen))
        if jury_on:
            day = printed_date(jury_on, language, country_code)
            parts.append(_JURY[language].format(date=day))
        if parts:
            lines[language] = " · ".join(parts)
    return lines
