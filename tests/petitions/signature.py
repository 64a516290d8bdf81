"""Helpers to sign a pétition."""

from participation.socle.models import Commune


def reponses(**champs):
    return {
        "prenom": "Léa",
        "nom": "Marchetti",
        "courriel": "lea@exemple.fr",
        "commune": Commune.objects.get(nom="Vizille").pk,
        "qualite": "resident",
        "age": "on",
        **champs,
    }


def signer(client, petition, **champs):
    entetes = {cle: champs.pop(cle) for cle in list(champs) if cle.startswith(("HTTP_", "REMOTE_"))}
    return client.post(f"/petitions/{petition.pk}/signer/", reponses(**champs), **entetes)
