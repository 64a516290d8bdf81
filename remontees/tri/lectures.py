"""Saved questions of the service (what is blocked, and since when), and what an act will do, in sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from participation.socle.bd.sondes import CombienEtDepuis, sonder
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.francais import enumerer, majuscule, pluriel
from participation.socle.models import Compte as Personne
from participation.socle.models import Dossier, Echeance, Entree, parmi
from participation.socle.regles.traces import dire_les_traces
from remontees.models import Attribution, Message, Remontee, Sujet
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
class QuestionComptee:
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
    return remontees.filter(parmi(seules.order_by().values("pk")), etat__in=sorted(EN_COURS))


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
    dues = Echeance.objects.en_retard().exclude(cle="trier").order_by().values("dossier")
    return remontees.filter(parmi(dues), etat__in=sorted(VIVANTS))


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

    comptes: list[QuestionComptee]
    choisie: str

    @property
    def posees(self) -> list[QuestionComptee]:
        return [compte for compte in self.comptes if self._se_montre(compte)]

    @property
    def vides(self) -> list[QuestionComptee]:
        return [compte for compte in self.comptes if not self._se_montre(compte)]

    def _se_montre(self, compte: QuestionComptee) -> bool:
        return bool(compte.nombre) or compte.question.cle in {A_TRIER, self.choisie}


def question_de(cle: str) -> Question:
    return PAR_CLE.get(cle, PAR_CLE[A_TRIER])


def questions_de(lit_les_reserves: bool) -> tuple[Question, ...]:
    """Return the questions that a reader may ask; only some may know that there are discriminations."""
    return QUESTIONS if lit_les_reserves else tuple(q for q in QUESTIONS if q.cle != DISCRIMINATIONS)


def compter(qui: Personne) -> list[QuestionComptee]:
    """Count the remontées that answer each question, with the opening date of the oldest, in two queries.

    Primary keys increase with time: the oldest is the smallest key, found without a join.
    """
    posees = questions_de(qui.lit_les_reserves)
    visibles = Remontee.objects.visibles_par(qui)
    comptees = sonder(
        "questions",
        qui,
        lambda: [CombienEtDepuis(partial(question.filtrer, visibles), "pk") for question in posees],
    )
    depuis = dict(
        Dossier.objects.order_by()
        .filter(pk__in={premiere for _, premiere in comptees if premiere})
        .values_list("pk", "ouvert_le")
    )
    return [
        QuestionComptee(question, nombre, depuis.get(premiere))
        for question, (nombre, premiere) in zip(posees, comptees, strict=True)
    ]


# Remontées looked at, at most, for one that no other agent reads.
PROCHES = 30


def suivante(remontees: Remontees, apres: int | None, *, qui: Personne) -> Any:
    """Return the next of the queue that nobody else reads, urgent ones first, then by arrival.

    After the last, the first. When all are read by others, the next one all the same.
    """
    file = remontees.order_by(F("est_urgente").desc(), "pk")
    prochaines: list[int] = []
    if apres is not None:
        urgente = Remontee.objects.filter(pk=apres).values_list("est_urgente", flat=True).first()
        plus_loin = Q(est_urgente=False) if urgente else Q(pk__in=[])
        suite = file.filter(plus_loin | Q(est_urgente=bool(urgente), pk__gt=apres))
        prochaines += suite.values_list("pk", flat=True)[:PROCHES]
    prochaines += (
        file.values_list("pk", flat=True)[: PROCHES - len(prochaines)] if len(prochaines) < PROCHES else []
    )
    tenues = cache.get_many([_cle(pk) for pk in prochaines])
    libre = (pk for pk in prochaines if tenues.get(_cle(pk), qui.pk) == qui.pk)
    choisie = next(libre, prochaines[0] if prochaines else None)
    return file.filter(pk=choisie).first() if choisie else None


def prendre(remontee: Remontee, qui: Personne) -> str:
    """Keep the remontée for its reader, for a time (`TRI_RESERVE_SECONDES`); return who already reads it, else "".

    Kept in the shared cache, which may be lost: then two agents read the same, and the second act is refused.
    """
    if cache.add(_cle(remontee.pk), qui.pk, settings.TRI_RESERVE_SECONDES):
        return ""
    lecteur = cache.get(_cle(remontee.pk))
    return "" if lecteur in {None, qui.pk} else str(Personne.objects.filter(pk=lecteur).first() or "")


def _cle(pk: int) -> str:
    return f"remontees.tri:{pk}"


# Acts of the triage → the act that undoes each.
DEFAIT = {
    "router": "retirer_attribution",
    "attribuer": "retirer_attribution",
    "rattacher": "detacher",
    "reunir": "detacher",
    "ecarter": "rouvrir",
    "orienter": "rouvrir",
    "renvoyer": "rouvrir",
}


@dataclass(frozen=True, slots=True)
class Geste:
    """What an agent has just done, and the page that undoes it."""

    reference: str
    fait: str
    adresse: str


def geste_a_defaire(remontee: int, qui: Personne) -> Geste | None:
    """Return the last act on the remontée, when it is this agent's and can be undone."""
    derniere = (
        Entree.objects.filter(dossier=remontee).select_related("dossier").order_by("-le", "-pk").first()
    )
    if derniere is None or derniere.par_id != qui.pk or derniere.acte not in DEFAIT:
        return None
    defait, dossier = DEFAIT[derniere.acte], derniere.dossier.enfant
    details = derniere.details
    parts = details.get("attributions") or [details.get("attribution")]
    if defait != "retirer_attribution":
        if not dossier.permet(defait, qui):
            return None
        adresse = reverse(f"remontees:{defait}", args=[remontee])
    elif len(parts) > 1:
        adresse = f"{dossier.get_absolute_url()}#parts"
    else:
        adresse = reverse("remontees:retirer_attribution", args=parts)
    return Geste(dossier.reference or "", derniere.fait_en_clair, adresse)


