"""Fictional people, from lists: the same on every run, names in both scripts."""

from dataclasses import dataclass

MOROCCO = (
    ("Bennani", "Salma", "بناني", "سلمى"),
    ("El Idrissi", "Youssef", "الإدريسي", "يوسف"),
    ("Ouazzani", "Hajar", "الوزاني", "هاجر"),
    ("Berrada", "Mehdi", "برادة", "مهدي"),
    ("Tazi", "Khadija", "التازي", "خديجة"),
    ("Amrani", "Omar", "العمراني", "عمر"),
    ("Chraïbi", "Zineb", "الشرايبي", "زينب"),
    ("Lahlou", "Anas", "لحلو", "أنس"),
    ("Mansouri", "Imane", "المنصوري", "إيمان"),
    ("Ziani", "Rachid", "الزياني", "رشيد"),
    ("Kadiri", "Soukaina", "القادري", "سكينة"),
    ("Belkacem", "Hamza", "بلقاسم", "حمزة"),
    ("Aït Ali", "Tiziri", "آيت علي", "تيزيري"),
    ("Filali", "Nadia", "الفيلالي", "نادية"),
    ("Haddou", "Brahim", "حدو", "إبراهيم"),
    ("Naciri", "Ghita", "الناصري", "غيثة"),
)
SENEGAL = (
    ("Ndiaye", "Awa", "انجاي", "أوا"),
    ("Diop", "Mamadou", "جوب", "مامادو"),
    ("Fall", "Fatou", "فال", "فاتو"),
    ("Sarr", "Ibrahima", "صار", "إبراهيما"),
    ("Ba", "Aminata", "با", "أميناتا"),
    ("Gueye", "Cheikh", "غي", "شيخ"),
    ("Sow", "Mariama", "صو", "مريما"),
    ("Cissé", "Ousmane", "سيسي", "عثمان"),
    ("Diouf", "Rokhaya", "ديوف", "رقية"),
    ("Kane", "Abdoulaye", "كان", "عبد الله"),
    ("Mbaye", "Khady", "امباي", "خادي"),
    ("Thiam", "Modou", "تيام", "مودو"),
    ("Seck", "Ndeye", "سيك", "انداي"),
    ("Wade", "Serigne", "واد", "سرين"),
)
BELGIUM = (
    ("Peeters", "Lotte", "", ""),
    ("Lambert", "Nicolas", "", ""),
    ("Van den Broeck", "Emma", "", ""),
    ("Dupont", "Élodie", "", ""),
    ("El Khattabi", "Ilyas", "الخطابي", "إلياس"),
    ("Mukendi", "Grâce", "", ""),
    ("Janssens", "Tom", "", ""),
    ("Suryani", "", "", ""),
)
"""The last has a single name, as many people do."""


@dataclass(frozen=True)
class Name:
    """A name in both scripts."""

    family: str
    given: str
    family_ar: str
    given_ar: str


def names(country: str) -> list[Name]:
    """The list of one country."""
    lists = {"MA": MOROCCO, "SN": SENEGAL, "BE": BELGIUM}
    return [Name(*parts) for parts in lists[country]]


def numbered(country: str, number: int) -> Name:
    """The `number`-th of many: lists combined, then told apart by a second family name."""
    pool = names(country)
    first, second = pool[number % len(pool)], pool[(number // len(pool)) % len(pool)]
    turn = number // (len(pool) ** 2)
    family = f"{first.family} {second.family}" + (f" {turn + 1}" if turn else "")
    family_ar = f"{first.family_ar} {second.family_ar}".strip()
    return Name(family, second.given or first.given, family_ar, second.given_ar)
