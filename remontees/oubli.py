"""Erasure of a person from the remontées: their contact details. What they said stays, without their name."""

from django.db.models import Model, Q
from django.utils import timezone

from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.oubli import PAROLES, Personne
from participation.socle.models import Courriel, Courrier
from remontees.models import CourrielRecu, Message, Rapporteur, Remontee

GARDE = {"remontees.Organisme": "les boîtes partagées des organismes, qui ne sont à personne"}
RESTE = {
    "remontees.Remontee": PAROLES,
    "remontees.Message": PAROLES,
    "remontees.ClientOpen311": "le nom d’une application qui nous envoie des signalements",
}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """What she said, the answers and letters that she was given: tied to her by her contact details alone."""
    siennes = personne.dans(Rapporteur).values("remontee")
    return {
        Remontee: Q(pk__in=siennes),
        Message: Q(remontee__in=siennes, auteur=Message.Auteur.PERSONNE)
        | Q(remontee__in=siennes, sens="sortant"),
        Courrier: Q(dossier__in=siennes, document__isnull=False),
    }


def oublier(personne: Personne) -> None:
    rapporteurs = personne.dans(Rapporteur)
    siennes = rapporteurs.values("remontee")
    # The lock waits for a letter in progress, so that it is erased too.
    verrouiller_ensemble(Remontee, siennes.values_list("remontee", flat=True))
    Message.objects.filter(remontee__in=siennes).exclude(cite="").update(cite="")
    effacer_courriers(Courrier.objects.filter(dossier__in=siennes))
    Courriel.objects.filter(dossier__in=siennes, moyen=Courriel.Moyen.SMS).delete()
    Message.objects.filter(remontee__in=siennes, auteur=Message.Auteur.PERSONNE).update(
        de="", numero="", preuve=""
    )
    recus = personne.dans(CourrielRecu, "expediteur")
    Message.objects.filter(pk__in=recus.values("message")).update(de="")
    recus.update(expediteur="", boite="", objet="", octets=b"", lu=None)
    rapporteurs.update(nom="", courriel="", telephone="", adresse="", efface_le=timezone.now())
