"""Preparing a séance: its date, its agenda and its documents."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from participation.seances.models import (
    DemandePoint,
    Instance,
    Mandature,
    PieceSeance,
    Point,
    PointDossier,
    Seance,
)
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.actions import avancer, exiger
from participation.socle.actions.pieces import nommer, reconnaitre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Dossier
from participation.socle.versions import exiger_version

# Fields announced by the convocation. Afterwards only `deplacer` changes them, with a reason.
ANNONCES = ("debut", "fin", "tenue", "lieu", "lien_visio")


@transaction.atomic
def programmer(instance: Instance, *, par: Compte | None, **champs: Any) -> Seance:
    """Create a séance under the mandature and the version of the règlement in force on its day.

    Raises ErreurMetier without one of them, ValidationError on the fields.
    """
    debut = champs.get("debut")
    if debut is None:
        raise ValidationError({"debut": "Dites quand la séance commence."})
    jour = timezone.localtime(debut).date()
    reglement, mandature = instance.reglement_du(jour), instance.mandature_du(jour)
    dit = jour_texte(jour)
    if mandature is None:
        raise ErreurMetier(
            f"Aucune mandature de « {instance.sigle} » ne couvre le {dit}. Créez-la ou changez de date."
        )
    if reglement is None:
        raise ErreurMetier(
            f"Aucun règlement de « {instance.sigle} » n’est en vigueur le {dit}. Ajoutez sa version, puis recommencez."
        )
    seance = Seance(instance=instance, mandature=mandature, reglement=reglement)
    champs["nature"] = _nature_tenue(mandature, champs.get("nature", seance.nature))
    avancer(seance, "programmer", par=par, champs=champs, details={"reglement": reglement.pk})
    exiger_lien(seance)
    return seance


@transaction.atomic
def modifier(seance: Seance, *, par: Compte, **champs: Any) -> None:
    """Change what needs no letter. Before the convocation, a new date also changes mandature and règlement.

    Raises ErreurMetier for a date, a place or a link already announced: use `deplacer`.
    """
    pas = exiger(seance, "modifier", par=par)
    if seance.etat == Etat.CONVOQUEE and any(
        champ in champs and champs[champ] != getattr(seance, champ) for champ in ANNONCES
    ):
        raise ErreurMetier(
            "Les membres sont convoqués : la date, le lieu et le lien se changent par « Déplacer », qui les prévient."
        )
    if seance.etat == Etat.PROGRAMMEE and champs.get("debut", seance.debut) != seance.debut:
        champs |= _cadre_du_jour(seance, champs["debut"])
    if "nature" in champs:
        champs["nature"] = _nature_tenue(champs.get("mandature", seance.mandature), champs["nature"])
    pas.avancer(champs=champs)
    exiger_lien(seance)


def _nature_tenue(mandature: Mandature, nature: str) -> str:
    """Return the nature to keep: where nobody has a seat (a network), a plenary becomes a meeting."""
    se_reunit = nature == Seance.Nature.PLENIERE and not mandature.colleges.exists()
    return Seance.Nature.REUNION if se_reunit else nature


def _cadre_du_jour(seance: Seance, debut: Any) -> dict[str, Any]:
    """Return the mandature and the règlement of the new day. Raises ErreurMetier without one of them."""
    jour = timezone.localtime(debut).date()
    mandature, reglement = seance.instance.mandature_du(jour), seance.instance.reglement_du(jour)
    if mandature is None or reglement is None:
        raise ErreurMetier("Ce jour-là, cette instance n’a pas de mandature ou pas de règlement en vigueur.")
    return {"mandature": mandature, "reglement": reglement}


def exiger_lien(seance: Seance) -> None:
    """Raise ValidationError if a séance held only in a room has a video link."""
    if seance.tenue == Seance.Tenue.SALLE and seance.lien_visio:
        raise ValidationError(
            {
                "lien_visio": "Une séance en salle n’a pas de lien : retirez-le, ou choisissez « en salle et à distance »."
            }
        )


# Agenda


@transaction.atomic
def ajouter_point(
    seance: Seance, *, par: Compte | None, dossiers: Iterable[Dossier] = (), **champs: Any
) -> Point:
    """Add a point at the end of the agenda, with its dossiers. After the convocation, it is marked late."""
    pas = exiger(seance, "ajouter_point", par=par)
    point = Point(
        seance=seance,
        ordre=(seance.points.aggregate(dernier=Max("ordre"))["dernier"] or 0) + 1,
        est_tardif=seance.etat != Etat.PROGRAMMEE,
        **champs,
    )
    _nettoyer(point)
    point.save()
    for ordre, dossier in enumerate(dossiers, start=1):
        _lier(point, dossier, ordre)
    pas.avancer(fait=f"Point ajouté : {point.titre}", details={"point": point.pk, "tardif": point.est_tardif})
    return point


@transaction.atomic
def modifier_point(point: Point, *, par: Compte, vu: str = "", **champs: Any) -> None:
    """Change the text of a point. `vu`: fingerprint of the text that the page showed.

    Raises TexteDepasse if somebody else changed it in the meantime.
    """
    pas = exiger(point, "modifier_point", par=par)
    exiger_version(point, {"titre": champs.get("titre", ""), "note": champs.get("note", "")}, vu)
    for champ, valeur in champs.items():
        setattr(point, champ, valeur)
    _nettoyer(point)
    point.save()
    pas.avancer(fait=f"Point modifié : {point.titre}", details={"point": point.pk})


@transaction.atomic
def ordonner(point: Point, *, par: Compte, sens: str) -> None:
    """Move a point one place up (« monter ») or down (« descendre »). At the end of the list, does nothing."""
    pas = exiger(point, "ordonner", par=par)
    points = list(point.seance.points.exclude(etat=EtatPoint.RETIRE).order_by("ordre", "pk"))
    place = next(rang for rang, autre in enumerate(points) if autre.pk == point.pk)
    voisin = place + (-1 if sens == "monter" else 1)
    if not 0 <= voisin < len(points):
        return
    autre = points[voisin]
    ordre = point.ordre
    Point.objects.filter(pk=point.pk).update(ordre=autre.ordre)
    Point.objects.filter(pk=autre.pk).update(ordre=ordre)
    point.refresh_from_db()
    pas.avancer(
        fait=f"Point déplacé dans l’ordre du jour : {point.titre}", details={"point": point.pk, "sens": sens}
    )


@transaction.atomic
def retirer_point(point: Point, *, par: Compte, motif: str = "", suite: str = "") -> None:
    """Take a point off the agenda.

    Before the convocation it is deleted. After it, the point stays with its reason (ValidationError on
    `motif` if empty): postponed if `suite` is « reporte », otherwise withdrawn.
    """
    pas = exiger(point, "retirer_point", par=par)
    seance, titre, numero, est_reporte = point.seance, point.titre, point.pk, suite == EtatPoint.REPORTE
    # A demand of members on this point becomes due again.
    DemandePoint.objects.filter(point=point).update(etat=DemandePoint.Etat.DUE, point=None)
    if seance.etat == Etat.PROGRAMMEE:
        for piece in point.pieces.all():
            # Keep the document, hidden: it is proof of what was shown.
            PieceSeance.objects.filter(pk=piece.pk).update(
                point=None, retiree_le=piece.retiree_le or timezone.now()
            )
        point.delete()
        for ordre, autre in enumerate(seance.points.order_by("ordre", "pk"), start=1):
            Point.objects.filter(pk=autre.pk).update(ordre=ordre)
        fait = f"Point retiré : {titre}"
    else:
        if not motif.strip():
            raise ValidationError(
                {"motif": "Ce point a été annoncé : dites pourquoi il est retiré ou reporté."}
            )
        if point.etat != EtatPoint.A_TRAITER:
            raise ActeInterdit(f"Ce point est « {point.get_etat_display()} » : il ne se retire plus.")
        point.etat = EtatPoint.REPORTE if est_reporte else EtatPoint.RETIRE
        point.motif = motif.strip()
        point.save(update_fields=["etat", "motif"])
        fait = f"Point {'reporté' if est_reporte else 'retiré'} : {titre}"
    pas.avancer(fait=fait, motif=motif, details={"point": numero})


@transaction.atomic
def ajouter_dossier(point: Point, dossier: Dossier, *, par: Compte) -> PointDossier:
    """Put a dossier on a point. Raises ValidationError (dossier closed, reserved, or already on the point)."""
    pas = exiger(point, "ajouter_dossier", par=par)
    lien = _lier(point, dossier, (point.liens_dossiers.aggregate(m=Max("ordre"))["m"] or 0) + 1)
    pas.avancer(
        fait=f"Dossier {dossier.reference or dossier.titre} mis au point « {point.titre} »",
        details={"point": point.pk, "dossier": dossier.pk},
    )
    return lien


@transaction.atomic
def retirer_dossier(lien: PointDossier, *, par: Compte) -> Point:
    """Take a dossier off a point. Raises ActeInterdit if the séance has decided on it."""
    pas = exiger(lien, "retirer_dossier", par=par)
    point, dossier = lien.point, lien.dossier
    lien.delete()
    pas.avancer(
        fait=f"Dossier {dossier.reference or dossier.titre} retiré du point « {point.titre} »",
        details={"point": point.pk, "dossier": dossier.pk},
    )
    return point


# Documents


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


# Shared helpers


def _lier(point: Point, dossier: Dossier, ordre: int) -> PointDossier:
    if dossier.clos_le is not None:
        raise ValidationError({"dossier": f"Le dossier {dossier.reference or dossier.titre} est clos."})
    # Lock the dossier: another act may make it reserved at the same moment.
    reserves = Dossier.objects.select_for_update(no_key=True).values_list("est_reserve", flat=True)
    if reserves.get(pk=dossier.pk):
        raise ValidationError(
            {"dossier": f"Le dossier {dossier.reference} est réservé : aucune séance ne le montre."}
        )
    lien = PointDossier(point=point, dossier_id=dossier.pk, ordre=ordre)
    lien.full_clean()
    lien.save()
    return lien


def _nettoyer(point: Point) -> None:
    if point.nature != Point.Nature.APPROBATION:
        point.pv_de = None
    elif point.pv_de is not None and point.pv_de.instance_id != point.seance.instance_id:
        raise ValidationError({"pv_de": "Ce procès-verbal est celui d’une autre instance."})
    point.full_clean(exclude=["ordre"])
