"""Attacks on the public forms of the remontées, replayed over HTTP against a running copy. Each must fail."""

import http.client
import io
import re
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bench.attaques.signatures import JETON, MILLE, Bilan
from bench.serveurs import PROCESSUS
from bench.tableaux import milliers
from participation.socle.actions.courriels import balayer
from participation.socle.models import Courriel, Piece
from remontees.models import Message, Reception, Remontee, Satisfaction
from remontees.open311.actes import creer_client
from remontees.open311.lectures import proposes
from remontees.reception import imports
from remontees.reception.arrivees import recevoir_ce_qui_attend
from remontees.reception.imports import cle_de

# Without a shared cache, each process has its own counters.
TOLERANCE = PROCESSUS
MIO = 1024 * 1024
LONG = "é" * 20_000
DIRE = "/remontees/dire/autre-chose/"
Reponse = tuple[int, str, str]  # (status, Location, page)


def demander(
    port: int,
    chemin: str,
    champs: Mapping[str, str] | None = None,
    *,
    de: str = "203.0.113.7",
    photo: bytes | None = None,
) -> Reponse:
    """Send a request; a GET without `champs`.

    `de`: the X-Forwarded-For header, as the proxy sends it.
    """
    connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    entetes = {"Cookie": f"csrftoken={JETON}", "X-CSRFToken": JETON, "X-Forwarded-For": de}
    corps: bytes | None = None
    if champs is not None and photo is None:
        entetes["Content-Type"] = "application/x-www-form-urlencoded"
        corps = urlencode(champs).encode()
    elif champs is not None:
        frontiere = uuid.uuid4().hex
        entetes["Content-Type"] = f"multipart/form-data; boundary={frontiere}"
        corps = _parties(frontiere, champs, photo or b"")
    connexion.request("GET" if corps is None else "POST", chemin, corps, entetes)
    recue = connexion.getresponse()
    page = recue.read().decode(errors="replace")
    connexion.close()
    return recue.status, recue.headers.get("Location", ""), page


def _parties(frontiere: str, champs: Mapping[str, str], photo: bytes) -> bytes:
    sortie = io.BytesIO()
    for nom, valeur in champs.items():
        entete = f'--{frontiere}\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n'
        sortie.write(f"{entete}{valeur}\r\n".encode())
    entete = f'--{frontiere}\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    sortie.write(entete.encode() + photo + f"\r\n--{frontiere}--\r\n".encode())
    return sortie.getvalue()


def _dit(**champs: str) -> dict[str, str]:
    """Form data of both steps at once, as a script sends them."""
    dit = {"verbatim": "Le lampadaire est éteint.", "lieu": "rue des Alpes", "sujet": "aucun"}
    return {**dit, "envoyer": "oui", "cle": str(uuid.uuid4()), **champs}


def _vider() -> None:
    """Delete receptions and letters: each attack counts from zero."""
    Reception.objects.all().delete()
    Courriel.objects.all().delete()


def _remontee() -> Remontee:
    fabrique: Any = import_module("tests.remontees.factories")
    remontee: Remontee = fabrique.RapporteurFactory().remontee
    return remontee


def mille_d_une_adresse(port: int, combien: int = MILLE) -> Bilan:
    """One network sends without end. A neighbour must still be served, and a refused text must stay on the page."""
    _vider()
    refusees = [demander(port, DIRE, _dit(), de="203.0.113.7") for _ in range(combien)]
    gardees = Reception.objects.count()
    perdues = [
        page for statut, _, page in refusees if statut == 429 and "Le lampadaire est éteint" not in page
    ]
    voisine, _, _ = demander(port, DIRE, _dit(), de="198.51.100.9")
    vu = f"{milliers(gardees)} gardées, {len(perdues)} textes perdus, la voisine : {voisine}"
    return gardees <= 120 * TOLERANCE and not perdues and voisine == 303, vu


