"""Sections of « Ma journée » about the pétitions."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.urls import reverse

from participation.socle.francais import accorder
from participation.socle.journee import Attente, AttenteLue, SectionJournee, Tache
from participation.socle.models import Combien, Compte, Echeance, Entree
from petitions.models import (
    Critere,
    ExamenCritere,
    FeuillePapier,
    Nouvelle,
    Petition,
    SeuilEnAttente,
    Signature,
)
from petitions.models.petition import siege_au_comite
from petitions.workflow import Etat

A_EXAMINER_MONTREES, ATTENTES_MONTREES = 20, 20


QUI, DE_LA_PETITION = ("pk", "reference", "titre"), ("petition__reference", "petition__titre")


REFORMULEE = " · le texte a été reformulé"


def sections(compte: Compte) -> list[SectionJournee]:
    """Return all that waits for this account and has no échéance."""
    comite = [_au_comite(compte)] if siege_au_comite(compte) else []
    if not compte.est_agent:
        return comite
    deposees = (_nouveaux_depots(), _reformulees(), _messages_a_relire())
    return [*comite, *deposees, _a_verifier(compte), _sans_seuil(compte)]


def _nouveaux_depots() -> SectionJournee:
    """Filed pétitions that no agent has taken in charge."""
    nouvelles = partial(Petition.objects.filter, agent=None, etat__in=[Etat.DEPOSEE, Etat.RECEVABLE])
    lues = AttenteLue(
        lambda: nouvelles().order_by("deposee_le", "pk").values(*QUI, "deposee_le")[:ATTENTES_MONTREES],
        lambda lignes: [
            _tache(
                "Prendre en charge",
                reverse("petitions:dossier", args=[ligne["pk"]]),
                "Ouvrir",
                ligne,
                ligne["deposee_le"],
            )
            for ligne in lignes
        ],
    )
    return SectionJournee("depots", "Nouveaux dépôts", [lues])


def _reformulees() -> SectionJournee:
    """Pétitions reworded by their author, and not examined since."""

    def recues() -> QuerySet[Any, Any]:
        du_dossier = Entree.objects.filter(dossier=OuterRef("pk")).order_by("-le")
        relues = du_dossier.filter(acte__in=["examiner", "demander_reformulation"])
        return (
            Petition.objects.filter(etat=Etat.DEPOSEE)
            .annotate(
                recue_le=Subquery(du_dossier.filter(acte="reformuler").values("le")[:1]),
                relue_le=Subquery(relues.values("le")[:1]),
            )
            .filter(Q(relue_le__isnull=True) | Q(relue_le__lt=F("recue_le")), recue_le__isnull=False)
            .order_by("recue_le", "pk")
            .values(*QUI, "recue_le")[:ATTENTES_MONTREES]
        )

    lues = AttenteLue(
        recues,
        lambda lignes: [
            _tache(
                "Lire la nouvelle rédaction",
                f"{reverse('petitions:dossier', args=[ligne['pk']])}#texte",
                "Lire",
                ligne,
                ligne["recue_le"],
                "le délai du comité a repris",
            )
            for ligne in lignes
        ],
    )
    return SectionJournee("reformulees", "Textes reformulés", [lues])


def _messages_a_relire() -> SectionJournee:
    """Messages of authors to signers, to read before they are sent."""
    attendues = AttenteLue(
        lambda: (
            Nouvelle.objects.a_relire()
            .order_by("proposee_le", "pk")
            .values("pk", "titre", "proposee_le", *DE_LA_PETITION)[:ATTENTES_MONTREES]
        ),
        lambda lignes: [
            _tache(
                f"Relire « {ligne['titre']} »",
                reverse("petitions:publier_nouvelle", args=[ligne["pk"]]),
                "Relire",
                _petition(ligne),
                ligne["proposee_le"],
            )
            for ligne in lignes
        ],
    )
    return SectionJournee("messages", "Messages d’auteurs à relire", [attendues])


def _a_verifier(compte: Compte) -> SectionJournee:
    """Thresholds that wait, signatures set aside, and sheets to check; oldest first."""
    return SectionJournee(
        "signatures", "Signatures à vérifier", [_seuils(), _ecartees(), _feuilles_a_controler(compte)]
    )


def _seuils() -> Attente:
    return Attente(
        SeuilEnAttente.objects.a_decider,
        lambda: [
            _tache(
                f"Décider du {attente}",
                reverse("petitions:confirmer_seuil", args=[attente.pk]),
                "Décider",
                {"reference": attente.petition.reference, "titre": attente.petition.titre},
                attente.depuis,
            )
            for attente in SeuilEnAttente.objects.a_decider().select_related("petition", "seuil")
        ],
    )


def _ecartees() -> AttenteLue:
    return AttenteLue(
        lambda: (
            Petition.objects.filter(signatures__etat=Signature.Etat.ECARTEE)
            .values(*QUI, "reglement__purge_jours")
            .annotate(nombre=Count("signatures"), depuis=Min("signatures__demandee_le"))
            .order_by("depuis")[:ATTENTES_MONTREES]
        ),
        lambda lignes: [
            _tache(
                f"Examiner {accorder(ligne['nombre'], 'signature mise à l’écart', 'signatures mises à l’écart')}",
                reverse("petitions:signatures_ecartees", args=[ligne["pk"]]),
                "Examiner",
                ligne,
                ligne["depuis"],
                f"effacées après {ligne['reglement__purge_jours']} jours sans examen",
            )
            for ligne in lignes
        ],
    )


def _feuilles_a_controler(compte: Compte) -> AttenteLue:
    """Sheets to check, except those entered by this account: another agent must check them."""
    return AttenteLue(
        lambda: (
            Petition.objects.filter(
                Q(feuilles__etat=FeuillePapier.Etat.A_CONTROLER) & ~Q(feuilles__saisie_par=compte.pk)
            )
            .values(*QUI)
            .annotate(nombre=Count("feuilles"), depuis=Min("feuilles__saisie_close_le"))
            .order_by("depuis")[:ATTENTES_MONTREES]
        ),
        lambda lignes: [
            _tache(
                f"Contrôler {accorder(ligne['nombre'], 'feuille de signatures', 'feuilles de signatures')}",
                reverse("petitions:feuilles", args=[ligne["pk"]]),
                "Contrôler",
                ligne,
                ligne["depuis"],
            )
            for ligne in lignes
        ],
    )


def _sans_seuil(compte: Compte) -> SectionJournee:
    """Collectes closed without a threshold: they have no échéance, but the public page promises a letter to
    the authors."""
    closes = AttenteLue(
        lambda: (
            Petition.objects.filter(Q(agent=compte.pk) | Q(agent=None), etat=Etat.COLLECTE_CLOSE)
            .order_by("collecte_close_le", "pk")
            .values(*QUI, "collecte_close_le")[:ATTENTES_MONTREES]
        ),
        lambda lignes: [
            _tache(
                "Répondre aux pétitionnaires, puis clore",
                reverse("petitions:dossier", args=[ligne["pk"]]),
                "Ouvrir",
                ligne,
                ligne["collecte_close_le"],
                "seuil non atteint",
            )
            for ligne in lignes
        ],
    )
    return SectionJournee("sans_seuil", "Collectes closes sans seuil", [closes])


def _petition(ligne: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"reference": ligne["petition__reference"], "titre": ligne["petition__titre"]}


def _tache(
    quoi: str,
    url: str,
    bouton: str,
    petition: Mapping[str, Any],
    depuis: datetime | None,
    precision: str = "",
) -> Tache:
    return Tache(
        quoi=quoi,
        url=url,
        bouton=bouton,
        sur_quoi=" · ".join(filter(None, [petition["reference"], petition["titre"], precision])),
        genre="Pétition",
        app="petitions",
        depuis=depuis,
    )


def _au_comite(compte: Compte) -> SectionJournee:
    """Pétitions that this member of the comité has not fully examined since the last rewording."""
    lues = AttenteLue(
        lambda: _a_examiner(compte),
        lambda lignes: [
            Tache(
                quoi="Remplir la grille d’examen",
                url=reverse("petitions:examiner", args=[petition["pk"]]),
                bouton="Examiner",
                sur_quoi=f"{petition['reference']} · {petition['titre']} · {accorder(petition['examines'], 'critère examiné')} sur {petition['criteres']}{REFORMULEE if petition['change_le'] else ''}",
                genre="Pétition",
                app="petitions",
                date_limite=petition["limite"],
            )
            for petition in lignes
        ],
    )
    return SectionJournee("comite", "À examiner avec le comité de recevabilité", [lues])


def _a_examiner(compte: Compte) -> QuerySet[Any, Any]:
    reformulations = Entree.objects.filter(dossier=OuterRef("pk"), acte="reformuler").order_by("-le")
    siens = ExamenCritere.objects.filter(
        Q(le__gte=OuterRef("change_le")) | Q(IsNull(OuterRef("change_le"), True)),
        petition=OuterRef("pk"),
        par=compte,
    )
    delais = Echeance.objects.filter(dossier=OuterRef("pk"), cle="recevabilite").order_by("date_limite")
    a_examiner: QuerySet[Any, Any] = (
        Petition.objects.filter(etat=Etat.DEPOSEE)
        .exclude(deports__compte=compte)
        .annotate(change_le=Subquery(reformulations.values("le")[:1]))
        .annotate(
            examines=Combien(siens),
            criteres=Combien(Critere.objects.filter(reglement=OuterRef("reglement"))),
            limite=Subquery(delais.values("date_limite")[:1]),
        )
        .filter(examines__lt=F("criteres"))
        .order_by("limite", "pk")
        .values(*QUI, "examines", "criteres", "limite", "change_le")[:A_EXAMINER_MONTREES]
    )
    return a_examiner
