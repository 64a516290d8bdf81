"""What « Ma journée » shows of the pétitions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.urls import reverse

from participation.socle.francais import accorder
from participation.socle.models import Compte, Entree
from participation.socle.vitrine import SectionJournee, Tache
from petitions.models import FeuillePapier, Nouvelle, Petition, SeuilEnAttente, Signature
from petitions.models.comite import siege_au_comite
from petitions.workflow import Etat

A_EXAMINER_MONTREES, ATTENTES_MONTREES = 20, 20
REFORMULEE = " · le texte a été reformulé"


def sections(compte: Compte) -> list[SectionJournee]:
    """All that waits for this account and that no échéance tells."""
    trouvees = [_au_comite(compte)]
    if compte.est_agent:
        trouvees += [_nouveaux_depots(), _reformulees(), _messages_a_relire(), _a_verifier(compte)]
    return [section for section in trouvees if section is not None]


def _nouveaux_depots() -> SectionJournee:
    """Filed, and nobody has taken charge of them."""
    nouvelles = Petition.objects.filter(agent=None, etat__in=[Etat.DEPOSEE, Etat.RECEVABLE]).order_by(
        "deposee_le", "pk"
    )
    return SectionJournee(
        "depots",
        "Nouveaux dépôts",
        [
            _tache(
                "Prendre en charge",
                reverse("petitions:dossier", args=[ligne["pk"]]),
                "Ouvrir",
                ligne,
                ligne["deposee_le"],
            )
            for ligne in nouvelles.values("pk", "reference", "titre", "deposee_le")[:ATTENTES_MONTREES]
        ],
    )


def _reformulees() -> SectionJournee:
    """The author answered the comité, and nobody has looked at the new text: the grid is to be filled again."""
    du_dossier = Entree.objects.filter(dossier=OuterRef("pk")).order_by("-le")
    relues = du_dossier.filter(acte__in=["examiner", "demander_reformulation"])
    recues = (
        Petition.objects.filter(etat=Etat.DEPOSEE)
        .annotate(
            recue_le=Subquery(du_dossier.filter(acte="reformuler").values("le")[:1]),
            relue_le=Subquery(relues.values("le")[:1]),
        )
        .filter(Q(relue_le__isnull=True) | Q(relue_le__lt=F("recue_le")), recue_le__isnull=False)
        .order_by("recue_le", "pk")
    )
    return SectionJournee(
        "reformulees",
        "Textes reformulés",
        [
            _tache(
                "Lire la nouvelle rédaction",
                f"{reverse('petitions:dossier', args=[ligne['pk']])}#texte",
                "Lire",
                ligne,
                ligne["recue_le"],
                "le délai du comité a repris",
            )
            for ligne in recues.values("pk", "reference", "titre", "recue_le")[:ATTENTES_MONTREES]
        ],
    )


def _messages_a_relire() -> SectionJournee:
    """What authors wrote to signers, which leaves once it is read."""
    attendues = Nouvelle.objects.a_relire().select_related("petition").order_by("proposee_le", "pk")
    return SectionJournee(
        "messages",
        "Messages d’auteurs à relire",
        [
            _tache(
                f"Relire « {nouvelle.titre} »",
                reverse("petitions:publier_nouvelle", args=[nouvelle.pk]),
                "Relire",
                {"reference": nouvelle.petition.reference, "titre": nouvelle.petition.titre},
                nouvelle.proposee_le,
            )
            for nouvelle in attendues[:ATTENTES_MONTREES]
        ],
    )


def _a_verifier(compte: Compte) -> SectionJournee:
    """Thresholds that wait, signatures set aside, sheets that somebody else entered: the oldest first."""
    taches = [
        _tache(
            f"Décider du {attente}",
            reverse("petitions:confirmer_seuil", args=[attente.pk]),
            "Décider",
            {"reference": attente.petition.reference, "titre": attente.petition.titre},
            attente.depuis,
        )
        for attente in SeuilEnAttente.objects.a_decider().select_related("petition", "seuil")
    ]
    qui = ("pk", "reference", "titre")
    ecartees = (
        Petition.objects.filter(signatures__etat=Signature.Etat.ECARTEE)
        .values(*qui, "reglement__purge_jours")
        .annotate(nombre=Count("signatures"), depuis=Min("signatures__demandee_le"))
    )
    taches += [
        _tache(
            f"Examiner {accorder(ligne['nombre'], 'signature mise à l’écart', 'signatures mises à l’écart')}",
            reverse("petitions:signatures_ecartees", args=[ligne["pk"]]),
            "Examiner",
            ligne,
            ligne["depuis"],
            f"effacées après {ligne['reglement__purge_jours']} jours sans examen",
        )
        for ligne in ecartees.order_by("depuis")[:ATTENTES_MONTREES]
    ]
    feuilles = (
        # Not hers: another one checks what she has entered.
        Petition.objects.filter(
            Q(feuilles__etat=FeuillePapier.Etat.A_CONTROLER) & ~Q(feuilles__saisie_par=compte.pk)
        )
        .values(*qui)
        .annotate(nombre=Count("feuilles"), depuis=Min("feuilles__saisie_close_le"))
    )
    taches += [
        _tache(
            f"Contrôler {accorder(ligne['nombre'], 'feuille de signatures', 'feuilles de signatures')}",
            reverse("petitions:feuilles", args=[ligne["pk"]]),
            "Contrôler",
            ligne,
            ligne["depuis"],
        )
        for ligne in feuilles.order_by("depuis")[:ATTENTES_MONTREES]
    ]
    return SectionJournee("signatures", "Signatures à vérifier", taches)


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


def _au_comite(compte: Compte) -> SectionJournee | None:
    """What the comité de recevabilité expects of its member: her own view of each pétition, given again once it is reworded."""
    if not siege_au_comite(compte):
        return None
    reformulations = Entree.objects.filter(dossier=OuterRef("pk"), acte="reformuler").order_by("-le")
    a_examiner = (
        Petition.objects.filter(etat=Etat.DEPOSEE)
        .exclude(deports__compte=compte)
        .annotate(change_le=Subquery(reformulations.values("le")[:1]))
        .annotate(
            examines=Count(
                "examens",
                distinct=True,
                filter=Q(examens__par=compte)
                & (Q(change_le__isnull=True) | Q(examens__le__gte=F("change_le"))),
            ),
            criteres=Count("reglement__criteres", distinct=True),
            limite=Min("echeances__date_limite", filter=Q(echeances__cle="recevabilite")),
        )
        .filter(examines__lt=F("criteres"))
        .order_by("limite", "pk")
    )
    return SectionJournee(
        "comite",
        "À examiner avec le comité de recevabilité",
        [
            Tache(
                quoi="Remplir la grille d’examen",
                url=reverse("petitions:examiner", args=[petition["pk"]]),
                bouton="Examiner",
                sur_quoi=f"{petition['reference']} · {petition['titre']} · {accorder(petition['examines'], 'critère examiné')} sur {petition['criteres']}{REFORMULEE if petition['change_le'] else ''}",
                genre="Pétition",
                app="petitions",
                date_limite=petition["limite"],
            )
            for petition in a_examiner.values(
                "pk", "reference", "titre", "examines", "criteres", "limite", "change_le"
            )[:A_EXAMINER_MONTREES]
        ],
    )
