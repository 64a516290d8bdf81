"""Open311 client for the tests."""

from remontees.models import Remontee
from remontees.reception import arrivees

BASE = "/open311/v2"


def poster(client, cle, **lu):
    demande = {"api_key": cle, "service_code": "eclairage", "description": "La rue est noire.", **lu}
    return client.post(f"{BASE}/requests.json", demande)


def deposee(client, cle):
    (recu,) = poster(client, cle, address_string="Quai Perrière").json()
    return arrivees.recevoir(recu["token"]) or Remontee.objects.latest("pk")


def lire(client, chemin, **parametres):
    return client.get(f"{BASE}/{chemin}", parametres)


def erreur(reponse):
    (lue,) = reponse.json()
    assert set(lue) == {"code", "description"}
    assert lue["code"] == reponse.status_code
    return reponse.status_code, lue["description"]
