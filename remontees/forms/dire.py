"""Public form in two steps: what and where, then similar sujets and contact."""

from collections.abc import Sequence
from typing import Any

from django import forms

from participation.socle.forms.champs import champ_case, champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.forms.envois import EnvoiUnique
from remontees.forms.capture import contact_de
from remontees.forms.photo import PhotoField
from remontees.lectures.referentiel import choix_communes, choix_quartiers, commune_du_quartier
from remontees.models import Sujet
from remontees.regles.charge import Charge
from remontees.workflow import Canal

DIT_MAX = 4000
AUCUN = "aucun"


class DireForm(forms.Form):
    """First step: what and where."""

    verbatim = champ_texte(
        "Que voulez-vous nous dire ?",
        "Ce qui se passe, depuis quand. N’écrivez ni nom de personne ni plaque.",
        maximum=DIT_MAX,
        lignes=6,
        erreur="Écrivez ce que vous voulez nous dire.",
        attributs={"data-compteur": DIT_MAX},
    )
    lieu = champ_ligne("Où ?", "Rue, arrêt, équipement.", maximum=200, requis=False)
    commune = champ_choix(
        "Commune",
        lambda: [("", "Je ne sais pas"), *choix_communes()],
        requis=False,
        court=True,
        messages={"invalid_choice": "Choisissez la commune dans la liste."},
    )
    quartier = champ_choix(
        "Quartier prioritaire",
        lambda: [("", "Aucun, ou je ne sais pas"), *choix_quartiers()],
        requis=False,
        court=True,
        messages={"invalid_choice": "Choisissez le quartier dans la liste."},
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        quartier, commune = dit.get("quartier"), dit.get("commune")
        if quartier and not commune:
            dit["commune"] = commune_du_quartier(int(quartier))
        elif quartier and commune_du_quartier(int(quartier)) != commune:
            self.add_error("quartier", "Ce quartier n’est pas dans cette commune.")
        if "lieu" in dit and not (dit["lieu"] or commune or quartier):
            self.add_error("lieu", "Dites où : une rue, un lieu, ou la commune.")
        return dit


class SuivreForm(EnvoiUnique):
    """Second step: similar sujets, photo and contact. `est_piege`: the honeypot field was filled."""

    ORIGINE = "dire"

    sujet = champ_choix(
        "Est-ce l’une de celles-ci ?",
        [],
        boutons=True,
        erreur="Choisissez, ou répondez « Aucune de celles-ci ».",
    )
    photo = PhotoField(
        help_text="Si elle aide à comprendre. Le lieu et la date cachés dans l’image sont retirés."
    )
    courriel = champ_courriel(
        "Adresse de courriel",
        "Pour l’accusé de réception et la réponse.",
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "name"})
    accepte_transmission = champ_case(
        "J’accepte que mes coordonnées soient transmises à l’organisme compétent, si ce n’est pas la Métropole",
        requis=False,
    )
    site = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}),
    )

    def __init__(self, *args: Any, proches: Sequence[Sujet], **options: Any) -> None:
        super().__init__(*args, **options)
        champ: Any = self.fields["sujet"]
        champ.choices = [(str(sujet.pk), sujet.titre) for sujet in proches] + [(AUCUN, "Aucune de celles-ci")]
        if not proches:
            del self.fields["sujet"]

    def clean(self) -> dict[str, Any]:
        # Whether sujets alike were shown or not: a retry stays the same sending when one was published meanwhile.
        return {"sujet": AUCUN, **(super().clean() or {})}

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def charge(self, dit: dict[str, Any], categorie: int | None) -> Charge:
        choisi = self.cleaned_data["sujet"]
        return Charge(
            verbatim=dit["verbatim"],
            canal=Canal.SITE,
            categorie=categorie,
            commune=dit["commune"],
            quartier=int(dit["quartier"]) if dit["quartier"] else None,
            lieu=dit["lieu"],
            sujet=None if choisi == AUCUN else int(choisi),
            contact=contact_de(self.cleaned_data),
        )
