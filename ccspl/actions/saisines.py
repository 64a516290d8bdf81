"""Acts on saisines: register, give a basis, put on an agenda, open the drafting, abandon; dates of the
council."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ccspl.models import INSTANCE, Avis, ReunionDuConseil, ServiceSuivi
from ccspl.notifications import saisines as notifications
from ccspl.regles.calendrier_legal import date_limite_avis
from ccspl.workflow import VIVANTS, Etat
from participation.seances.actions.preparation import ajouter_point
from participation.seances.models import Instance, Point, Seance
from participation.socle.actions import (
    annuler_echeance,
    avancer,
    consigner,
    donner_reference,
    exiger,
    fixer_echeance,
)
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte

UN_JOUR = timedelta(days=1)
MINUTES_D_EXAMEN = 20  # default duration of the point
RAPPELS = (30, 14, 7)  # days before the limit of the avis


@transaction.atomic
def saisir(
    avis: Avis,
    *,
    par: Compte,
    service: ServiceSuivi,
    autres_services: Iterable[ServiceSuivi] = (),
    objet: str,
    titre: str,
    contexte: str = "",
    saisine: str = Avis.Saisine.A_DIRE,
    fondement: str = "",
    date_saisine: date | None = None,
    conseil: ReunionDuConseil | None = None,
    demandeur: str = "",
    adresse_demandeur: str = "",
) -> Avis:
    """Register a saisine, on a new row: reference, échéance before the council, receipt to the requester.

    Raises ErreurMetier when the commission has no mandature on that day, ValidationError on the fields.
    """
    pas = exiger(avis, "saisir", par=par)
    jour = date_saisine or timezone.localdate()
    if jour > timezone.localdate():
        raise ValidationError({"date_saisine": "Cette date n’est pas encore arrivée."})
    instance = Instance.objects.filter(cle=INSTANCE).first()
    mandature = instance.mandature_du(jour) if instance is not None else None
    if mandature is None:
        raise ErreurMetier(
            "La commission n’a pas de mandature à cette date. Créez-la dans « Instances », puis enregistrez la saisine."
        )
    exiger_fondement(objet, saisine, fondement)
    pas.avancer(
        champs={
            "reference": donner_reference(avis),
            "service": service,
            "mandature": mandature,
            "objet": objet,
            "titre": titre,
            "contexte": contexte,
            "resume": contexte,
            "saisine": saisine,
            "fondement": fondement,
            "date_saisine": jour,
            "conseil": conseil,
            "demandeur": demandeur,
            "adresse_demandeur": adresse_demandeur,
            "direction": service.direction,
            "agent": par,
            "ouvert_le": timezone.now(),
        },
        motif=contexte,
        details={"saisine": saisine, "fondement": fondement},
    )
    avis.autres_services.set(autre for autre in autres_services if autre != service)
    fixer_date_limite(avis)
    notifications.saisir(avis)
    return avis


def exiger_fondement(objet: str, saisine: str, fondement: str) -> None:
    """Raise ValidationError when the basis is not valid (L1413-1).

    A deliberation or a delegation needs its number; the yearly examination is only for annual reports.
    """
    if saisine in {Avis.Saisine.DELIBERATION, Avis.Saisine.DELEGATION} and not fondement:
        raise ValidationError(
            {"fondement": "Donnez le numéro et la date de la délibération ou de la délégation."}
        )
    if saisine == Avis.Saisine.LOI and objet != Avis.Objet.RAPPORT:
        raise ValidationError({"saisine": "L’examen prévu par la loi ne concerne que les rapports annuels."})


def fixer_date_limite(avis: Avis) -> None:
    """Set the échéance of the avis: before the council; for a report without a council, before the end of the
    year."""
    limite = date_limite_avis(
        objet=avis.objet, date_saisine=avis.date_saisine, conseil=avis.conseil.date if avis.conseil else None
    )
    if avis.est_rendu:
        return
    if limite is None:
        annuler_echeance(avis, "avis")
        return
    fixer_echeance(
        avis,
        "avis",
        libelle="Rendre l’avis avant le conseil" if avis.conseil else "Examiner le rapport dans l’année",
        date_limite=limite,
        est_legale=True,
        rappels=RAPPELS,
        escalade=1,
        responsable=avis.agent,
    )


@transaction.atomic
def fonder(
    avis: Avis,
    *,
    par: Compte,
    saisine: str,
    fondement: str = "",
    conseil: ReunionDuConseil | None = None,
    autres_services: Iterable[ServiceSuivi] | None = None,
) -> None:
    """Save the basis of the saisine and the council that decides; the échéance follows.

    `autres_services`: None leaves them unchanged.
    """
    exiger_fondement(avis.objet, saisine, fondement)
    avancer(
        avis,
        "fonder",
        par=par,
        details={"saisine": saisine, "fondement": fondement, "conseil": str(conseil or "")},
        champs={"saisine": saisine, "fondement": fondement, "conseil": conseil},
    )
    if autres_services is not None:
        avis.autres_services.set(autre for autre in autres_services if autre.pk != avis.service_id)
    fixer_date_limite(avis)


@transaction.atomic
def inscrire_en_seance(avis: Avis, *, par: Compte, seance: Seance) -> Point:
    """Put the avis on the agenda of a séance to come."""
    avancer(
        avis,
        "inscrire_en_seance",
        par=par,
        fait=f"À l’ordre du jour de la séance du {jour_texte(seance.debut)}",
        details={"seance": seance.pk},
    )
    return ajouter_point(
        seance,
        par=par,
        dossiers=[avis],
        nature=Point.Nature.AVIS,
        titre=avis.titre,
        direction=avis.direction,
        duree=MINUTES_D_EXAMEN,
    )


@transaction.atomic
def ouvrir_redaction(avis: Avis, *, par: Compte, contexte: str = "") -> None:
    """Open the drafting to members, who each get a link. `contexte`: new wording of the question, if any."""
    champs: dict[str, Any] = {"contexte": contexte, "resume": contexte} if contexte else {}
    avancer(avis, "ouvrir_redaction", par=par, champs=champs)
    notifications.ouvrir_redaction(avis)


@transaction.atomic
def abandonner(avis: Avis, *, par: Compte, motif: str) -> None:
    """Close a saisine without an avis: project withdrawn, or saisine made by mistake."""
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la saisine est sans objet."})
    avant = avis.etat
    avancer(avis, "abandonner", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(avis)
    notifications.abandonner(avis, motif=motif, en_cours=avant != Etat.SAISIE)


# Dates of the council


@transaction.atomic
def ajouter_reunion(reunion: ReunionDuConseil, *, par: Compte, **champs: Any) -> ReunionDuConseil:
    """Add a date of the council. Raises ValidationError when it already exists."""
    exiger(reunion, "ajouter_reunion", par=par)
    _enregistrer(reunion, champs)
    return reunion


@transaction.atomic
def modifier_reunion(reunion: ReunionDuConseil, *, par: Compte, **champs: Any) -> None:
    """Change a date of the council; the échéances of its avis follow."""
    exiger(reunion, "modifier_reunion", par=par)
    _enregistrer(reunion, champs)
    attendus: Any = reunion.avis.filter(etat__in=VIVANTS).select_related("conseil", "agent")
    for avis in attendus:
        limite = avis.echeances.ouvertes().filter(cle="avis").first()
        fixer_date_limite(avis)
        if limite is not None and limite.date_limite != reunion.date - UN_JOUR:
            consigner(
                avis,
                "modifier_reunion",
                par=par,
                fait=f"Date du conseil changée : {jour_texte(reunion.date)}",
            )


@transaction.atomic
def supprimer_reunion(reunion: ReunionDuConseil, *, par: Compte) -> None:
    """Delete a date of the council, which no avis may be waiting for."""
    exiger(reunion, "supprimer_reunion", par=par)
    reunion.delete()


def _enregistrer(reunion: ReunionDuConseil, champs: dict[str, Any]) -> None:
    for champ, valeur in champs.items():
        setattr(reunion, champ, valeur)
    reunion.full_clean()
    reunion.save()
