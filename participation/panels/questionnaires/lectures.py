"""The questionnaires of a panel: their questions, and what was answered, counted together, small numbers hidden."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from participation.inclusion.models import ReglementInclusion
from participation.panels.models import Panel
from participation.panels.workflow import NOTES, Public
from participation.seances.models import Membre
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.regles.petits_nombres import tus


def questions(panel: Panel, public: str) -> list[str]:
    """Return the questions of the règlement that the panel was opened under."""
    regle = panel.regle
    texte = regle.questions_membres if public == Public.MEMBRES else regle.questions_organisateurs
    return [ligne.strip() for ligne in texte.splitlines() if ligne.strip()]


def date_de_reponse(panel: Panel) -> date:
    """Return the last day to answer: counted from the opening, from today until then."""
    ouverts = panel.questionnaires_le
    jour = timezone.localdate(ouverts) if ouverts else timezone.localdate()
    return jour + timedelta(days=panel.regle.questionnaire_jours)


def interroges(panel: Panel) -> list[tuple[Compte, str]]:
    """Return who is asked, and which questionnaire: those who sit, then the team and the agent in charge."""
    sieges = Membre.objects.en_fonction().filter(college__mandature__instance=panel.instance_id)
    equipe = Q(pk__in=panel.equipe.values("compte")) | Q(pk=panel.agent_id)
    membres = Compte.objects.filter(pk__in=sieges.values("compte"), is_active=True).order_by("pk")
    autres = Compte.objects.filter(equipe, is_active=True).exclude(pk__in=membres).order_by("pk")
    return [
        *((compte, str(Public.MEMBRES)) for compte in membres),
        *((compte, str(Public.ORGANISATEURS)) for compte in autres),
    ]


@dataclass(frozen=True, slots=True)
class ResultatDeQuestion:
    """How many gave each answer, « tout à fait d’accord : 8 »; what is too small is said « moins de 5 »."""

    question: str
    comptes: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Resultat:
    public: str
    phrase: str
    questions: list[ResultatDeQuestion]  # [] while too few answered


def resultats(panel: Panel) -> list[Resultat]:
    return [_resultat(panel, public) for public in Public]


def _resultat(panel: Panel, public: Public) -> Resultat:
    seuil = ReglementInclusion.actuel().plus_petit
    rendues = list(panel.reponses.filter(public=public).values_list("notes", flat=True))
    qui = str(public.label)
    if len(rendues) < seuil:
        dit = f"Moins de {seuil} réponses : rien n’est montré." if rendues else "Aucune réponse."
        return Resultat(qui, dit, [])
    posees = questions(panel, public)
    return Resultat(
        qui,
        f"{accorder(len(rendues), 'réponse')}.",
        [
            ResultatDeQuestion(
                question, _compter([notes[rang] for notes in rendues if rang < len(notes)], seuil)
            )
            for rang, question in enumerate(posees)
        ],
    )


def _compter(notes: list[int], seuil: int) -> list[tuple[str, str]]:
    combien = Counter(notes)
    mots = {0: "Sans réponse", **dict(NOTES)}
    caches = tus({note: combien[note] for note in mots}, seuil)
    return [
        (
            mot,
            f"moins de {seuil}"
            if note in caches and combien[note] < seuil
            else "caché"
            if note in caches
            else str(combien[note]),
        )
        for note, mot in mots.items()
        if combien[note] or note
    ]