def mille_d_un_domaine(port: int, combien: int = MILLE) -> Bilan:
    """A thousand email addresses of one domain, from many IP addresses: few letters go to this domain."""
    _vider()
    for n in range(combien):
        demander(port, DIRE, _dit(courriel=f"x{n}@partout-pareil.example"), de=f"203.{n % 200}.{n // 200}.7")
    while recevoir_ce_qui_attend():
        pass
    lettres = Courriel.objects.filter(destinataires__0__endswith="@partout-pareil.example").count()
    autre, _, _ = demander(port, DIRE, _dit(courriel="lea@example.org"), de="198.51.100.9")
    vu = f"{milliers(lettres)} lettres au domaine, une autre personne : {autre}"
    return lettres <= 200 * TOLERANCE and autre == 303, vu


def _champs_du_suivi() -> dict[str, str]:
    return {"texte": "C’est encore éteint.", "cle": str(uuid.uuid4())}


def quarante_kio_partout(port: int) -> Bilan:
    """40 KB in every field of the form and of the follow-up page: a message, and nothing stored."""
    _vider()
    suivi = reverse("remontees:suivi", args=[_remontee().jeton()])
    essais = [(DIRE, {**_dit(), nom: LONG}) for nom in (*_dit(), "commune", "quartier", "courriel", "nom")]
    essais += [(suivi, {**_champs_du_suivi(), nom: LONG}) for nom in ("texte", "cle")]
    statuts = [
        demander(port, chemin, champs, de=f"198.51.{n}.2")[0] for n, (chemin, champs) in enumerate(essais)
    ]
    trop_longs = sum(
        len(charge["verbatim"]) > 4000 or len(charge["lieu"]) > 200
        for charge in Reception.objects.values_list("charge", flat=True)
    ) + sum(len(texte) > 6000 for texte in Message.objects.values_list("texte", flat=True))
    pannes = sum(statut >= 500 for statut in statuts)
    return (
        not pannes and not trop_longs,
        f"{len(statuts)} essais, {pannes} pannes, {trop_longs} textes gardés",
    )


def octets_nuls(port: int) -> Bilan:
    """A null byte in each field, in the URLs and in a field name."""
    _vider()
    suivi = reverse("remontees:suivi", args=[_remontee().jeton()])
    noms = (*_dit(), "commune", "quartier", "courriel", "nom", "site", "no\0m")
    posts = [(DIRE, _dit(**{nom: "a\0b"})) for nom in noms]
    posts += [(suivi, {**_champs_du_suivi(), nom: "a\0b"}) for nom in ("texte", "cle", "rouvre", "acte")]
    statuts = [
        demander(port, chemin, champs, de=f"198.51.{n}.3")[0] for n, (chemin, champs) in enumerate(posts)
    ]
    nul = quote("\0")
    adresses = [
        f"/remontees/dire/a{nul}b/",
        f"/remontees/suivi/{nul}/",
        f"/remontees/satisfaction/1.{nul}/",
        f"/remontees/vous-l-avez-dit/?q={nul}",
        f"/remontees/vous-l-avez-dit/?commune={nul}",
        f"/remontees/dire/recue/{nul}/",
    ]
    statuts += [demander(port, adresse)[0] for adresse in adresses]
    pannes = sum(statut >= 500 for statut in statuts)
    return not pannes, f"{len(statuts)} essais, {pannes} pannes"


def photos_demesurees(port: int) -> Bilan:
    """A picture of 20 MiB, noise named as a picture, and a small file that decompresses into a gigapixel."""
    _vider()
    from PIL import Image

    bombe = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bombe, "PNG")
    avant = Piece.objects.count()
    suivi = reverse("remontees:suivi", args=[_remontee().jeton()])
    envois = {
        "20 Mio": b"\xff\xd8\xff\xe0" + bytes(20 * MIO),
        "bruit": b"MZ" + bytes(MIO),
        "gigapixel": bombe.getvalue(),
    }
    statuts, sentences = {}, 0
    for n, (nom, contenu) in enumerate(envois.items()):
        for chemin, champs in ((DIRE, _dit()), (suivi, _champs_du_suivi())):
            statut, _, page = demander(port, chemin, champs, photo=contenu, de=f"198.51.{n}.4")
            statuts[nom, chemin == DIRE] = statut
            sentences += bool(re.search(r"photo|image|fichier", page))
    recevoir_ce_qui_attend()
    gardees = Piece.objects.count() - avant + Reception.objects.exclude(photo="").count()
    echoue = not gardees and all(statut < 500 for statut in statuts.values()) and sentences == len(statuts)
    return (
        echoue,
        f"{gardees} gardées, {sentences} phrases sur {len(statuts)}, {sorted(set(statuts.values()))}",
    )


