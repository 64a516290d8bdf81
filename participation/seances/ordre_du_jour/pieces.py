"""Documents joined to a séance or to one of its points: who may read each, how they are joined and withdrawn."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.seances.models import PieceSeance, Point, Seance
from participation.seances.workflow import Etat
from participation.socle.actions import avancer, exiger
from participation.socle.actions.pieces import ACCEPTES, nommer, reconnaitre
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_case, champ_ligne, champ_parmi
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import Page, acte


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


@transaction.atomic
def joindre_piece(
    seance: Seance,
    point: Point | None,
    fichier: UploadedFile,
    *,
    par: Compte | None,
    titre: str = "",
    est_publique: bool = False,
) -> PieceSeance:
    """Keep a document of the séance or of one point; past the last day to convene, it is marked late.

    Raises ValidationError on `fichier`.
    """
    contenu = reconnaitre(fichier)
    pas = exiger(seance, "joindre_piece", par=par)
    if point is not None and point.seance_id != seance.pk:
        raise ErreurMetier("Ce point est d’une autre séance.")
    empreinte = hashlib.sha256(contenu.octets).hexdigest()
    deja = seance.pieces.filter(sha256=empreinte, point=point, retiree_le=None).first()
    if deja is not None:
        raise ValidationError({"fichier": f"Ce fichier est déjà joint, sous le titre « {deja.titre} »."})
    nom = nommer(fichier.name or "", contenu.extension)
    piece = PieceSeance(
        seance=seance,
        point=point,
        titre=(titre.strip() or nom)[:160],
        nom=nom,
        type_mime=contenu.type_mime,
        taille=len(contenu.octets),
        sha256=empreinte,
        est_publique=est_publique and not (point is not None and point.est_confidentiel),
        est_tardive=timezone.localdate() > seance.date_limite,
        par=par,
    )
    piece.full_clean(exclude=["fichier"])
    piece.fichier.save(nom, ContentFile(contenu.octets), save=False)
    try:
        piece.save()
        pas.avancer(
            fait=f"Pièce jointe : {piece.titre}",
            details={"piece": piece.pk, "sha256": empreinte, "tardive": piece.est_tardive},
        )
    except Exception:
        piece.fichier.storage.delete(piece.fichier.name)
        raise
    return piece


@acte(
    Page[PieceSeance](
        consequence="Elle n’est plus montrée à personne. Le journal garde la trace de son retrait.",
        succes="La pièce est retirée.",
        retour="#pieces",
    )
)
def retirer_piece(piece: PieceSeance, *, par: Compte) -> None:
    """Hide a document. Its file and its line in the journal stay."""
    avancer(
        piece,
        "retirer_piece",
        par=par,
        champs={"retiree_le": timezone.now()},
        fait=f"Pièce retirée : {piece.titre}",
        details={"piece": piece.pk, "sha256": piece.sha256},
    )


class JoindrePieceSeanceForm(ActeForm):
    titre = champ_ligne("Titre de la pièce", maximum=160)
    fichier = ChampFichier(label="Fichier")
    point = champ_parmi("Point", Point.objects.none(), requis=False, vide="Toute la séance")
    est_publique = champ_case(
        "Montrer cette pièce au public",
        "Une fois la convocation partie, sauf pour un point à huis clos.",
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir("point", self.objet.points.exclude(etat="retire").order_by("ordre"))
        taille = settings.PIECE_TAILLE_MAX // (1024 * 1024)
        self.fields["fichier"].help_text = f"{ACCEPTES}, {taille} Mo au plus."


@publique
@require_safe
def piece(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a document: to everybody if public, otherwise to agents and to members who may read the séance."""
    trouvee = get_object_or_404(
        PieceSeance.objects.select_related("seance__instance", "point"), pk=pk, retiree_le=None
    )
    publique_a_tous = est_publique(trouvee)
    if not publique_a_tous:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not peut_lire(trouvee, request.user):
            raise Http404
    return servir(
        request,
        trouvee.fichier,
        nom=trouvee.nom,
        type_mime=trouvee.type_mime,
        empreinte=trouvee.sha256,
        est_public=publique_a_tous,
    )


def dire_piece(seance: Seance) -> str:
    if timezone.localdate() > seance.date_limite:
        return "Le délai de convocation est passé : cette pièce sera montrée comme « envoyée hors délai »."
    return "Les personnes convoquées la trouvent sur la page de la séance."


def demander_le_point(request: RequeteConnectee, seance: Seance, form: ActeForm) -> dict[str, Any]:
    form.initial["point"] = request.GET.get("point", "")
    return {}


PAGES_PIECES_JOINTES: dict[str, Page[Seance]] = {
    "joindre_piece": Page(
        lambda seance, par, point, fichier, **reponses: joindre_piece(
            seance, point, fichier, par=par, **reponses
        ),
        JoindrePieceSeanceForm,
        dire_piece,
        succes="La pièce est jointe.",
        retour="#pieces",
        contexte=demander_le_point,
    )
}
