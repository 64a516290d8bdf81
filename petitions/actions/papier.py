"""Paper: numbered sheets printed, entered line by line, checked by somebody else before they count."""

import random

import segno
from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import avancer, consigner
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Commune, Compte, Document
from participation.socle.verrous import verrou
from petitions.models import FeuillePapier, Petition, Signature
from petitions.regles.adresses import nom_canonique
from petitions.workflow import Etat

LIGNES = 12  # what fits on the printed sheet
RESSEMBLANCE = 0.6
E = FeuillePapier.Etat


@transaction.atomic
def imprimer_feuilles(petition: Petition, *, par: Compte, nombre: int) -> Document:
    """Number new sheets and ask for their PDF: one page each, with its own QR to the entry page."""
    _exiger_papier(petition)
    verrou(f"petitions:feuilles:{petition.pk}")
    dernier = petition.feuilles.aggregate(n=Max("numero"))["n"] or 0
    feuilles = FeuillePapier.objects.bulk_create(
        FeuillePapier(petition=petition, numero=dernier + i) for i in range(1, nombre + 1)
    )
    consigner(petition, "imprimer_feuilles", par=par, fait=f"{nombre} feuille(s) de signatures imprimée(s)")
    return demander_document(
        nature="petitions/feuille",
        titre=f"Feuilles de signatures {dernier + 1} à {dernier + nombre}",
        dossier=petition,
        par=par,
        donnees={
            "lignes": list(range(1, LIGNES + 1)),
            "age": petition.reglement.age_minimum,
            "adresse": settings.SITE_URL + reverse("petitions:signer", args=[petition.pk]),
            "feuilles": [
                {
                    "numero": feuille.numero,
                    "qr": segno.make(
                        settings.SITE_URL + reverse("petitions:saisir_feuille", args=[feuille.pk]),
                        error="m",
                        micro=False,
                    ).svg_data_uri(scale=3, border=1),
                }
                for feuille in feuilles
            ],
        },
    )


def _exiger_papier(petition: Petition) -> None:
    if not petition.reglement.papier_admis:
        raise ErreurMetier("Le règlement de cette pétition n’admet pas les signatures sur papier.")
    if petition.etat not in {Etat.EN_COLLECTE, Etat.SUSPENDUE}:
        raise ErreurMetier("La collecte n’est pas ouverte.")


def _verrouiller(feuille: FeuillePapier, *etats: str) -> None:
    feuille.refresh_from_db(from_queryset=FeuillePapier.objects.select_for_update())
    if feuille.etat not in etats:
        raise ActeInterdit(f"Cette feuille est « {feuille.get_etat_display()} ».")


def doublons_possibles(petition: Petition, *, prenom: str, nom: str, commune: Commune) -> list[Signature]:
    """Signatures of a like name in the same commune, online or on paper, the most alike first."""
    return list(
        Signature.objects.filter(
            petition=petition, commune=commune, etat__in=[Signature.Etat.CONFIRMEE, Signature.Etat.DEMANDEE]
        )
        .annotate(ressemblance=TrigramSimilarity("nom_canonique", nom_canonique(prenom, nom)))
        .filter(ressemblance__gte=RESSEMBLANCE)
        .select_related("feuille", "commune")
        .order_by("-ressemblance", "pk")[:5]
    )


@transaction.atomic
def saisir_ligne(
    feuille: FeuillePapier,
    *,
    par: Compte,
    prenom: str,
    nom: str,
    commune: Commune,
    qualite: str,
    malgre_doublon: bool = False,
) -> Signature:
    """Add the next line. A likely double is refused until the agent says she has looked."""
    _verrouiller(feuille, E.IMPRIMEE, E.EN_SAISIE)
    _exiger_papier(feuille.petition)
    if feuille.saisie_par_id not in {None, par.pk}:
        raise ErreurMetier(f"Cette feuille est saisie par {feuille.saisie_par}.")
    if not malgre_doublon and doublons_possibles(feuille.petition, prenom=prenom, nom=nom, commune=commune):
        raise ErreurMetier(
            "Une signature ressemblante existe dans cette commune : vérifiez, puis confirmez la ligne."
        )
    if feuille.etat == E.IMPRIMEE:
        feuille.etat, feuille.saisie_par = E.EN_SAISIE, par
        feuille.save(update_fields=["etat", "saisie_par"])
    ligne = (feuille.lignes.aggregate(n=Max("ligne"))["n"] or 0) + 1
    return Signature.objects.create(
        petition=feuille.petition,
        feuille=feuille,
        ligne=ligne,
        prenom=prenom,
        nom=nom,
        nom_canonique=nom_canonique(prenom, nom),
        commune=commune,
        qualite=qualite,
        origine=Signature.Origine.PAPIER,
    )


