"""What fictional trainees did in fictional communes: material for practice entries."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One kind of field activity, as a trainee would note it."""

    type: str
    form: str
    direct: int
    indirect: int
    preparation: int
    participants: dict[str, int]
    stakes: tuple[str, ...]
    purposes: tuple[str, ...]
    limits: tuple[str, ...]
    summary: str
    reflection: str


STORIES: dict[str, tuple[Story, ...]] = {
    "individual-interview": (
        Story(
            "individual-interview",
            "individual-session",
            60,
            20,
            20,
            {"elected": 1},
            ("social-cohesion",),
            ("collaboration",),
            (),
            "Entretien avec une élue chargée de la jeunesse : ce qu’elle attend du diagnostic, "
            "les acteurs qu’elle ne voit jamais, deux noms à rencontrer.",
            "J’ai trop parlé au début. Laisser les silences.",
        ),
        Story(
            "individual-interview",
            "individual-session",
            50,
            15,
            20,
            {"civil-society": 1},
            ("economic-development",),
            ("collaboration",),
            ("financial-constraints",),
            "Entretien avec la présidente d’une coopérative : la vente passe par un seul "
            "intermédiaire, la commune n’a pas de marché couvert.",
            "Elle se méfie de la commune : revenir avec quelqu’un qu’elle connaît ?",
        ),
        Story(
            "individual-interview",
            "individual-session",
            55,
            20,
            15,
            {"agent": 1},
            ("public-space",),
            ("change-management",),
            ("resistance-to-change",),
            "Entretien avec un agent du service technique sur l’entretien des places : trois "
            "services s’en occupent sans se parler.",
            "",
        ),
        Story(
            "individual-interview",
            "individual-session",
            60,
            20,
            20,
            {"citizen": 1},
            ("environment",),
            ("collaboration",),
            ("cultural-differences",),
            "مقابلة مع أحد سكان الحي حول تدبير النفايات: يقترح نقطتين للفرز قرب المدرسة "
            "ويستعد لتنظيم لقاء مع الجيران.",
            "",
        ),
    ),
    "collective-interview": (
        Story(
            "collective-interview",
            "working-group",
            120,
            40,
            60,
            {"elected": 2, "agent": 2, "citizen": 6, "civil-society": 3},
            ("social-cohesion", "public-space"),
            ("conflict-resolution",),
            (),
            "Entretien collectif autour de la place du marché : commerçants et riverains "
            "racontent chacun leur semaine ; trois constats partagés notés au mur.",
            "Le tour de parole a permis d’entendre les deux jeunes du fond.",
        ),
    ),
    "workshop": (
        Story(
            "workshop",
            "training-workshop",
            180,
            60,
            90,
            {"elected": 3, "agent": 4, "citizen": 9, "private-sector": 2},
            ("economic-development", "social-cohesion"),
            ("development-project",),
            (),
            "Atelier participatif : transformer le problème « les jeunes partent » en objectif "
            "mesurable ; deux groupes, un objectif retenu par consensus.",
            "Reformuler plus tôt : le premier groupe tournait en rond.",
        ),
    ),
    "citizen-meeting": (
        Story(
            "citizen-meeting",
            "working-group",
            150,
            50,
            80,
            {"elected": 2, "citizen": 24, "civil-society": 4},
            ("environment", "public-space"),
            ("public-policy",),
            ("resistance-to-change",),
            "Rencontre citoyenne sur la propreté : dix-sept propositions recueillies, cinq "
            "retenues par vote de points.",
            "",
        ),
    ),
    "individual-coaching": (
        Story(
            "individual-coaching",
            "individual-session",
            60,
            10,
            20,
            {"elected": 1},
            ("social-cohesion",),
            ("professional-development",),
            (),
            "Séance de coaching avec un élu : préparer une réunion difficile, choisir ce qui se "
            "négocie et ce qui ne se négocie pas.",
            "Ne pas donner la solution.",
        ),
    ),
    "codevelopment": (
        Story(
            "codevelopment",
            "working-group",
            150,
            30,
            40,
            {"agent": 6},
            ("economic-development",),
            ("professional-development",),
            (),
            "Séance de codéveloppement : une cheffe de service expose un blocage, le groupe "
            "questionne puis propose ; elle repart avec trois pas.",
            "",
        ),
    ),
    "working-group": (
        Story(
            "working-group",
            "working-group",
            140,
            60,
            60,
            {"elected": 2, "agent": 3, "civil-society": 3, "private-sector": 2},
            ("economic-development",),
            ("development-project",),
            ("financial-constraints",),
            "Suivi du groupe de travail : étapes, responsables et moyens inscrits au plan "
            "d’action ; un indicateur de suivi par action.",
            "",
        ),
    ),
}
COMMUNES = {
    "MA": ("Aïn Zohra-Nord", "Oued Essafa", "Tafoughalt-Bas", "Sidi Yahya-Est"),
    "SN": ("Keur Baobab", "Ndoffane-Sud", "Thiaré-Gare", "Sibassor-Marché"),
    "BE": ("Quartier des Tanneurs", "Canal-Nord"),
}
HOSTS = {
    "MA": (
        "Commune d’Aïn Zohra-Nord",
        "Coopérative Dar Annour",
        "Association Jeunes d’Oued Essafa",
    ),
    "SN": ("Mairie de Keur Baobab", "GIE Sel et Avenir", "Association des femmes de Thiaré-Gare"),
    "BE": ("Maison de quartier des Tanneurs",),
}
