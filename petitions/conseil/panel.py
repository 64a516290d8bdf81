"""The panel of residents that prepares the debate: awaited, opened, its opinion received."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.panels.models import Recommandation
from participation.panels.preparation import actes as panels
from participation.socle.actions import avancer, exiger, faire_echeance, fixer_echeance
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_jour, champ_ligne, champ_texte
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from petitions.conseil.jalons import champ_long, joindre_au_jalon, noter_jalon, prevoir_debat
from petitions.models import Jalon, Petition, Seuil
from petitions.nouvelles import annoncer
from petitions.workflow import Etat

PANEL_ATTENDU = (
    "Le règlement prévoit qu’un panel citoyen donne son avis avant le débat : ouvrez-le d’abord, ou dites publiquement "
    "pourquoi le conseil a débattu sans lui."
)


def exiger_apres_le_panel(petition: Petition, date: date) -> None:
    """Raise ValidationError when the council is not after the first session of the open panel.

    Otherwise, move the échéance of the opinion of the panel.
    """
    if petition.etat != Etat.EN_PANEL:
        return
    premiere = petition.jalons.filter(nature=Jalon.Nature.PANEL).order_by("date").first()
    if premiere is not None and date <= premiere.date:
        raise ValidationError(
            {
                "date": f"Le panel citoyen commence le {jour_texte(premiere.date)} et donne son avis avant le débat : "
                "choisissez un jour plus tard."
            }
        )
    _attendre_le_panel(petition, max(date, premiere.date if premiere else date))


def _attendre_le_panel(petition: Petition, limite: date) -> None:
    fixer_echeance(
        petition,
        "panel",
        libelle="Recevoir l’avis du panel citoyen",
        date_limite=limite,
        rappels=[30, 7],
        responsable=petition.agent,
    )


@acte(
    Page[Petition](
        consequence="Le débat attend l’avis du panel. Les pétitionnaires et les signataires qui veulent des nouvelles sont prévenus."
    )
)
@transaction.atomic
def ouvrir_panel(
    petition: Petition,
    *,
    par: Compte,
    date: Annotated[date, champ_jour("Date de la première séance")],
    lieu: Annotated[str, champ_ligne("Lieu", maximum=160, requis=False)] = "",
    texte: Annotated[str, champ_long("Comment le panel travaille (public)", lignes=4, requis=False)] = "",
) -> None:
    """Open the panel of residents drawn by lot; `date` is its first session."""
    pas = exiger(petition, "ouvrir_panel", par=par)
    if petition.date_conseil is not None and date >= petition.date_conseil:
        raise ValidationError(
            {
                "date": f"Le conseil débat le {jour_texte(petition.date_conseil)}, et le panel donne son avis avant : "
                "choisissez un jour plus tôt, ou changez d’abord la date du conseil."
            }
        )
    pas.avancer(motif=texte, details={"date": date.isoformat()})
    jalon = noter_jalon(petition, Jalon.Nature.PANEL, date, lieu=lieu, texte=texte)
    _attendre_le_panel(petition, petition.date_conseil or date)
    seuil = petition.seuils_atteints.get(perdu_le__isnull=True, seuil__effet=Seuil.Effet.PANEL).seuil
    if seuil.taille_panel is not None:  # the règlement says how many seats
        panels.ouvrir_pour(petition, par=par, places=seuil.taille_panel, date_premiere_seance=date, lieu=lieu)
    annoncer(petition, "ouvrir_panel", {"jalon": jalon, "taille": seuil.taille_panel}, aux_signataires=True)


class RecevoirAvisForm(ActeForm):
    date = champ_jour("Date de l’avis", initial=timezone.localdate)
    avis = champ_texte("L’avis du panel (public)", maximum=8000, lignes=10)
    fichier = ChampFichier(
        label="L’avis en fichier", required=False, help_text="PDF, image ou document de bureau."
    )

    def initiales(self) -> Mapping[str, Any]:
        adoptees = Recommandation.objects.filter(panel__origine=self.objet.pk, est_adoptee=True)
        dites = [f"{r}\n{r.texte}".strip() for r in adoptees.order_by("panel", "ordre")]
        return {"avis": "\n\n".join(dites)}


@acte(
    Page[Petition](
        form=RecevoirAvisForm,
        consequence="L’avis est publié tel qu’il est écrit, et la pétition attend son débat.",
    )
)
@transaction.atomic
def recevoir_avis_panel(
    petition: Petition, *, par: Compte, date: date, avis: str, fichier: UploadedFile | None = None
) -> None:
    """Publish the opinion of the panel; the debate of the council comes next."""
    avancer(
        petition,
        "recevoir_avis_panel",
        par=par,
        details={"date": date.isoformat()},
        champs={"avis_panel": avis},
    )
    jalon = noter_jalon(petition, Jalon.Nature.PANEL, date)
    joindre_au_jalon(jalon, fichier, titre="Avis du panel citoyen", par=par)
    faire_echeance(petition, "panel")
    panels.constater_avis(petition)
    prevoir_debat(petition)
    annoncer(petition, "recevoir_avis_panel", {"jalon": jalon}, aux_signataires=True)
