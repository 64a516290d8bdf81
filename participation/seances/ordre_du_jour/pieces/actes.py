"""Documents joined to a séance or to one of its points."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.seances.models import PieceSeance, Point, Seance
from participation.socle.actions import avancer, exiger
from participation.socle.actions.pieces import ACCEPTES, nommer, reconnaitre
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_case, champ_ligne, champ_parmi
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


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
    fichier = Fichier(label="Fichier")
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
