"""The yearly study of a commission d’évaluation, the observations of the chambre régionale des comptes.

Deposited, corrected, published, presented.
"""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.engagements.models import Deliberation, Etude
from participation.engagements.trouver import etude_du_bureau
from participation.seances.models import Instance
from participation.socle.actions import exiger, ouvrir
from participation.socle.actions.echeances import faire_echeance, fixer_echeance
from participation.socle.actions.pieces import joindre, retirer_piece
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    ChampPdf,
    champ_case,
    champ_jour,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Piece
from participation.socle.views.dossier import ou_se_lit, page_dossier
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites
from participation.suites.models import ReglementSuites, Suite

ECHEANCE = "presenter"


class DeposerForm(ActeForm):
    instance: Any = champ_parmi(
        "Commission",
        Instance.objects.filter(est_active=True),
        "Qui a écrit l’étude. Sinon, cochez la case.",
        requis=False,
        vide="Aucune",
    )
    chambre = champ_case("Ce sont les observations de la chambre régionale des comptes", requis=False)
    annee = champ_nombre("Année", minimum=2000, maximum=2100, erreur="Donnez l’année.")
    titre = champ_ligne("Titre", "Ce qu’il regarde.", maximum=160)
    constats = champ_texte(
        "Résumé", "Public : ce qui est constaté, ce qui est recommandé.", maximum=6000, lignes=8
    )
    fichier: Any = ChampPdf(label="Le document", help_text="Un PDF.")
    date_limite = champ_jour(
        "À présenter au conseil au plus tard le", "Un rappel vient ce jour-là à qui le suit."
    )

    def preparer(self) -> None:
        self.initial.setdefault("annee", timezone.localdate().year)
        reglement = ReglementSuites.objects.en_vigueur()
        if reglement is not None:
            mois = (
                f"Pour la chambre : {reglement.rapport_mois} mois après la présentation de ses observations."
            )
            self.fields["date_limite"].help_text = f"Un rappel vient ce jour-là à qui le suit. {mois}"

    def clean(self) -> dict[str, Any]:
        """Say who writes: a commission, or the chamber."""
        dit = super().clean()
        if "chambre" in self.fields and dit.pop("chambre", False) == bool(dit.get("instance")):
            self.add_error(
                "instance", "Dites de qui il vient : une commission, ou la chambre en cochant la case."
            )
        return dit

    def clean_date_limite(self) -> Any:
        jour = self.cleaned_data["date_limite"]
        if jour < timezone.localdate() and jour != getattr(self.objet, "date_limite", None):
            raise forms.ValidationError("Cette date est déjà passée : donnez le jour d’un conseil à venir.")
        return jour


class ModifierEtudeForm(DeposerForm):
    ACTUELS = ("titre", "constats", "date_limite")

    def preparer(self) -> None:
        for nom in ("instance", "chambre", "annee"):
            del self.fields[nom]
        self.fields["fichier"].required = False
        self.fields["fichier"].help_text = "Un PDF, pour remplacer celui qui est joint."


class PresenterForm(ActeForm):
    presentee_le = champ_jour("Entendu par le conseil le")
    deliberation = champ_ligne(
        "Numéro de la délibération", "Si le conseil en a pris une.", maximum=120, requis=False
    )
    retour = champ_texte("Ce que le conseil en a dit", "Public.", maximum=6000, lignes=5, requis=False)

    def clean_presentee_le(self) -> Any:
        jour = self.cleaned_data["presentee_le"]
        if jour > timezone.localdate():
            raise forms.ValidationError("Ce jour n’est pas encore venu.")
        return jour


@acte(
    Page[Etude](ouvre=True, form=DeposerForm, consequence="Il reste au service tant qu’il n’est pas publié.")
)
@transaction.atomic
def deposer_etude(etude: Etude, *, par: Compte, fichier: UploadedFile, **champs: Any) -> Etude:
    ouvrir(etude, "deposer_etude", par=par, champs=champs)
    _joindre(etude, fichier, par=par)
    _fixer(etude)
    return etude


@acte(
    Page[Etude](
        form=ModifierEtudeForm,
        bouton="Enregistrer",
        consequence=lambda e: (
            "La page publique change aussitôt." if e.est_publie else "Il n’est pas encore public."
        ),
    )
)
@transaction.atomic
def modifier_etude(etude: Etude, *, par: Compte, fichier: UploadedFile | None = None, **champs: Any) -> None:
    pas = exiger(etude, "modifier_etude", par=par)
    pas.avancer(champs=champs, est_publique=etude.est_publie)
    if fichier is not None:
        _joindre(etude, fichier, par=par)
    _fixer(etude)


@acte(Page[Etude](consequence="Il se lit par tous, depuis la page des engagements."))
@transaction.atomic
def publier_etude(etude: Etude, *, par: Compte) -> None:
    pas = exiger(etude, "publier_etude", par=par)
    Piece.objects.filter(etude=etude).update(est_publique=True)
    pas.avancer(champs={"est_publie": True})


@acte(Page[Etude](form=PresenterForm, consequence="Public, sur sa page.", bouton="Enregistrer"))
@transaction.atomic
def presenter_etude(etude: Etude, *, par: Compte, **champs: Any) -> None:
    exiger(etude, "presenter_etude", par=par).avancer(champs={**champs, "clos_le": timezone.now()})
    faire_echeance(etude, ECHEANCE)


def _joindre(etude: Etude, fichier: UploadedFile, *, par: Compte) -> None:
    """Keep its document, in place of the one before. Raises ValidationError."""
    ancienne, siennes = etude.piece, Piece.objects.filter(etude=etude)
    piece = joindre(
        etude, fichier=fichier, titre=etude.titre, par=par, est_publique=etude.est_publie, parmi=siennes
    )
    if ancienne is not None and ancienne != piece:
        retirer_piece(ancienne, par=par)
    Etude.objects.filter(pk=etude.pk).update(piece=piece)
    etude.piece = piece


def _fixer(etude: Etude) -> None:
    fixer_echeance(
        etude,
        ECHEANCE,
        libelle="Présenter au conseil : " + etude.titre[:60],
        date_limite=etude.date_limite,
        responsable=etude.agent,
    )


@publique
@require_safe
@gardable(300)
def etude(request: HttpRequest, reference: str) -> HttpResponse:
    publiees: Any = Etude.objects.filter(est_publie=True)
    trouvee: Etude = get_object_or_404(publiees.select_related("instance", "piece"), reference=reference)
    return render(
        request,
        "engagements/etude.html",
        {
            "etude": trouvee,
            "dossier": trouvee,
            "suites": Suite.objects.a_montrer().filter(dossier=trouvee.pk),
            "deliberation": Deliberation.objects.filter(numero=trouvee.deliberation).first(),
            "histoire": trouvee.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def dossiers_etudes(request: RequeteConnectee) -> HttpResponse:
    toutes: Any = Etude.objects.visibles_par(request.user)
    etudes = toutes.select_related("instance").order_by("-annee", "-pk")
    return render(request, "engagements/dossiers_etudes.html", {"etudes": etudes})


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_etude(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = etude_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouvee)
    return page_dossier(
        request, trouvee, "engagements/dossier_etude.html", contexte_des_suites(trouvee, request.user)
    )
