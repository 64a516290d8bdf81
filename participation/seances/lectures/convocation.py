"""Content of the PDF of a convocation."""

from datetime import timedelta
from typing import Any

from participation.seances.models import Convocation, Membre, Seance
from participation.seances.workflow import EtatPoint
from participation.socle.francais import enumerer, jour_texte
from participation.socle.francais import heure as en_heures


def presidents(seance: Seance) -> list[str]:
    """Return the names of the people who convene: the president in office that day, or else the copresidents."""
    qui = list(
        Membre.objects.filter(college__mandature=seance.mandature_id)
        .filter(fonction__in=[Membre.Fonction.PRESIDENT, Membre.Fonction.COPRESIDENT])
        .en_fonction(seance.jour.date())
        .select_related("compte")
        .order_by("fonction", "compte__nom", "pk")
    )
    seuls = [membre for membre in qui if membre.fonction == Membre.Fonction.PRESIDENT] or qui
    return [nom for membre in seuls if (nom := membre.compte.get_full_name())]


def photographier(seance: Seance, convocation: Convocation) -> dict[str, Any]:
    """Return the content of the PDF as JSON values, which do not change when the séance does."""
    jour, reglement = seance.jour, seance.reglement
    return {
        "instance": seance.instance.nom,
        "fondement": seance.instance.fondement,
        "titre": seance.titre,
        "nature": seance.get_nature_display(),
        "nature_en_phrase": seance.nature_en_phrase,
        "jour": jour_texte(jour, "long"),
        "debut": en_heures(jour),
        "fin": en_heures(seance.fin),
        "tenue": seance.get_tenue_display(),
        "lieu": seance.lieu,
        "acces": seance.acces,
        "lien_visio": seance.lien_visio if seance.tenue != Seance.Tenue.SALLE else "",
        "est_publique": seance.est_publique,
        "rencontre": not seance.est_deliberante,
        "points": _points(seance),
        "pieces": [
            piece.titre
            for piece in seance.pieces.filter(point=None, retiree_le=None).order_by("deposee_le", "pk")
        ],
        "modification": convocation.nature
        in {convocation.Nature.MODIFICATION, convocation.Nature.DEPLACEMENT},
        "deplacement": convocation.nature == convocation.Nature.DEPLACEMENT,
        "motif": convocation.motif,
        "mot": convocation.mot,
        "presidence": enumerer(presidents(seance)),
        "urgente": convocation.est_urgente,
        "seconde": seance.rang_convocation > 1,
        "sans_quorum": seance.rang_convocation > 1 and reglement.seconde_sans_quorum,
        "reglement": str(reglement),
        "pouvoirs": reglement.pouvoirs_par_personne,
        "suppleants": reglement.avec_suppleants
        and seance.mandature.colleges.filter(a_des_suppleants=True).exists(),
    }


def _points(seance: Seance) -> list[dict[str, Any]]:
    """Return the agenda with the planned hour of each point."""
    heure = seance.jour
    points = []
    for point in (
        seance.points.exclude(etat=EtatPoint.RETIRE)
        .select_related("direction", "pv_de")
        .prefetch_related("dossiers", "pieces")
        .order_by("ordre", "pk")
    ):
        points.append(
            {
                "nature": point.nature_a_dire,
                "titre": point.titre,
                "note": point.note,
                "rapporteur": point.rapporteur,
                "direction": str(point.direction or ""),
                "duree": point.duree,
                "heure": en_heures(heure),
                "confidentiel": point.est_confidentiel,
                "tardif": point.est_tardif,
                "reporte": point.etat == EtatPoint.REPORTE,
                "pv_de": str(point.pv_de or ""),
                "dossiers": [str(dossier) for dossier in point.dossiers.all()],
                "pieces": [piece.titre for piece in point.pieces.all() if piece.retiree_le is None],
            }
        )
        if point.etat != EtatPoint.REPORTE:
            heure += timedelta(minutes=point.duree)
    return points
