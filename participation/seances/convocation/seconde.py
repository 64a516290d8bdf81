"""A second convocation, for want of a quorum."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.seances.convocation.actes import convoquer
from participation.seances.models import PieceSeance, Point, PointDossier, Seance
from participation.seances.preparation import QuandForm
from participation.seances.regles import en_mots
from participation.socle.actions import consigner, enregistrer, exiger
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


def dire_seconde(seance: Seance) -> str:
    quorum = (
        "La nouvelle séance pourra délibérer sans condition de quorum."
        if seance.reglement.seconde_sans_quorum
        else "La même condition de quorum s’appliquera."
    )
    delai = en_mots(seance.reglement.delai_seconde, "calendaires")
    return f"Même ordre du jour, {delai} plus tard au moins. {quorum} La convocation part aussitôt."


@acte(
    Page[Seance](
        form=QuandForm,
        consequence=dire_seconde,
        succes="La seconde convocation part.",
        retour=lambda seance, seconde: (seconde or seance).get_absolute_url(),
    )
)
@transaction.atomic
def seconde_convocation(seance: Seance, *, par: Compte, debut: datetime, fin: datetime) -> Seance:
    """Convene a new séance with the same agenda, after one postponed for lack of quorum.

    Raises ActeInterdit (not postponed, or already done), ValidationError on `debut` (before the delay).
    """
    pas = exiger(seance, "seconde_convocation", par=par)
    au_plus_tot = max(
        seance.jour.date() + timedelta(days=seance.reglement.delai_seconde),
        timezone.localdate() + timedelta(days=seance.reglement.delai_seconde),
    )
    if timezone.localtime(debut).date() < au_plus_tot:
        raise ValidationError(
            {
                "debut": f"Le règlement demande {en_mots(seance.reglement.delai_seconde, 'calendaires')} d’intervalle : "
                f"la séance se tient au plus tôt le {jour_texte(au_plus_tot)}."
            }
        )
    seconde = enregistrer(
        Seance(
            instance=seance.instance,
            mandature=seance.mandature,
            reglement=seance.reglement,
            nature=seance.nature,
            titre=seance.titre,
            debut=debut,
            fin=fin,
            tenue=seance.tenue,
            lieu=seance.lieu,
            acces=seance.acces,
            lien_visio=seance.lien_visio,
            est_publique=seance.est_publique,
            rang_convocation=seance.rang_convocation + 1,
            premiere=seance,
        )
    )
    seconde.participants.set(seance.participants.all())
    _reprendre_ordre_du_jour(seance, seconde)
    consigner(seconde, pas.acte, par=par, details={"premiere": seance.pk})
    convoquer(seconde, par=par)
    return seconde


def _reprendre_ordre_du_jour(de: Seance, a: Seance) -> None:
    """Copy the points not treated, in the same order, with their open dossiers and their documents.

    The copied documents share the file on disk.
    """
    places: dict[int | None, Point | None] = {None: None}
    for ordre, point in enumerate(de.points_a_reprendre(), start=1):
        repris = Point.objects.create(
            seance=a,
            ordre=ordre,
            nature=point.nature,
            titre=point.titre,
            note=point.note,
            rapporteur=point.rapporteur,
            direction=point.direction,
            duree=point.duree,
            est_confidentiel=point.est_confidentiel,
            pv_de=point.pv_de,
        )
        places[point.pk] = repris
        PointDossier.objects.bulk_create(
            PointDossier(point=repris, dossier_id=lien.dossier_id, ordre=lien.ordre)
            for lien in point.liens_dossiers.filter(decision="", dossier__clos_le=None)
        )
    for piece in de.pieces.filter(retiree_le=None):
        if piece.point_id in places:
            PieceSeance.objects.create(
                seance=a,
                point=places[piece.point_id],
                titre=piece.titre,
                fichier=piece.fichier.name,
                nom=piece.nom,
                type_mime=piece.type_mime,
                taille=piece.taille,
                sha256=piece.sha256,
                est_publique=piece.est_publique,
                par=piece.par,
                deposee_le=piece.deposee_le,
            )
