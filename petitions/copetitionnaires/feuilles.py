"""Sheets of paper that co-petitioners sign: prepare, read, enter."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from participation.socle.actions import avancer, exiger
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne
from participation.socle.models import Commune, Compte, Restauration
from participation.socle.regles.versions import empreinte
from petitions.copetitionnaires import actes as lettres
from petitions.copetitionnaires.actes import INVITATIONS_PAR_REQUIS
from petitions.models import CoPetitionnaire, FeuilleCopetitionnaires, Petition
from petitions.models.copetitionnaire import TEXTES, Qualite
from petitions.signatures.actes import NomMixin
from petitions.signatures.regles import nom_canonique

FEUILLES_MAX = 20


LETTRES_DU_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without characters that look alike


@transaction.atomic
def preparer_feuille(petition: Petition, *, par: Compte) -> FeuilleCopetitionnaires:
    """Number a sheet for the current text.

    Raises ErreurMetier while the text is not complete: people must sign the text they read.
    """
    pas = exiger(petition, "preparer_feuille", par=par)
    if not (petition.demande and petition.raisons and petition.nom_auteur):
        raise ErreurMetier(
            "Écrivez d’abord toute la demande, et dites qui vous êtes : la feuille les reprend."
        )
    derniere = petition.feuilles_copetitionnaires.order_by("-numero").first()
    if petition.feuilles_copetitionnaires.count() >= FEUILLES_MAX:
        raise ErreurMetier(f"{FEUILLES_MAX} feuilles sont déjà préparées : imprimez-les de nouveau.")
    feuille = FeuilleCopetitionnaires.objects.create(
        petition=petition,
        numero=Restauration.objects.numero_apres(
            derniere.numero if derniere else 0,
            donne_le=derniere.preparee_le if derniere else petition.cree_le,
        ),
        cle=get_random_string(8, LETTRES_DU_CODE),
        texte=empreinte(petition, TEXTES),
    )
    pas.avancer(fait=f"Feuille de co-pétitionnaires n° {feuille.numero} préparée")
    return feuille


def du_meme_nom(petition: Petition, *, prenom: str, nom: str) -> list[CoPetitionnaire]:
    """Return the confirmed co-pétitionnaires with the same name, online or on paper."""
    cherche = nom_canonique(prenom, nom)
    confirmes = petition.copetitionnaires.confirmes().select_related("commune", "feuille")
    return [c for c in confirmes if nom_canonique(c.prenom, c.nom) == cherche]


@transaction.atomic
def saisir_copetitionnaire(
    feuille: FeuilleCopetitionnaires,
    *,
    par: Compte,
    prenom: str,
    nom: str,
    commune: Commune,
    qualite: str,
    malgre_doublon: bool = False,
) -> CoPetitionnaire:
    """Enter a line of a sheet: a person who signed the printed text.

    Raises ErreurMetier when the text has changed since, when the pétition has enough co-pétitionnaires, or
    when the name exists already and `malgre_doublon` is false.
    """
    petition = feuille.petition
    pas = exiger(petition, "saisir_copetitionnaire", par=par)
    if feuille.est_perimee:
        raise ErreurMetier(
            "Le texte de la pétition a changé depuis cette feuille : elle ne vaut plus. L’auteur doit en faire signer une autre."
        )
    if (
        petition.copetitionnaires.count()
        >= INVITATIONS_PAR_REQUIS * petition.reglement.copetitionnaires_requis
    ):
        raise ErreurMetier("Cette pétition a déjà assez de co-pétitionnaires.")
    if not malgre_doublon and du_meme_nom(petition, prenom=prenom, nom=nom):
        raise ErreurMetier(
            "Un co-pétitionnaire porte déjà ce nom : vérifiez, puis confirmez la ligne si c’est une autre personne."
        )
    copetitionnaire = CoPetitionnaire(
        petition=petition,
        feuille=feuille,
        saisi_par=par,
        courriel_canonique=f"papier-{feuille.pk}-{get_random_string(12)}",
        prenom=prenom,
        nom=nom,
        commune=commune,
        qualite=qualite,
        atteste_age=True,
        confirme_le=timezone.now(),
    )
    copetitionnaire.full_clean(exclude=["courriel", "courriel_canonique"])
    copetitionnaire.save()
    nombre = petition.copetitionnaires.confirmes().count()
    requis = petition.reglement.copetitionnaires_requis
    pas.avancer(
        fait=f"Co-pétitionnaire saisi d’une feuille papier ({nombre} sur {requis})",
        details={"copetitionnaire": copetitionnaire.pk, "feuille": feuille.numero},
    )
    if nombre == requis:
        lettres.copetitionnaires_reunis(petition)
    return copetitionnaire


@transaction.atomic
def effacer_copetitionnaire(copetitionnaire: CoPetitionnaire, *, par: Compte) -> None:
    """Delete a line entered by mistake."""
    avancer(
        copetitionnaire,
        "effacer_copetitionnaire",
        par=par,
        details={"copetitionnaire": copetitionnaire.pk, "feuille": copetitionnaire.feuille_id},
    )
    copetitionnaire.delete()


class LigneDeFeuilleForm(NomMixin):
    """Entry of a person from paper, by keyboard.

    Enter saves, even from a list (saisie.js), and focus returns to the first field. The commune is kept.
    """

    qualite = champ_choix(
        "Qualité",
        [
            (Qualite.RESIDENT.value, ici_plus_tard("habite la {metropole}")),
            (Qualite.CONTRIBUABLE.value, "y paie un impôt local"),
        ],
        initial=Qualite.RESIDENT.value,
    )
    malgre_doublon = champ_case(
        "J’ai vérifié : ce n’est pas la même personne", requis=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prenom"].widget.attrs.update({"autocomplete": "off", "autofocus": True})
        self.fields["nom"].widget.attrs["autocomplete"] = "off"
        self.fields["commune"].widget.attrs["autocomplete"] = "off"
        self.fields["commune"].help_text = ""

    def demander_verification(self) -> None:
        """Show and focus the checkbox that says that the possible duplicate was checked."""
        self.fields["prenom"].widget.attrs.pop("autofocus", None)
        self.fields["malgre_doublon"].widget = forms.CheckboxInput(attrs={"autofocus": True})


class CodeFeuilleForm(forms.Form):
    code = champ_ligne(
        "Code de la feuille",
        "Huit lettres ou chiffres, en haut à droite de la feuille.",
        maximum=20,
        erreur="Recopiez le code de la feuille.",
        attributs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).replace("-", "").upper()
