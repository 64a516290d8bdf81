"""An avis is submitted to the vote, adopted, rejected."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ccspl.actions.texte import versionner
from ccspl.lectures import presentation
from ccspl.models import Avis
from ccspl.notifications import redaction as notifications
from ccspl.workflow import Sens
from participation.socle.actions import avancer, exiger, faire_echeance
from participation.socle.actions.documents import demander_document
from participation.socle.models import Compte


@transaction.atomic
def soumettre(avis: Avis, *, par: Compte) -> None:
    """Lock the text for the vote. Every wording must have had its answer."""
    avancer(avis, "soumettre", par=par)
    notifications.soumettre(avis)


@transaction.atomic
def rouvrir_redaction(avis: Avis, *, par: Compte, motif: str) -> None:
    avancer(avis, "rouvrir_redaction", par=par, motif=motif)
    notifications.rouvrir_redaction(avis, motif=motif)


@transaction.atomic
def adopter(
    avis: Avis, *, par: Compte, sens: str, synthese: str = "", le: date | None = None, motif: str = ""
) -> None:
    """The text is the commission's from now on: frozen, hashed, published; its PDF is asked for.

    `le`: the day, when it was adopted on paper; now by default. Raises ValidationError: « avec préconisations » without a line.
    """
    pas = exiger(avis, "adopter", par=par)
    if sens == Sens.PRECONISATIONS and not avis.preconisations.exists():
        raise ValidationError(
            {"sens": "Cet avis n’a aucune préconisation : écrivez-en une, ou choisissez un autre sens."}
        )
    maintenant = timezone.now()
    if le is not None and le > timezone.localdate():
        raise ValidationError({"le": "Cette date n’est pas encore arrivée."})
    if le is not None and le < avis.date_saisine:
        raise ValidationError({"le": "Cette date précède la saisine."})
    adopte_le = maintenant
    if le is not None and le != timezone.localdate():
        adopte_le = timezone.make_aware(datetime.combine(le, time(12)))
    version = versionner(avis, par=par, origine="Texte adopté", est_adoptee=True)
    pas.avancer(
        motif=motif,
        details={"sens": sens, "version": version.numero, "sha256": version.sha256},
        champs={
            "sens": sens,
            "synthese": synthese or avis.synthese,
            "resume": " ".join(version.paragraphes)[:5000],
            "adopte_le": adopte_le,
            "est_publie": True,
        },
    )
    faire_echeance(avis, "avis")
    _demander_le_pdf(avis, par=par)
    notifications.adopter(avis)


def _demander_le_pdf(avis: Avis, *, par: Compte | None) -> None:
    """The séance writes its decision before it sends it: the vote stands on the PDF."""
    document = demander_document(
        nature="ccspl/avis",
        titre=f"Avis {avis.reference}",
        dossier=avis,
        donnees=presentation.donnees_avis(avis),
        par=par,
        est_public=True,
    )
    avis.document = document
    Avis.objects.filter(pk=avis.pk).update(document=document)


@transaction.atomic
def rejeter(avis: Avis, *, par: Compte, motif: str = "") -> None:
    """The commission did not adopt the text: it is written again."""
    avancer(avis, "rejeter", par=par, motif=motif)
    notifications.rejeter(avis, motif=motif)
