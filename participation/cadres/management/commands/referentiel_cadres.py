"""Load a first règlement of the cadres conditions for each level, and a grid of evaluation, in our own words. Idempotent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.cadres.models import Condition, Critere, ReglementCadres
from participation.cadres.workflow import Niveau

DEPART = date(2024, 1, 1)
SOURCE = "Proposition de départ, livrée avec l’application : le service la confirme ou la change."
CE_QUI_CHANGE = (
    "Vous savez avant de commencer ce qui peut encore changer, et ce qui ne changera pas.",
    "Le cadre annoncé disait ce qui était ouvert et ce qui ne l’était pas, avant la première réunion.",
)
TOUT_LIRE = (
    "Chacun peut lire ce qui a été dit, dans les mots de qui l’a dit.",
    "Les contributions sont publiées, sans les noms.",
)
# niveau: (ce que vous pouvez attendre, ce qui se vérifie)
CONDITIONS: dict[Niveau, list[tuple[str, str]]] = {
    Niveau.INFORMER: [
        (
            "Vous lisez ce qui est prévu, en mots simples, avant que ce soit fait.",
            "Une page en mots simples était en ligne avant le début.",
        ),
        (
            "Vous savez à qui poser une question, et vous recevez une réponse.",
            "Un contact était donné ; chaque question a eu sa réponse.",
        ),
    ],
    Niveau.CONSULTER: [
        CE_QUI_CHANGE,
        TOUT_LIRE,
        (
            "Vous apprenez ce qui a été décidé, quels avis ont compté, et pourquoi les autres non.",
            "La décision publiée cite les avis reçus et dit pourquoi.",
        ),
    ],
    Niveau.CONCERTER: [
        CE_QUI_CHANGE,
        TOUT_LIRE,
        (
            "Vous discutez plusieurs fois avec les services et les élus, avant la décision.",
            "Deux réunions au moins ont eu lieu avant la décision, avec un compte rendu.",
        ),
        (
            "Chaque proposition reçoit une réponse : oui, en partie ou non, et pourquoi.",
            "Aucune proposition n’est restée sans réponse publique.",
        ),
    ],
    Niveau.CO_CONSTRUIRE: [
        CE_QUI_CHANGE,
        (
            "Le problème est posé avec vous, à partir de plusieurs points de vue.",
            "L’état des lieux a été écrit avec les personnes venues, et publié.",
        ),
        (
            "Vous écrivez les propositions avec les services, du début à la fin.",
            "Les textes ont été rédigés ensemble ; leurs versions se lisent.",
        ),
        (
            "Si la décision s’écarte de ce que vous avez écrit, on vous dit pourquoi, devant vous.",
            "Une réunion de restitution a eu lieu ; chaque écart y a été expliqué.",
        ),
    ],
}

BOUSSOLE = "D’après la Boussole de la participation (Cerema), dans nos mots"
PARTICIPOMETRE = "D’après le Participomètre, dans nos mots"
# (critère, question, source)
CRITERES = (
    (
        "Qui vient",
        "Les personnes qui participent ressemblent-elles à celles que la décision touche ?",
        PARTICIPOMETRE,
    ),
    (
        "Un poids collectif",
        "Le groupe peut-il construire une position à lui, et la défendre ?",
        PARTICIPOMETRE,
    ),
    ("Peser sur la décision", "Ce qui est dit a-t-il une chance d’être décidé ?", PARTICIPOMETRE),
    ("Des sujets qui comptent", "Le sujet est-il important pour la vie des gens ?", PARTICIPOMETRE),
    (
        "Qui commence",
        "Les habitants peuvent-ils proposer le sujet, et pas seulement répondre ?",
        PARTICIPOMETRE,
    ),
    ("Des règles claires", "Chacun sait-il ce qui est ouvert, ce qui est fermé, et qui décide ?", BOUSSOLE),
    ("Une information juste", "L’information est-elle complète, et facile à comprendre ?", BOUSSOLE),
    ("Une écoute vraie", "Chacun peut-il parler, et être entendu, quelle que soit son aisance ?", BOUSSOLE),
    ("Le temps et les moyens", "Le temps, les lieux et les moyens permettent-ils de bien faire ?", BOUSSOLE),
    ("Rendre compte", "Dit-on ce qui a été retenu, ce qui ne l’a pas été, et pourquoi ?", BOUSSOLE),
)


class Command(BaseCommand):
    help = "Charge le règlement et les conditions de départ des cadres, s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if not ReglementCadres.objects.exists():
            ReglementCadres.objects.create(version="départ", en_vigueur_du=DEPART, source=SOURCE)
        if not Condition.objects.exists():
            Condition.objects.bulk_create(
                Condition(
                    niveau=niveau, ordre=rang, attente=attente, constat=constat, source=SOURCE, en_vigueur_du=DEPART
                )
                for niveau, dites in CONDITIONS.items()
                for rang, (attente, constat) in enumerate(dites, 1)
            )  # fmt: skip
        if not Critere.objects.exists():
            Critere.objects.bulk_create(
                Critere(ordre=rang, libelle=libelle, question=question, source=source)
                for rang, (libelle, question, source) in enumerate(CRITERES, 1)
            )
