"""Saved questions of the service: what is blocked, and since when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from participation.socle.bd.ensembles import redire
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.models import Compte as Personne
from participation.socle.models import Dossier, Echeance, Entree
from remontees.models import Attribution, Message, Remontee
from remontees.workflow import EN_COURS, PARTS_ATTENDUES, VIVANTS, Etat, EtatAttribution

JOURS_SANS_AGENT = 3
A_TRIER, DISCRIMINATIONS = "a-trier", "discriminations"
Remontees = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Question:
    """`un`, `plusieurs`: wording for one and for several, in « Ma journée »."""

    cle: str
    libelle: str
    un: str
    plusieurs: str
    filtrer: Callable[[Remontees], Remontees]


@dataclass(frozen=True, slots=True)
class Compte:
    question: Question
    nombre: int
    depuis: datetime | None


def _parts(**champs: Any) -> QuerySet[Attribution]:
    return Attribution.objects.filter(dossier=OuterRef("pk"), **champs)


def a_trier(remontees: Remontees) -> Remontees:
    return remontees.filter(etat=Etat.NOUVELLE)


def urgentes(remontees: Remontees) -> Remontees:
    return remontees.filter(etat__in=sorted(EN_COURS), est_urgente=True)


def sans_agent(remontees: Remontees) -> Remontees:
    limite = il_y_a_plus_de(JOURS_SANS_AGENT - 1)
    seules = Dossier.objects.filter(
        nature="remontee", agent__isnull=True, clos_le__isnull=True, ouvert_le__lt=limite
    )
    return remontees.filter(etat__in=sorted(EN_COURS), pk__in=seules.order_by().values("pk"))


def refusees(remontees: Remontees) -> Remontees:
    """Return the remontées refused since they were last given."""
    donnee = _parts().order_by().values("dossier").annotate(le=Max("envoyee_le")).values("le")
    refus = Entree.objects.filter(
        dossier=OuterRef("pk"), acte="refuser_attribution", le__gt=OuterRef("donnee_le")
    )
    refusees = Attribution.objects.filter(etat=EtatAttribution.REFUSEE).values("dossier")
    trouvees: Remontees = (
        remontees.filter(etat__in=sorted(EN_COURS), pk__in=refusees)
        .annotate(donnee_le=Subquery(donnee))
        .filter(Exists(refus))
    )
    return trouvees


def messages_apres_cloture(remontees: Remontees) -> Remontees:
    """Return the remontées with an unread message received after the answer."""
    return remontees.filter(pk__in=Message.objects.apres_cloture().order_by().values("remontee"))


def en_retard(remontees: Remontees) -> Remontees:
    """Return the remontées whose answer is late, by a service or by us."""
    dues = Echeance.objects.en_retard().exclude(cle="trier").values("dossier")
    return remontees.filter(etat__in=sorted(VIVANTS), pk__in=dues)


def un_seul_a_repondu(remontees: Remontees) -> Remontees:
    rendues = [EtatAttribution.REPONDUE, EtatAttribution.CLOSE]
    return remontees.filter(
        Exists(_parts(etat__in=rendues)),
        Exists(_parts(etat__in=sorted(PARTS_ATTENDUES))),
        etat=Etat.TRANSMISE,
    )


def discriminations(remontees: Remontees) -> Remontees:
    return remontees.filter(etat__in=sorted(EN_COURS), est_discrimination=True)


# One row per question: a new row appears in the list, in the queue and in « Ma journée ».
QUESTIONS: tuple[Question, ...] = (
    Question(A_TRIER, "À trier", "remontée à trier", "remontées à trier", a_trier),
    Question("urgentes", "Urgentes", "remontée urgente", "remontées urgentes", urgentes),
    Question(
        "sans-agent",
        f"Sans agent depuis {JOURS_SANS_AGENT} jours",
        f"remontée sans agent depuis {JOURS_SANS_AGENT} jours",
        f"remontées sans agent depuis {JOURS_SANS_AGENT} jours",
        sans_agent,
    ),
    Question(
        "refusee",
        "Refusée par un service",
        "remontée refusée par un service",
        "remontées refusées par un service",
        refusees,
    ),
    Question(
        "message-apres-cloture",
        "Message après clôture",
        "message après clôture",
        "remontées avec un message après clôture",
        messages_apres_cloture,
    ),
    Question("en-retard", "Réponse en retard", "réponse en retard", "réponses en retard", en_retard),
    Question(
        "un-seul-a-repondu",
        "Deux services, un seul a répondu",
        "remontée où un service manque encore",
        "remontées où un service manque encore",
        un_seul_a_repondu,
    ),
    Question(
        DISCRIMINATIONS,
        "Discriminations",
        "discrimination à orienter",
        "discriminations à orienter",
        discriminations,
    ),
)
PAR_CLE = {question.cle: question for question in QUESTIONS}


@dataclass(frozen=True, slots=True)
class Rangees:
    """Questions as shown: those with results and the chosen one, then the empty ones."""

    comptes: list[Compte]
    choisie: str

    @property
    def posees(self) -> list[Compte]:
        return [compte for compte in self.comptes if self._se_montre(compte)]

    @property
    def vides(self) -> list[Compte]:
        return [compte for compte in self.comptes if not self._se_montre(compte)]

    def _se_montre(self, compte: Compte) -> bool:
        return bool(compte.nombre) or compte.question.cle in {A_TRIER, self.choisie}


def question_de(cle: str) -> Question:
    return PAR_CLE.get(cle, PAR_CLE[A_TRIER])


def questions_de(lit_les_reserves: bool) -> tuple[Question, ...]:
    """Return the questions that a reader may ask; only some may know that there are discriminations."""
    return QUESTIONS if lit_les_reserves else tuple(q for q in QUESTIONS if q.cle != DISCRIMINATIONS)


def compter(qui: Personne) -> list[Compte]:
    """Count the remontées that answer each question, with the opening date of the oldest, in two queries.

    Primary keys increase with time: the oldest is the smallest key, found without a join.
    """
    posees = questions_de(qui.lit_les_reserves)
    comptees = redire(
        f"questions.{qui.droits}.{timezone.localtime():%F %R %z}",
        qui.pk,
        lambda: _comptees(Remontee.objects.visibles_par(qui.sans_nom()), posees),
    )
    lus = {cle: (nombre, pk) for cle, nombre, pk in comptees}
    depuis = dict(
        Dossier.objects.order_by()
        .filter(pk__in={pk for _, pk in lus.values() if pk})
        .values_list("pk", "ouvert_le")
    )
    return [
        Compte(question, lus.get(question.cle, (0, None))[0], depuis.get(lus.get(question.cle, (0, None))[1]))
        for question in posees
    ]


def _comptees(remontees: Remontees, posees: tuple[Question, ...]) -> QuerySet[Any, Any]:
    remontees = remontees.order_by()
    premiere, *autres = (
        question.filtrer(remontees)
        .annotate(cle_question=Value(question.cle))
        .values("cle_question")
        .annotate(nombre=Count("pk"), premiere=Min("pk"))
        .values_list("cle_question", "nombre", "premiere")
        for question in posees
    )
    toutes: QuerySet[Any, Any] = premiere.union(*autres, all=True)
    return toutes


def suivante(remontees: Remontees, apres: int | None) -> Any:
    """Return the next of the queue, urgent ones first, then by arrival. After the last, return the first."""
    file = remontees.order_by(F("est_urgente").desc(), "pk")
    if apres is not None:
        urgente = Remontee.objects.filter(pk=apres).values_list("est_urgente", flat=True).first()
        plus_loin = Q(est_urgente=False) if urgente else Q(pk__in=[])
        trouvee = file.filter(plus_loin | Q(est_urgente=bool(urgente), pk__gt=apres)).first()
        if trouvee is not None:
            return trouvee
    return file.first()
