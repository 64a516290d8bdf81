"""Attacks on the seats of events and of visits, replayed over HTTP. Each must fail."""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from participation.rencontres.models import Rencontre
from participation.seances.models import Inscription, Seance
from participation.socle.models import Courriel, ReglagePorte

LONG = "é" * 20_000


def _usine(app: str) -> Any:
    return import_module(f"tests.{app}.factories")


def caches(page: str) -> dict[str, str]:
    """Return the hidden fields of a page: what it showed."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def _s_inscrire(ouvrir: Ouvrir, rencontre: Rencontre, ip: str, **dit: str) -> int:
    champs = {"nom": "Alma Essai", "cle": str(uuid.uuid4()), **dit}
    return ouvrir(ip, None).post(reverse("rencontres:s_inscrire", args=[rencontre.pk]), champs)[0]


def mille_d_un_domaine(ouvrir: Ouvrir, combien: int = 1000) -> Bilan:
    """A thousand mailboxes of one domain, from a hundred networks; then people who prove theirs, and one who has none."""
    Courriel.objects.all().delete()
    rencontre = _usine("rencontres").RencontreFactory(ouverte=True, places=12)
    with ThreadPoolExecutor(8) as fils:
        statuts = list(
            fils.map(
                lambda n: _s_inscrire(
                    ouvrir, rencontre, f"203.{n % 100}.{n // 100}.7", courriel=f"faux{n}@attrape-tout.example"
                ),
                range(combien),
            )
        )
    tenues, ecrites = rencontre.places_prises, Courriel.objects.count()
    for n in range(3):
        _s_inscrire(ouvrir, rencontre, f"198.51.{n}.7", courriel=f"vraie{n}@exemple.fr", nom=f"Vraie {n}")
    assises = 0
    for n in range(3):
        lettre = Courriel.objects.filter(destinataires=[f"vraie{n}@exemple.fr"]).first()
        lien = re.search(r"https?://\S+/confirmer/\S*", lettre.corps) if lettre else None
        if lien:
            ouvrir(f"198.51.{n}.7", None).post(urlsplit(lien[0]).path, {})
    assises = rencontre.inscriptions.filter(etat="inscrite").count()
    pannes = [s for s in statuts if s >= 500]
    permises = ReglagePorte.actuel().par_domaine
    vu = (
        f"{tenues} place tenue par {combien} adresses, {ecrites} lettres à leur domaine pour {permises} permises ; "
        f"ensuite {assises} personnes sur 3 ont leur place ; {len(pannes)} pannes"
    )
    return not tenues and ecrites <= permises and assises == 3 and not pannes, vu


def sans_adresse(ouvrir: Ouvrir, combien: int = 300) -> Bilan:
    """Names without a mailbox, from a hundred networks, for all the seats."""
    rencontre = _usine("rencontres").RencontreFactory(ouverte=True, places=20)
    with ThreadPoolExecutor(8) as fils:
        statuts = list(
            fils.map(
                lambda n: _s_inscrire(ouvrir, rencontre, f"203.{n % 100}.{n // 100}.8", nom=f"Faux {n}"),
                range(combien),
            )
        )
    prises, part = rencontre.places_prises, rencontre.regle.part_sans_courriel
    pannes = [s for s in statuts if s >= 500]
    return (
        prises * 100 <= rencontre.places * part and not pannes,
        f"{prises} places prises sur {rencontre.places} ({part} % au plus), {len(pannes)} pannes",
    )


def champs_de_travers(ouvrir: Ouvrir) -> Bilan:
    """40 KiB, null characters and marks of direction in each field; one key for other words."""
    rencontre = _usine("rencontres").RencontreFactory(ouverte=True)
    champs = ("nom", "courriel", "telephone", "langue", "enfants", "precisions", "besoins", "cle")
    statuts = [
        _s_inscrire(
            ouvrir, rencontre, f"203.0.{n}.9", **{"courriel": f"b{n}@exemple.fr", champ: mots, "langue": "x"}
        )
        for n, (champ, mots) in enumerate((c, m) for c in champs for m in (LONG, "a\0b", "\u202emoc.elpmexe"))
    ]
    cle = str(uuid.uuid4())
    for nom in ("Une", "Une", "Autre"):
        _s_inscrire(ouvrir, rencontre, "203.0.113.9", cle=cle, nom=nom, courriel=f"{nom.lower()}@exemple.fr")
    gardees = rencontre.inscriptions.filter(courriel__in=["une@exemple.fr", "autre@exemple.fr"]).count()
    pannes = [s for s in statuts if s >= 500]
    return not pannes and gardees == 2, f"{len(pannes)} pannes sur {len(statuts)}, {gardees} lignes pour 2"


def derniere_place_d_une_visite(ouvrir: Ouvrir) -> Bilan:
    """Twenty members for one seat, each in two windows; somebody of another instance; 40 KiB of needs."""
    usine = _usine("seances")
    visite = usine.SeanceFactory(nature=Seance.Nature.VISITE, titre="Visite", capacite=1, convoquee=True)
    college = usine.CollegeFactory(mandature=visite.mandature)
    membres = [usine.MembreFactory(college=college) for _ in range(20)]
    ailleurs = usine.InstanceFactory(cle=f"visite-{visite.pk}")
    intruse = usine.MembreFactory(
        college=usine.CollegeFactory(mandature=usine.MandatureFactory(instance=ailleurs))
    )
    adresse = reverse("seances:inscription", args=[visite.pk])

    def s_inscrire(n: int) -> int:
        navigateur = ouvrir(f"203.0.{n}.10", membres[n % 20].compte)
        page = navigateur.get(adresse)[2]
        mots = LONG if n == 39 else "Fauteuil"
        return navigateur.post(adresse, {**caches(page), "acte": "inscrire", "precisions": mots})[0]

    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(s_inscrire, range(40)))
    siennes = visite.inscriptions
    assises, lignes = siennes.filter(etat=Inscription.Etat.INSCRIT).count(), siennes.count()
    autre = ouvrir("203.0.113.10", intruse.compte).post(adresse, {"acte": "inscrire"})[0]
    pannes = [s for s in statuts if s >= 500]
    vu = f"{assises} assise pour 1 place, {lignes} lignes pour 20, l’intruse : {autre}, {len(pannes)} pannes"
    return (assises, lignes, autre, pannes) == (1, 20, 404, []), vu


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "1 000 inscriptions d’un domaine à une rencontre": mille_d_un_domaine,
    "toutes les places prises sans adresse": sans_adresse,
    "40 Kio et nuls dans une inscription": champs_de_travers,
    "la dernière place d’une visite, quarante fenêtres": derniere_place_d_une_visite,
}
