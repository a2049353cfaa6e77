"""What the people of the demonstration tell each other: words for announcements and discussions."""

ANNOUNCEMENTS = (
    (
        34,
        "Bienvenue dans la promotion",
        (
            "Bonjour à toutes et à tous,\n\nvous trouverez ici **ce que toute la promotion doit "
            "savoir**. Pour échanger entre vous, la discussion est ouverte à qui a accepté la "
            "charte."
        ),
    ),
    (
        12,
        "Atelier du 2ᵉ module : changement de salle",
        (
            "L’atelier se tient au **Centre d’Oujda, salle 4** (rez-de-chaussée), et non en "
            "salle 2.\n\n"
            "- arrivée à 9 h, début à 9 h 15 ;\n- apportez une situation réelle, en une page, sans "
            "noms ;\n- le déjeuner est pris sur place."
        ),
    ),
    (
        3,
        "لقاء مع رئيس جماعة قروية",
        (
            "يسعدنا أن نستقبل يوم الخميس رئيس جماعة قروية سيحكي **كيف تغيّرت اجتماعات المجلس** بعد "
            "سنة من المواكبة.\n\nحضّروا سؤالًا واحدًا مفتوحًا لكل واحد منكم."
        ),
    ),
    (
        1,
        "Grille d’observation : la nouvelle version",
        (
            "La grille mise à jour est dans le module C7. Pour les observations déjà faites, "
            "**rien ne change**.\n\n> Ce qui a été observé reste compté.\n\nVos questions : sous "
            "la "
            "leçon, ou dans la discussion."
        ),
    ),
)
"""How many days ago, title, text; the trainer of Oujda writes."""
PLANNED = (
    "Inscription à la journée de supervision croisée",
    "Les inscriptions ouvrent aujourd’hui : dites-nous **avant vendredi** si vous venez.",
)
WITHDRAWN = (
    "Report de la réunion de jeudi",
    "La réunion de jeudi est reportée à une date qui vous sera donnée.",
)

RULES = (
    "À quoi sert cette discussion",
    (
        "Ici, chacun apporte une situation, une question ou une trouvaille.\n\n- **sans noms**, "
        "ni rien "
        "qui permette de reconnaître quelqu’un ;\n- une question ouverte vaut mieux qu’un "
        "conseil ;\n- "
        "ce qui se dit ici reste ici."
    ),
)
THREADS = (
    (
        20,
        1,
        "Quand un élu parle à la place des habitants",
        (
            "Troisième atelier : le premier adjoint répond à chaque question avant les autres. Les "
            "femmes de la coopérative se taisent. **Comment rouvrir la parole sans l’humilier ?**"
        ),
        (
            (
                2,
                20,
                (
                    "J’ai demandé à chacun d’écrire deux minutes avant de parler. Le silence a "
                    "changé de camp."
                ),
            ),
            (
                0,
                19,
                "Et si tu lui donnais un rôle ? Chez nous il a tenu le temps : il a dû écouter.",
            ),
            (4, 19, "> le silence a changé de camp\n\nJe garde la phrase. Combien étaient-ils ?"),
            (2, 18, "Dix-huit. Au-delà de vingt, je fais deux tables."),
            (
                -1,
                17,
                (
                    "Remarquez ce que vous avez fait : **aucun** d’entre vous n’a donné de "
                    "solution, chacun a rapporté ce qu’il a vécu. C’est cela, les mains ouvertes."
                ),
            ),
            (1, 15, "Merci. J’ai essayé l’écrit : trois idées que personne n’avait dites."),
        ),
    ),
    (
        9,
        3,
        "كيف تفتتحون أول لقاء مع جمعية لا تعرفكم؟",
        (
            "سألتقي الأسبوع المقبل بجمعية نسائية لأول مرة، والرئيسة متخوفة من «خبير آخر». "
            "**ماذا تقولون "
            "في الدقائق الأولى؟**"
        ),
        (
            (
                5,
                9,
                (
                    "أبدأ بالإطار: من أنا، ما الذي لن أفعله، وما يبقى بيننا. ثم أسأل: ما الذي "
                    "جعلكن "
                    "تقبلن هذا اللقاء؟"
                ),
            ),
            (
                0,
                8,
                "عندنا نجح أن نبدأ بجولة في القرية قبل أي اجتماع. Marcher ensemble, puis parler.",
            ),
            (3, 6, "شكرًا لكما، سأجرب الجولة أولًا."),
        ),
    ),
    (
        4,
        0,
        "Un objectif qui n’est pas le sien",
        (
            "La commune m’a demandé d’amener le groupe « vers le projet de marché ». Le groupe, "
            "lui, "
            "parle d’eau. Je suis tiraillée : **de qui suis-je le coach ?**"
        ),
        (
            (
                6,
                4,
                (
                    "Tu as un contrat à trois : remets les trois autour de la table avant de "
                    "continuer."
                ),
            ),
            (
                -2,
                3,
                (
                    "Belle question pour la supervision. D’ici là : qu’est-ce que la commune "
                    "attend, *au juste*, du marché ?"
                ),
            ),
            (2, 1, "Chez nous l’eau était l’objectif, et le marché est venu après, tout seul."),
        ),
    ),
    (
        2,
        7,
        "Fiche « objectifs » : un exemple qui marche",
        (
            "Je partage ma trame : une phrase, un indicateur, une date, un responsable. Elle "
            "tient sur "
            "une page : https://exemple.org/trame-objectifs"
        ),
        (),
    ),
)
"""Days ago, who (number of the trainee; −1 the trainer, −2 the supervisor), subject, first words,
replies (who, days ago, words)."""
HIDDEN = (
    8,
    (
        "C’est la présidente de la coopérative de la route de Berkane qui bloque tout, tout le "
        "monde "
        "la connaît."
    ),
    "On reconnaît une personne accompagnée : redites-le sans le lieu ni la fonction.",
)
TAKEN_BACK = (9, "Je retire ma question, elle est réglée.")
REPORTED = (
    4,
    10,
    "Franchement, avec des groupes pareils, autant tout décider à leur place.",
    "Ce message méprise des personnes que nous accompagnons.",
)

QUESTIONS = (
    (
        "c7-competencies",
        3,
        0,
        11,
        (
            "Dans l’écoute, à partir de quand reformuler devient-il *orienter* ? J’ai "
            "l’impression de "
            "choisir les mots à leur place."
        ),
        (
            (
                5,
                10,
                "J’essaie de reprendre leurs mots exacts, et je demande : « c’est bien cela ? »",
            ),
            (
                -1,
                9,
                (
                    "Dès que votre phrase contient **un mot qu’ils n’ont pas dit**. Reprenez le "
                    "leur, "
                    "puis taisez-vous trois secondes : la suite vient d’eux."
                ),
            ),
        ),
        True,
    ),
    (
        "c7-competencies",
        3,
        2,
        6,
        "هل يجوز تدوين الملاحظات أثناء الإنصات، أم أن ذلك يقطع الصلة مع من يتحدث؟",
        ((4, 5, "أستأذن أولًا، وأكتب كلمات مفتاحية فقط."),),
        False,
    ),
    (
        "c7-competencies",
        0,
        6,
        2,
        (
            "La leçon parle de quinze indicateurs : faut-il les montrer tous dans une seule séance "
            "observée ?"
        ),
        (),
        False,
    ),
    (
        "c6-method",
        1,
        8,
        1,
        (
            "Un objectif « sous le contrôle du groupe » : que faire quand la décision dépend de la "
            "préfecture ?"
        ),
        (),
        False,
    ),
)
"""Module, number of the lesson, who asks, days ago, words, answers, whether it is settled."""