def liens_forges(port: int) -> Bilan:
    """The signed link of another remontée: changed number, cut signature, signature of another kind of link."""
    mienne, autre = _remontee(), _remontee()
    jeton = mienne.jeton()
    numero, _, signature = jeton.partition(".")
    satisfaction = Satisfaction.objects.create(remontee=mienne).jeton()
    jetons = [
        f"{autre.pk}.{signature}",
        f"{numero}.{signature[:-1]}",
        f"{numero}.",
        f"{numero}.{signature}A",
        f"{numero}.{'A' * len(signature)}",
        Remontee.FIL.jeton(mienne),
        satisfaction,
    ]
    portes = [f"/remontees/suivi/{faux}/" for faux in jetons]
    portes += [f"/remontees/satisfaction/{jeton}/", f"/remontees/service/{jeton}/"]
    lus = [porte for porte in portes if demander(port, porte)[0] not in {404, 400}]
    vrai = demander(port, f"/remontees/suivi/{jeton}/")[0]
    return not lus and vrai == 200, f"{len(lus)} ouverts sur {len(portes)} ; le vrai : {vrai}"


def autre_mandataire(port: int, combien: int = 400) -> Bilan:
    """Forged X-Forwarded-For. The proxy appends the real address, which alone must count."""
    _vider()
    for n in range(combien):
        menti = f"10.{n % 250}.{n // 250}.1, 192.0.2.{n % 250}"
        demander(port, DIRE, _dit(), de=f"{menti}, 203.0.113.77")
    gardees = Reception.objects.count()
    return gardees <= 120 * TOLERANCE, f"{gardees} gardées sur {combien}"


def deux_onglets(port: int, combien: int = 20) -> Bilan:
    """The same draft sent from many tabs at the same moment, then the same message on the follow-up page."""
    _vider()
    avant, remontee = Remontee.objects.count(), _remontee()
    suivi = reverse("remontees:suivi", args=[remontee.jeton()])
    brouillon, mot = _dit(), _champs_du_suivi()
    with ThreadPoolExecutor(10) as fils:
        statuts = list(
            fils.map(lambda n: demander(port, DIRE, brouillon, de=f"198.51.{n}.5")[0], range(combien))
        )
        statuts += list(fils.map(lambda n: demander(port, suivi, mot, de="198.51.100.6")[0], range(combien)))
    recevoir_ce_qui_attend()
    recevoir_ce_qui_attend()
    faites, mots = Remontee.objects.count() - avant - 1, remontee.messages.count()
    pannes = sum(statut >= 400 for statut in statuts)
    return (faites, mots, pannes) == (1, 1, 0), f"{faites} remontée, {mots} message, {pannes} refus"


def mille_mots_par_le_lien(port: int, combien: int = 200) -> Bilan:
    """Many messages by one signed link: agents must not be flooded."""
    remontee = _remontee()
    suivi = reverse("remontees:suivi", args=[remontee.jeton()])
    for n in range(combien):
        demander(port, suivi, _champs_du_suivi(), de=f"198.{n % 250}.100.6")
    return remontee.messages.count() <= 20, f"{remontee.messages.count()} messages sur {combien}"