def dire_ce_qui_part(remontee: Remontee, debut: str) -> str:
    """Say what the service will read, and what is masked to it."""
    return f"{debut}, sans le nom ni les coordonnées de la personne. {dire_le_masque(remontee)}".strip()


def dire_le_masque(traite: Remontee | Sujet) -> str:
    """Say what a service does not read in the words given to it; empty when it reads them all."""
    if traite.a_lire() == traite.a_lire_en_entier():
        return ""
    return (
        f"{dire_les_traces(' '.join(texte for _, texte in traite.a_lire_en_entier()))} Ce qui est reconnu comme disant qui a parlé lui est masqué ; "
        "s’il en a besoin, il dit pourquoi, et c’est au journal."
    ).strip()


def dire_ce_qui_part_du_sujet(sujet: Sujet) -> str:
    return f"Le service reçoit le texte du sujet et un lien pour répondre. {dire_le_masque(sujet)}".strip()


def parts_a_presser(remontee: Remontee) -> list[Attribution]:
    """Return the awaited parts of the remontée and of its sujet, whose services are told of an urgency."""
    return [part for traite in remontee.traites() for part in Attribution.attendues_de(traite)]


def dire_l_urgence(remontee: Remontee) -> str:
    if remontee.est_urgente:
        return ""
    parts = parts_a_presser(remontee)
    joignables = enumerer([part.en_phrase for part in parts if part.est_joignable])
    dit = []
    if joignables:
        quoi = "l’a reçue" if remontee.etat != Etat.GROUPEE else "l’a reçue, ou a reçu son sujet"
        dit.append(f"Une lettre part aussitôt à qui {quoi} : {joignables}.")
        if any(part.date_limite > timezone.localdate() for part in parts):
            dit.append("La réponse est demandée pour aujourd’hui.")
    elif remontee.etat == Etat.NOUVELLE:
        dit.append("La remontée passe en tête de ce qui est à trier.")
    return " ".join([*dit, dire_les_injoignables(parts)]).strip()


def dire_les_injoignables(parts: Sequence[Attribution]) -> str:
    """Name the services without email address, that the agent must call."""
    muets = [part.en_phrase for part in parts if not part.est_joignable]
    if not muets:
        return ""
    sans = f"{pluriel(len(muets), 'n’a,n’ont')} pas d’adresse électronique"
    return f"{majuscule(enumerer(muets))} {sans} : aucune lettre ne part, appelez {pluriel(len(muets), 'ce service,ces services')}."
