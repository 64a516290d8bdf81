"""Form to note a remontée at a desk or in the street, on a phone, in under a minute."""

from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import majuscule
from participation.socle.models import Compte
from remontees.forms.photo import PhotoField
from remontees.lectures.referentiel import (
    choix_categories,
    choix_communes,
    choix_quartiers,
    commune_du_quartier,
)
from remontees.models import Rapporteur
from remontees.regles.charge import VERBATIM_MAX, Charge, Contact
from remontees.workflow import Canal

# In the order of use at a desk; the other channels arrive automatically.
CANAUX = [
    Canal.ACCUEIL,
    Canal.TELEPHONE,
    Canal.TERRAIN,
    Canal.REUNION,
    Canal.COURRIER,
    Canal.COURRIEL,
    Canal.RESEAU,
    Canal.INSTANCE,
]
PRENABLES = ("nom", "courriel", "telephone", "adresse")


class NoterForm(EnvoiUnique):
    """What an agent heard; `charge` returns it. Choices come from the process cache, without a query."""

    ORIGINE = "noter"

    verbatim = champ_texte(
        "Ce qui a été dit",
        "Mot pour mot. Le micro du clavier marche ici.",
        maximum=VERBATIM_MAX,
        lignes=5,
        erreur="Écrivez ce qui a été dit.",
        attributs={"autocapitalize": "sentences", "enterkeyhint": "enter"},
    )
    photo = PhotoField(help_text="Le lieu et la date cachés dans l’image sont retirés.")
    lieu = champ_ligne(
        "Lieu",
        "Rue, arrêt, équipement.",
        maximum=200,
        requis=False,
        attributs={"autocomplete": "off", "enterkeyhint": "next"},
    )
    commune = champ_choix(
        "Commune", lambda: [("", "Non précisée"), *choix_communes()], requis=False, court=True
    )
    quartier = champ_choix(
        "Quartier prioritaire", lambda: [("", "Aucun"), *choix_quartiers()], requis=False, court=True
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    canal = champ_choix(
        "Par où",
        [(c.value, majuscule(c.label)) for c in CANAUX],
        boutons=True,
        erreur="Dites par où c’est arrivé.",
    )
    categorie = champ_choix(
        "Catégorie", lambda: [("", "À choisir plus tard"), *choix_categories()], requis=False, court=True
    )
    entendue_le = champ_jour("Entendue le", requis=False)
    est_urgente = champ_case(
        "Il y a un danger", "Prévenez d’abord les secours : 112. Le tri la verra en premier.", requis=False
    )
    au_nom_de = champ_case("La personne parle au nom de quelqu’un d’autre", requis=False)
    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel("Courriel", requis=False)
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "off", "inputmode": "tel"}
    )
    adresse = champ_ligne("Adresse postale", maximum=300, requis=False, attributs={"autocomplete": "off"})
    accepte_transmission = champ_case(
        "Accepte que ses coordonnées soient transmises à l’organisme compétent", requis=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        initiales = {"entendue_le": timezone.localdate(), "canal": Canal.ACCUEIL.value}
        super().__init__(*args, **{"initial": initiales, **options})
        self.fields["photo"].widget.attrs["data-photo"] = ""

    @property
    def a_un_contact(self) -> bool:
        """Whether the contact section must be open: it has data or errors."""
        return self.is_bound and any(self.errors.get(nom) or self.data.get(nom) for nom in PRENABLES)

    def clean_entendue_le(self) -> Any:
        jour = self.cleaned_data["entendue_le"]
        if jour and jour > timezone.localdate():
            raise forms.ValidationError("Cette date n’est pas encore arrivée.")
        return jour

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        quartier, commune = dit.get("quartier"), dit.get("commune")
        if quartier and commune and commune_du_quartier(int(quartier)) != commune:
            self.add_error("quartier", "Ce quartier n’est pas dans cette commune.")
        return dit

    def charge(self, par: Compte) -> Charge:
        dit = self.cleaned_data
        # Half a point is ignored.
        point = (dit["latitude"], dit["longitude"])
        latitude, longitude = (None, None) if None in point else point
        return Charge(
            verbatim=dit["verbatim"],
            canal=dit["canal"],
            entendue_le=dit["entendue_le"],
            categorie=int(dit["categorie"]) if dit["categorie"] else None,
            commune=dit["commune"],
            quartier=int(dit["quartier"]) if dit["quartier"] else None,
            lieu=dit["lieu"],
            latitude=latitude,
            longitude=longitude,
            au_nom_de=dit["au_nom_de"],
            est_urgente=dit["est_urgente"],
            saisie_par=par.pk,
            contact=contact_de(dit),
        )


def contact_de(dit: dict[str, Any]) -> Contact:
    """Return the contact; the preferred means is the first given: mail, telephone, address."""
    if not any(dit.get(nom) for nom in PRENABLES):
        return Contact()
    moyens = (
        ("courriel", Rapporteur.Prefere.COURRIEL),
        ("telephone", Rapporteur.Prefere.SMS),
        ("adresse", Rapporteur.Prefere.LETTRE),
    )
    return Contact(
        **{nom: dit.get(nom, "") for nom in PRENABLES},
        prefere=next((moyen.value for nom, moyen in moyens if dit.get(nom)), Rapporteur.Prefere.AUCUN.value),
        accepte_transmission=dit.get("accepte_transmission", False),
    )