def sms_par_une_application(port: int, combien: int = 15) -> Bilan:
    """One Open311 key has SMS sent to one number, written in several ways, and abroad."""
    _vider()
    Courriel.objects.all().delete()
    fabriques = import_module("tests.socle.factories")
    _, cle = creer_client(
        par=fabriques.CompteFactory(agent=True), nom=uuid.uuid4().hex, courriel="a@example.org"
    )
    service = proposes().values_list("code", flat=True)[0]

    def demander_pour(telephone: str) -> int:
        lu = {"api_key": cle, "service_code": service, "description": "Noir.", "address_string": "Ici"}
        return demander(port, "/open311/v2/requests.json", {**lu, "phone": telephone})[0]

    ecrits = ["0612345678", "+33 6 12 34 56 78", "0033.6.12.34.56.78"]
    ici = [demander_pour(ecrits[n % 3]) for n in range(combien)]
    ailleurs = [demander_pour(f"{debut}{n:04}") for debut in ("+3712123", "+44740012") for n in range(4)]
    recevoir_ce_qui_attend()
    balayer(30)
    partis = Courriel.objects.filter(moyen="sms", etat=Courriel.Etat.ENVOYE)
    a_l_etranger = partis.exclude(destinataires=["+33612345678"]).count()
    vu = f"{partis.count()} SMS partis pour {ici.count(200)} demandes, {a_l_etranger} à l’étranger ({set(ailleurs)})"
    return 0 < partis.count() <= settings.SMS_BORNES["PAR_NUMERO_JOUR"] and not a_l_etranger, vu


def cle_d_un_import(port: int) -> Bilan:
    """A visitor sends a text under the key that an import will use for a post whose URL she knows."""
    _vider()
    source = f"https://social.example/post/{uuid.uuid4().hex}"
    demander(port, DIRE, _dit(verbatim="bonjour", cle=str(cle_de({"source": source}))))
    fabriques = import_module("tests.socle.factories")
    table = f"Message;URL\nDANGER : poteau tombé;{source}\n".encode()
    choisi = imports.ouvrir_import(
        SimpleUploadedFile("posts.csv", table, "text/csv"), par=fabriques.CompteFactory(agent=True)
    )
    imports.lancer_import(choisi.pk, relies=choisi.relies)
    imports.importer(choisi.pk)
    choisi.refresh_from_db()
    dits = [recue.charge.get("verbatim", "") for recue in Reception.objects.filter(faite_le=None)]
    vu = f"{choisi.nouvelles} importée, {choisi.doublons} dite déjà là"
    return choisi.nouvelles == 1 and "bonjour" in dits, vu


def nom_d_une_photo(port: int) -> Bilan:
    """Who is shown the photo reads in its name, or on the disk, the key that opens the page of the person."""
    _vider()
    avant = set(Piece.objects.values_list("pk", flat=True))
    _, recue, _ = demander(port, DIRE, _dit(), photo=_petite_photo())
    cle = recue.rstrip("/").rpartition("/")[2]
    gardee = Reception.objects.values_list("photo", flat=True).first() or ""
    recevoir_ce_qui_attend()
    noms = [gardee, *Piece.objects.exclude(pk__in=avant).values_list("nom", flat=True)]
    noms += Piece.objects.exclude(pk__in=avant).values_list("fichier", flat=True)
    dits = [nom for nom in noms if cle in nom]
    return bool(cle) and len(noms) == 3 and not dits, f"{len(dits)} noms sur {len(noms)} disent la clé"


def _petite_photo() -> bytes:
    from PIL import Image

    octets = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(octets, "JPEG")
    return octets.getvalue()


ATTAQUES: dict[str, Callable[[int], Bilan]] = {
    "1 000 remontées d’une adresse": mille_d_une_adresse,
    "1 000 remontées d’un domaine": mille_d_un_domaine,
    "40 Kio dans chaque champ": quarante_kio_partout,
    "des octets nuls partout": octets_nuls,
    "une photo de 20 Mio, une fausse, une bombe": photos_demesurees,
    "la clé d’un import prise avant lui": cle_d_un_import,
    "la clé d’une personne dans le nom de sa photo": nom_d_une_photo,
    "des liens de suivi forgés": liens_forges,
    "une fausse adresse derrière un autre mandataire": autre_mandataire,
    "le même brouillon de plusieurs onglets": deux_onglets,
    "200 messages par le lien de suivi": mille_mots_par_le_lien,
    "15 SMS à un numéro, et à l’étranger, par une application": sms_par_une_application,
}
