"""Form of an Open311 client."""

from django import forms

from participation.socle.forms.champs import champ_courriel, champ_ligne


class ClientOpen311Form(forms.Form):
    nom = champ_ligne("Nom de l’application", maximum=120, erreur="Donnez le nom de l’application.")
    courriel = champ_courriel(
        "Courriel de contact",
        "À qui écrire si l’application se trompe.",
        erreur="Donnez une adresse où écrire.",
        max_length=254,
    )
