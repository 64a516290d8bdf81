"""The documents of a séance, and who may read each."""

from participation.seances.models import PieceSeance, Seance
from participation.seances.workflow import Etat
from participation.socle.models import Compte


def est_publique(piece: PieceSeance) -> bool:
    return (
        piece.est_publique
        and piece.seance.instance.est_publique
        and piece.seance.etat != Etat.PROGRAMMEE
        and not (piece.point is not None and piece.point.est_confidentiel)
    )


def peut_lire(piece: PieceSeance, compte: Compte) -> bool:
    if compte.est_agent:
        return True
    if piece.seance.etat == Etat.PROGRAMMEE:
        return False
    a_huis_clos = piece.point is not None and piece.point.est_confidentiel
    lues = Seance.objects.lues_en_entier_par(compte) if a_huis_clos else Seance.objects.lues_par(compte)
    return lues.filter(pk=piece.seance_id).exists()


def pieces_de(seance: Seance, *, avec_seance: bool = False) -> list[PieceSeance]:
    pieces = seance.pieces.filter(retiree_le=None).order_by("deposee_le", "pk")
    if not avec_seance:
        return list(pieces)
    lues = list(pieces.select_related("point"))
    for piece in lues:
        piece.seance = seance
    return lues