@transaction.atomic
def effacer_ligne(feuille: FeuillePapier, *, par: Compte, ligne: int) -> None:
    _verrouiller(feuille, E.EN_SAISIE)
    if feuille.saisie_par_id != par.pk:
        raise ErreurMetier(f"Cette feuille est saisie par {feuille.saisie_par}.")
    feuille.lignes.filter(ligne=ligne).delete()


@transaction.atomic
def clore_saisie(feuille: FeuillePapier, *, par: Compte) -> None:
    """End the entry and draw the lines that a colleague will check against the paper."""
    _verrouiller(feuille, E.EN_SAISIE)
    if feuille.saisie_par_id != par.pk:
        raise ErreurMetier(f"Cette feuille est saisie par {feuille.saisie_par}.")
    lignes = list(feuille.lignes.order_by("ligne").values_list("ligne", flat=True))
    if not lignes:
        raise ErreurMetier("Aucune ligne n’est saisie.")
    part = feuille.petition.reglement.part_controle_papier
    combien = max(1, -(-len(lignes) * part // 100))
    feuille.lignes_a_controler = sorted(random.SystemRandom().sample(lignes, combien))
    feuille.etat, feuille.saisie_close_le, feuille.motif_rejet = E.A_CONTROLER, timezone.now(), ""
    feuille.save(update_fields=["lignes_a_controler", "etat", "saisie_close_le", "motif_rejet"])


@transaction.atomic
def valider_feuille(feuille: FeuillePapier, *, par: Compte, conformes: set[int]) -> None:
    """Every line drawn is right: the sheet counts."""
    _verrouiller_controle(feuille, par)
    manquantes = set(feuille.lignes_a_controler) - conformes
    if manquantes:
        raise ErreurMetier(
            "Une ligne contrôlée n’est pas conforme : renvoyez la feuille à la saisie, ou rejetez-la."
        )
    maintenant = timezone.now()
    nombre = feuille.lignes.filter(etat=Signature.Etat.DEMANDEE).update(
        etat=Signature.Etat.CONFIRMEE, confirmee_le=maintenant
    )
    _decider(feuille, E.VALIDEE, par=par)
    avancer(
        feuille.petition,
        "valider_feuille",
        par=par,
        details={"feuille": feuille.numero, "signatures": nombre, "controlees": feuille.lignes_a_controler},
    )


@transaction.atomic
def renvoyer_feuille(feuille: FeuillePapier, *, par: Compte, motif: str) -> None:
    """A line is wrong: back to the entry, with the reason."""
    _verrouiller_controle(feuille, par)
    feuille.etat, feuille.motif_rejet, feuille.saisie_close_le = E.EN_SAISIE, motif, None
    feuille.lignes_a_controler = []
    feuille.save()
    consigner(
        feuille.petition,
        "renvoyer_feuille",
        par=par,
        fait=f"Feuille n° {feuille.numero} renvoyée à la saisie",
        motif=motif,
    )


@transaction.atomic
def rejeter_feuille(feuille: FeuillePapier, *, par: Compte, motif: str) -> None:
    """The sheet will not count."""
    _verrouiller_controle(feuille, par)
    feuille.lignes.update(etat=Signature.Etat.INVALIDEE)
    feuille.motif_rejet = motif
    _decider(feuille, E.REJETEE, par=par)
    consigner(
        feuille.petition, "rejeter_feuille", par=par, fait=f"Feuille n° {feuille.numero} rejetée", motif=motif
    )


def _verrouiller_controle(feuille: FeuillePapier, par: Compte) -> None:
    _verrouiller(feuille, E.A_CONTROLER)
    if feuille.saisie_par_id == par.pk:
        raise ErreurMetier("Vous avez saisi cette feuille : une autre personne la contrôle.")


def _decider(feuille: FeuillePapier, etat: str, *, par: Compte) -> None:
    feuille.etat, feuille.controlee_par, feuille.controlee_le = etat, par, timezone.now()
    feuille.full_clean()
    feuille.save()
