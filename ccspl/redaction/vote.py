"""Acts around the vote: submit, reopen, adopt, reject."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from ccspl import avis as presentation
from ccspl.avis import aux_membres
from ccspl.models import Avis
from ccspl.redaction import lettres
from ccspl.redaction.actes import versionner
from ccspl.workflow import Sens
from participation.socle.actions import avancer, exiger, faire_echeance
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


@acte(
    Page[Avis](
        consequence="Le texte ne change plus d’ici le vote. Les membres en sont prévenus.",
        lettre=lambda avis: (
            "ccspl/soumettre",
            {"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk])},
        ),
    )
)
@transaction.atomic
def soumettre(avis: Avis, *, par: Compte) -> None:
    """Submit the text to the vote: it no longer changes. Every proposition must be decided."""
    avancer(avis, "soumettre", par=par)
    aux_membres(avis, "soumettre")


RouvrirRedactionForm = demander_texte(
    "Pourquoi reprendre le texte", aide="Les membres lisent ces mots.", maximum=600
)


@acte(
    Page[Avis](
        form=RouvrirRedactionForm,
        consequence="Les membres peuvent de nouveau proposer. Ils reçoivent la raison.",
    )
)
@transaction.atomic
def rouvrir_redaction(avis: Avis, *, par: Compte, motif: str) -> None:
    avancer(avis, "rouvrir_redaction", par=par, motif=motif)
    aux_membres(avis, "rouvrir_redaction", motif=motif)


SENS = [(valeur, capfirst(libelle)) for valeur, libelle in Sens.choices]


class AdopterForm(ActeForm):
    """Fields asked at adoption, in séance and on paper."""

    objet: Avis

    sens = champ_choix("Sens de l’avis", SENS, erreur="Dites le sens de l’avis.", boutons=True)
    synthese = champ_texte(
        "L’avis en deux phrases",
        "En mots simples, pour le public et les élus. Vous pourrez l’écrire plus tard.",
        lignes=3,
        requis=False,
        maximum=800,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"synthese": self.objet.synthese}


class AdopterSurPapierForm(AdopterForm):
    le = champ_jour(
        "Adopté le",
        "Le jour de la séance où il a été voté.",
        erreur="Dites quand l’avis a été adopté.",
        initial=timezone.localdate,
    )
    field_order = ["le", "sens", "synthese"]


@acte(
    Page[Avis](
        form=AdopterSurPapierForm,
        consequence="À utiliser quand le vote a eu lieu sans cet outil. Le texte est figé et publié, son PDF est fabriqué.",
    )
)
@transaction.atomic
def adopter(
    avis: Avis, *, par: Compte, sens: str, synthese: str = "", le: date | None = None, motif: str = ""
) -> None:
    """Adopt the text: freeze it with its hash, publish the avis, ask for its PDF.

    `le`: day of the adoption when it was voted on paper; today by default. Raises ValidationError for « avec
    préconisations » without any, for a day to come, or before the saisine.
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
    lettres.adopter(avis)


def _demander_le_pdf(avis: Avis, *, par: Compte | None) -> None:
    """Ask for the PDF. In séance, the decision is saved before this act, so that the PDF shows the vote."""
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


RejeterForm = demander_texte(
    "Pourquoi",
    aide="Les membres lisent ces mots.",
    maximum=600,
    erreur="Dites pourquoi le texte n’est pas adopté.",
)


@acte(Page[Avis](form=RejeterForm, consequence="La rédaction reprend. Les membres reçoivent la raison."))
@transaction.atomic
def rejeter(avis: Avis, *, par: Compte, motif: str = "") -> None:
    """Record that the commission did not adopt the text: it goes back to drafting."""
    avancer(avis, "rejeter", par=par, motif=motif)
    aux_membres(avis, "rejeter", motif=motif)
