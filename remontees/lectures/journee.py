"""What « Ma journée » shows of the remontées: what waits for the triage, for an answer, for a service."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.models.dossiers import hors_reserve
from participation.socle.vitrine import Tache
from remontees.lectures.comite import candidats, seances_du_comite
from remontees.lectures.conservation import a_anonymiser
from remontees.lectures.questions import A_TRIER
from remontees.lectures.questions import compter as compter_les_questions
from remontees.models import Attribution, Message, Reception, Remontee, Sujet
from remontees.workflow import PARTS_ATTENDUES, Etat

# Questions that have lines of their own in the day.
DITES_AUTREMENT = {A_TRIER, "urgentes", "message-apres-cloture"}
MONTREES, JOURS_AVANT_LE_COMITE = 10, 15
_tache = partial(Tache, app="remontees")


def taches(compte: Compte) -> list[Tache]:
    """For the agents: what waits for the triage, urgent first, and for an answer. For a service: its parts."""
    if not compte.est_agent:
        return _parts(compte)
    return [*_a_lire(compte), *_a_trier(compte), *_questions(compte), *_a_repondre(compte), *_du_service()]


def _a_lire(compte: Compte) -> list[Tache]:
    """What people wrote and nobody read, for who follows the remontée: first what came after the answer, with its age."""
    non_lus = (
        Message.objects.non_lus()
        .filter(Q(remontee__agent=compte) | Q(remontee__agent=None), hors_reserve(compte, "remontee__"))
        .select_related("remontee")
        .order_by("-est_apres_cloture", "ecrit_le", "pk")
    )
    return [
        _tache(
            "Message après clôture" if message.est_apres_cloture else "Lire un message",
            f"{message.remontee.get_absolute_url()}#echanges",
            "Lire",
            sur_quoi=f"{message.remontee.reference} · {message.remontee.titre}",
            genre="Remontée",
            depuis=message.ecrit_le,
        )
        for message in non_lus[:MONTREES]
    ]


def _a_trier(compte: Compte) -> Iterator[Tache]:
    visibles = Remontee.objects.visibles_par(compte)
    urgentes = visibles.filter(etat=Etat.NOUVELLE, est_urgente=True).order_by("ouvert_le", "pk")
    for remontee in urgentes[:MONTREES]:
        yield _tache(
            "Trier une urgence",
            remontee.get_absolute_url(),
            "Trier",
            sur_quoi=f"{remontee.reference} · {remontee.titre}",
            genre="Remontée",
            depuis=remontee.ouvert_le,
        )
    autres = visibles.filter(etat=Etat.NOUVELLE, est_urgente=False)
    reste = autres.aggregate(n=Count("pk"), depuis=Min("ouvert_le"))
    if reste["n"]:
        yield _tache(
            f"Trier {accorder(reste['n'], 'remontée')}",
            reverse("remontees:trier"),
            "Trier",
            genre="Remontée",
            depuis=reste["depuis"],
        )


def _questions(compte: Compte) -> list[Tache]:
    """What is stuck, one line a question; what is to be sorted has its own."""
    return [
        _tache(
            accorder(compte_lu.nombre, compte_lu.question.un, compte_lu.question.plusieurs),
            f"{reverse('remontees:remontees')}?question={compte_lu.question.cle}",
            "Voir",
            genre="Remontée",
            depuis=compte_lu.depuis,
        )
        for compte_lu in compter_les_questions(compte)
        if compte_lu.nombre and compte_lu.question.cle not in DITES_AUTREMENT
    ]


def _a_repondre(compte: Compte) -> list[Tache]:
    """Answers to write, then those that wait for a second reading: who wrote one sees that it waits, and may not send it."""
    a_ecrire = [
        (objet, "Écrire la réponse", objet.get_absolute_url(), "Répondre", objet.modifie_le)
        for objets in (
            Remontee.objects.visibles_par(compte).filter(etat=Etat.A_REPONDRE),
            Sujet.objects.sans_reponse(),
        )
        for objet in objets.order_by("modifie_le", "pk")[:MONTREES]
    ]
    en_attente: Any = Sujet.objects.a_relire()[:MONTREES]
    a_relire = [
        (sujet, "Faire relire votre réponse", sujet.get_absolute_url(), "Ouvrir", sujet.ecrite_le)
        if sujet.ecrite_par_id == compte.pk
        else (
            sujet,
            "Relire la réponse",
            reverse("remontees:relire", args=[sujet.pk]),
            "Relire",
            sujet.ecrite_le,
        )
        for sujet in en_attente
    ]
    return [
        _tache(
            quoi,
            url,
            bouton,
            sur_quoi=f"{objet.reference} · {objet.titre}",
            genre=str(objet._meta.verbose_name).capitalize(),
            depuis=depuis,
        )
        for objet, quoi, url, bouton, depuis in [*a_ecrire, *a_relire]
    ]


def _du_service() -> Iterator[Tache]:
    """What comes back by itself: the agenda of the comité to fill, the people to forget."""
    bientot = timezone.now() + timedelta(days=JOURS_AVANT_LE_COMITE)
    seance = seances_du_comite().filter(debut__lte=bientot).first()
    if seance is not None and (attente := len(candidats())):
        yield _tache(
            f"Remplir l’ordre du jour du comité de suivi : {accorder(attente, 'ligne possible', 'lignes possibles')}",
            reverse("remontees:preparer_comite"),
            "Préparer",
            genre="Comité",
            date_limite=timezone.localdate(seance.debut),
        )
    perdues = Reception.objects.en_panne().aggregate(n=Count("pk"), depuis=Min("recue_le"))
    if perdues["n"]:
        yield _tache(
            f"Relire {accorder(perdues['n'], 'arrivée que l’application n’a pas su lire', 'arrivées que l’application n’a pas su lire')}",
            reverse("remontees:receptions"),
            "Relire",
            genre="Réception",
            depuis=perdues["depuis"],
        )
    if sans_lecteur():
        yield _tache(
            "Faire nommer un référent des discriminations : une remontée n’est lue de personne",
            reverse("remontees:remontees"),
            "Voir",
            genre="Discriminations",
            quand="À faire",
        )
    if combien := a_anonymiser().count():
        yield _tache(
            f"Effacer qui a parlé dans {accorder(combien, 'remontée')}",
            reverse("remontees:conservation"),
            "Voir",
            genre="Conservation",
            quand="Délai passé",
        )


def sans_lecteur() -> bool:
    """A discrimination waits, and nobody has the right to read it any more."""
    attendent = Remontee.objects.filter(est_discrimination=True, clos_le=None)
    return attendent.exists() and not Compte.objects.referents().exists()


def _parts(compte: Compte) -> list[Tache]:
    # What is due has its own line, by its échéance: here, what nobody has taken in hand.
    nouvelles = parts_de(compte).filter(prise_le=None).select_related("dossier").order_by("date_limite", "pk")
    return [
        _tache(
            "Prendre en main un sujet" if part.dossier.nature == "sujet" else "Prendre en main une remontée",
            part.dossier.get_absolute_url(),
            "Ouvrir",
            sur_quoi=f"{part.dossier.reference} · {part.dossier.titre}",
            genre=part.dossier.get_nature_display().capitalize(),
            date_limite=part.date_limite,
        )
        for part in nouvelles[:MONTREES]
    ]


def parts_de(compte: Compte) -> QuerySet[Attribution]:
    """The parts still owed by her directions and communes."""
    siens = Q(pk__in=[])
    for appartenance in compte.appartenances_en_vigueur:
        if appartenance.direction_id:
            siens |= Q(direction=appartenance.direction_id)
        if appartenance.commune_id:
            siens |= Q(commune=appartenance.commune_id)
    return Attribution.objects.filter(siens, etat__in=sorted(PARTS_ATTENDUES))
