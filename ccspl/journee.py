"""Tasks of the CCSPL in « Ma journée »."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone

from ccspl.models import (
    INSTANCE,
    Avis,
    Controle,
    Proposition,
    RapportAnnuel,
    ReglementCommission,
    Transmission,
)
from ccspl.saisines.lectures import (
    alertes_des_avis,
    alertes_des_rapports,
    avis_suspects,
    services_sans_examen,
)
from ccspl.tableau.presence import a_appeler, en_fonction
from ccspl.workflow import Etat
from participation.seances.models import Mandature, Point, PointDossier
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.bd.sondes import Rangee
from participation.socle.francais import INSECABLE, accorder, de
from participation.socle.journee import Attendue, Attente, AttenteLue, Tache

ALERTES_MONTREES, APPELS_MONTRES, TEXTES_MONTRES, CONTROLES_MONTRES = 10, 10, 10, 10


_tache = partial(Tache, app="ccspl", bouton="Ouvrir")


def attendues() -> list[Attendue]:
    return [
        Attente(lambda: _siegeante(avis_suspects()), _alertes),
        Attente(lambda: _siegeante(services_sans_examen()), _rapports),
        AttenteLue(_annees_sans_rapport, _rapport_d_activite),
        AttenteLue(_a_transmettre, lambda lignes: [_transmettre(ligne) for ligne in lignes]),
        AttenteLue(_a_remettre, lambda lignes: [_remettre(ligne) for ligne in lignes]),
        AttenteLue(_propositions, lambda lignes: [_a_decider(ligne) for ligne in lignes]),
        AttenteLue(_controles, lambda lignes: [_a_noter(ligne) for ligne in lignes]),
        Attente(lambda: _siegeante(en_fonction()), _appels),
    ]


def _siegeante(ensemble: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """Empty the queryset outside of any mandature: nobody could examine anything."""
    return ensemble.filter(Exists(Mandature.objects.filter(instance__cle=INSTANCE).du()))


def _alertes() -> Iterator[Tache]:
    for alerte in alertes_des_avis()[:ALERTES_MONTREES]:
        avis = alerte.avis
        if avis is not None:
            yield _tache(
                quoi=alerte.phrase,
                url=avis.get_absolute_url(),
                sur_quoi=f"{avis.reference} · {avis.titre}",
                genre="Alerte légale",
                date_limite=avis.conseil.date if avis.conseil is not None else None,
                quand="À vérifier",
            )


def _rapports() -> Iterator[Tache]:
    """One task for all the reports not examined: they are handled on the same page."""
    alertes = alertes_des_rapports()
    if alertes:
        yield _tache(
            quoi=alertes[0].phrase
            if len(alertes) == 1
            else f"Faire examiner {len(alertes)} rapports annuels avant la fin de l’année",
            url=reverse("ccspl:calendrier"),
            sur_quoi="Calendrier légal"
            if len(alertes) == 1
            else ", ".join(str(alerte.service) for alerte in alertes),
            genre="Alerte légale",
            quand="À vérifier",
        )


def _annees_sans_rapport() -> "QuerySet[Any, Any]":
    """The last three years with saisines and without a final report.

    A year without any saisine needs no report.
    """
    annee = timezone.localdate().year
    arretes = RapportAnnuel.objects.filter(annee=OuterRef("annee"), arrete_le__isnull=False)
    travaillees = Avis.objects.annotate(annee=ExtractYear("date_saisine")).filter(
        ~Exists(arretes), annee__gte=annee - 2, annee__lte=annee
    )
    return _siegeante(travaillees).order_by("annee").values("annee").distinct()


def _rapport_d_activite(annees: list[Rangee]) -> Iterator[Tache]:
    """One task by report, from `rapport_annonce` days before its limit until it is arrêté, even years
    later."""
    jour = timezone.localdate()
    reglement = ReglementCommission.actuel(jour)
    for annee in (ligne["annee"] for ligne in annees):
        limite = reglement.limite_du_rapport(annee)
        if jour >= limite - timedelta(days=reglement.rapport_annonce):
            yield _tache(
                quoi=f"Arrêter le rapport d’activité {annee}",
                url=f"{reverse('ccspl:rapport_annuel')}?annee={annee}",
                sur_quoi="État des travaux à présenter à l’assemblée",
                genre="Rapport",
                date_limite=limite - timedelta(days=1),  # « avant le 1er juillet » (L1413-1 CGCT)
            )


def _a_transmettre() -> Any:
    """Avis adopted and not transmitted, or answered and on no agenda: they have no échéance."""
    repondus = Q(etat=Etat.REPONDU, rendu_le=None) & ~Exists(
        PointDossier.objects.filter(dossier=OuterRef("pk"), point__nature=Point.Nature.INFORMATION).exclude(
            point__seance__etat=EtatSeance.ANNULEE
        )
    )
    attendus = _siegeante(Avis.objects.filter(Q(etat=Etat.ADOPTE) | repondus)).order_by("adopte_le", "pk")
    # Found first: years of answered avis are not joined to their dossiers for the few that are shown.
    premiers = Avis.objects.filter(pk__in=attendus.values("pk")[:TEXTES_MONTRES])
    return premiers.order_by("adopte_le", "pk").values(
        "pk", "reference", "titre", "etat", "adopte_le", "repondu_le"
    )


def _transmettre(ligne: Rangee) -> Tache:
    adopte = ligne["etat"] == Etat.ADOPTE
    return _tache(
        quoi="Transmettre l’avis adopté" if adopte else "Mettre les réponses à l’ordre du jour",
        url=reverse("ccspl:transmettre" if adopte else "ccspl:rendre_aux_membres", args=[ligne["pk"]]),
        sur_quoi=f"{ligne['reference']} · {ligne['titre']}",
        genre="Avis",
        depuis=ligne["adopte_le"] if adopte else ligne["repondu_le"],
    )


def _a_remettre() -> Any:
    """Transmissions without an address, still to be handed over."""
    attendues = Transmission.objects.a_remettre().order_by("envoyee_le", "pk")
    champs = ("pk", "destinataire", "envoyee_le", "avis__reference", "avis__titre")
    return attendues.values(*champs)[:TEXTES_MONTRES]


def _remettre(ligne: Rangee) -> Tache:
    return _tache(
        quoi=f"Remettre l’avis{INSECABLE}: {ligne['destinataire']}",
        url=reverse("ccspl:remettre", args=[ligne["pk"]]),
        bouton="Noter",
        sur_quoi=f"{ligne['avis__reference']} · {ligne['avis__titre']} · aucune adresse, rien n’est parti",
        genre="Avis",
        depuis=ligne["envoyee_le"],
    )


def _propositions() -> Any:
    """One row by avis, with its number of pending propositions."""
    attente = _siegeante(
        Proposition.objects.filter(etat=Proposition.Etat.EN_ATTENTE, avis__etat=Etat.EN_REDACTION)
    )
    return (
        attente.order_by()
        .values("avis", "avis__reference", "avis__titre")
        .annotate(n=Count("pk"), depuis=Min("proposee_le"))
        .order_by("depuis")[:TEXTES_MONTRES]
    )


def _a_decider(ligne: Rangee) -> Tache:
    return _tache(
        quoi=f"Décider de {accorder(ligne['n'], 'rédaction proposée')}",
        url=reverse("ccspl:redaction", args=[ligne["avis"]]),
        bouton="Décider",
        sur_quoi=f"{ligne['avis__reference']} · {ligne['avis__titre']}",
        genre="Avis",
        depuis=ligne["depuis"],
    )


def _controles() -> Any:
    """Past deadlines of the external management control, oldest first."""
    passees = _siegeante(Controle.objects.en_retard()).order_by("date_echeance", "pk")
    return passees.values("pk", "intitule", "service__nom", "par_qui", "date_echeance")[:CONTROLES_MONTRES]


def _a_noter(ligne: Rangee) -> Tache:
    return _tache(
        quoi=f"Noter comme terminé, ou reporter{INSECABLE}: {ligne['intitule']}",
        url=f"{reverse('ccspl:controle')}#c-{ligne['pk']}",
        sur_quoi=" · ".join(filter(None, [ligne["service__nom"], ligne["par_qui"]])),
        genre="Contrôle de gestion",
        date_limite=ligne["date_echeance"],
    )


def _appels() -> Iterator[Tache]:
    for suivi in a_appeler()[:APPELS_MONTRES]:
        yield _tache(
            quoi=f"Prendre des nouvelles {de(suivi.membre)}",
            url=reverse("ccspl:suivi_membre", args=[suivi.membre.pk]),
            sur_quoi=f"{suivi.membre.college} · {accorder(suivi.de_suite, 'absence')} de suite",
            genre="Membre",
            quand=accorder(suivi.de_suite, "absence"),
        )
