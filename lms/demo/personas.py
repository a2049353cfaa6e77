"""The people one can be in the demonstration, by the local part of their address."""

from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

DOMAIN = "demo.example"


@dataclass(frozen=True)
class Persona:
    """One of them."""

    key: str
    label: LazyString
    country: str
    family: str
    given: str
    family_ar: str = ""
    given_ar: str = ""
    employer: str = ""
    language: str = "fr"

    @property
    def email(self) -> str:
        """Address to sign in with."""
        return f"{self.key}@{DOMAIN}"


PERSONAS = (
    Persona("trainee", lazy_gettext("Trainee"), "MA", "Bennani", "Salma", "بناني", "سلمى"),
    Persona("trainee.new", lazy_gettext("New trainee"), "BE", "Lambert", "Nicolas"),
    Persona(
        "facilitator", lazy_gettext("Certified facilitator"), "SN", "Ndiaye", "Awa", "انجاي", "أوا"
    ),
    Persona("trainer", lazy_gettext("Trainer"), "MA", "Alaoui", "Karima", "العلوي", "كريمة"),
    Persona(
        "supervisor", lazy_gettext("Supervisor"), "MA", "Rahmouni", "Driss", "الرحموني", "إدريس"
    ),
    Persona("assessor1", lazy_gettext("Assessor 1"), "SN", "Faye", "Léopold"),
    Persona("assessor2", lazy_gettext("Assessor 2"), "BE", "Claes", "Sofie"),
    Persona("assessor3", lazy_gettext("Assessor 3"), "MA", "Skalli", "Noura", "الصقلي", "نورة"),
    Persona(
        "chair", lazy_gettext("Chair of the jury"), "MA", "Benjelloun", "Hicham", "بنجلون", "هشام"
    ),
    Persona("juror1", lazy_gettext("Juror 1"), "SN", "Sène", "Astou"),
    Persona("juror2", lazy_gettext("Juror 2"), "BE", "Maes", "Koen"),
    Persona(
        "admin.ma",
        lazy_gettext("Administrator, Morocco"),
        "MA",
        "Tahiri",
        "Asmae",
        "الطاهري",
        "أسماء",
    ),
    Persona("admin.sn", lazy_gettext("Administrator, Senegal"), "SN", "Diallo", "Moussa"),
    Persona("admin.be", lazy_gettext("Administrator, Belgium"), "BE", "Willems", "Anke"),
    Persona(
        "programme",
        lazy_gettext("Programme administrator"),
        "MA",
        "Cherkaoui",
        "Leïla",
        "الشرقاوي",
        "ليلى",
    ),
    Persona("partner", lazy_gettext("Partner body"), "MA", "Hajji", "Samir", "حجي", "سمير"),
    Persona("auditor", lazy_gettext("Auditor"), "BE", "Wouters", "Griet"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}
