"""Acts of a member on their own profile."""

import uuid
from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Row
from django import forms
from django.db import transaction

from participation.seances.instances.actes import ColonnesForm, plan
from participation.seances.models import Profil
from participation.socle.forms.champs import champ_cases, champ_ligne
from participation.socle.francais import majuscule


class ProfilForm(ColonnesForm):
    telephone = champ_ligne(
        "Téléphone", maximum=20, requis=False, attributs={"type": "tel", "autocomplete": "tel"}
    )
    besoins = champ_cases(
        "Ce dont vous avez besoin pour venir",
        [(valeur, majuscule(mot)) for valeur, mot in Profil.Besoin.choices],
        "Nous le prévoyons à chaque séance. Vous pouvez changer pour une séance en y répondant.",
        requis=False,
    )

    MODELE = Profil
    LIBELLES = {
        "besoins": "",
        "presentation": "Vous, en quelques mots",
        "publie_presentation": "Publier ma présentation sur la page de l’instance",
        "publie_commune": "Publier ma commune sur la page de l’instance",
        "partage_courriel": "Donner mon adresse aux autres membres",
        "partage_telephone": "Donner mon téléphone aux autres membres",
        "genre": "Genre",
        "age": "Âge",
    }
    WIDGETS = {"presentation": forms.Textarea(attrs={"rows": 4})}

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "telephone": self.objet.compte.telephone}

    def preparer(self) -> None:
        super().preparer()
        for nom, mots in (("genre", Profil.Genre.choices), ("age", Profil.Age.choices)):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                dits = [(valeur, majuscule(mot)) for valeur, mot in mots]
                champ.choices = [("", "Je ne réponds pas"), *dits]
        self.fields["presentation"].help_text = "Ce que vous faites, ce qui vous tient à cœur."
        self.helper = plan(
            self,
            Fieldset("Venir aux séances", "besoins", "telephone"),
            Fieldset("Ce que le public voit", "presentation", "publie_presentation", "publie_commune"),
            Fieldset("Ce que les autres membres voient", "partage_courriel", "partage_telephone"),
            Fieldset(
                "Pour mesurer la diversité de l’instance",
                HTML(
                    '<p class="indice">Ces deux réponses restent au service, qui n’en tire que des nombres. Vous pouvez ne pas répondre.</p>'
                ),
                Row("genre", "age"),
            ),
        )


@transaction.atomic
def modifier_profil(profil: Profil, *, telephone: str | None = None, **champs: Any) -> None:
    """Change needs, presentation and consents. `telephone` is kept on the account. Raises ValidationError."""
    profil.refresh_from_db(from_queryset=Profil.objects.select_for_update())
    for nom, valeur in champs.items():
        setattr(profil, nom, valeur)
    profil.full_clean()
    profil.save()
    if telephone is not None and telephone != profil.compte.telephone:
        profil.compte.telephone = telephone
        profil.compte.save(update_fields=["telephone"])


def renouveler_agenda(profil: Profil) -> None:
    """Give the calendar a new secret URL. The former one stops working."""
    profil.cle_agenda = uuid.uuid4()
    profil.save(update_fields=["cle_agenda"])
