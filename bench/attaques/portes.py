"""Attacks on the door without network, the orders of needs, the pages of the year, and what is open to all. Each must fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from bench.attaques.acces import Ouvrir
from bench.attaques.demarches import MECHANT, forges
from bench.attaques.places import LONG, caches
from bench.attaques.signatures import Bilan
from participation.inclusion.models import CommandeDeBesoin
from participation.socle.calendrier import debut_du_jour

DE_TRAVERS = ("-1", "9" * 40, "1e9", "é" * 20_000, "a\0b", "٣", "")


def _usine(app: str) -> Any:
    return import_module(f"tests.{app}.factories")


def presences_rejouees(ouvrir: Ouvrir, combien: int = 1000) -> Bilan:
    """A presence kept by a device leaves a thousand times, by two accounts; strangers send theirs; ages out of measure."""
    usine, comptes = _usine("rencontres"), _usine("socle").CompteFactory
    venue = timezone.localtime() - timedelta(minutes=5)
    jour = usine.RencontreFactory(ouverte=True, debut=venue)
    gens = usine.InscriptionFactory.create_batch(3 + len(DE_TRAVERS), evenement=jour)
    demain = usine.InscriptionFactory()
    agentes = [comptes(agent=True), comptes(agent=True)]
    etrangers = [None, comptes(), comptes(agent=True, is_active=False)]

    def noter(n: int, compte: Any, pk: int, il_y_a: str) -> int:
        adresse = reverse("rencontres:noter_presence", args=[pk])
        return ouvrir(f"203.0.{n % 250}.81", compte).post(adresse, {"il_y_a": il_y_a})[0]

    with ThreadPoolExecutor(8) as fils:
        statuts = list(fils.map(lambda n: noter(n, agentes[n % 2], gens[0].pk, str(60 + n)), range(combien)))
    forgees = [noter(n, compte, gens[1].pk, "60") for n, compte in enumerate(etrangers)]
    tot = [noter(1, agentes[0], pk, "60") for pk in (demain.pk, 10**11, 10**30)]
    longues = [noter(2, agentes[0], une.pk, dit) for une, dit in zip(gens[3:], DE_TRAVERS, strict=True)]
    notees = [type(une).objects.get(pk=une.pk).presente_le for une in (*gens, demain)]
    faits = jour.journal.filter(acte="noter_presence", fait__contains=f"n° {gens[0].pk} ").count()
    hors = [
        le for le in notees if le and not debut_du_jour(timezone.localdate(venue)) <= le <= timezone.now()
    ]
    pannes = [s for s in (*statuts, *forgees, *tot, *longues) if s >= 500]
    vu = (
        f"{faits} présence au journal pour {combien} envois, {sum(bool(le) for le in (notees[1], notees[-1]))} d’un inconnu "
        f"ou d’un autre jour, {len(hors)} d’une heure impossible, {len(pannes)} pannes ({forgees}, {tot}, {longues})"
    )
    return faits == 1 and not notees[1] and not notees[-1] and not hors and not pannes, vu


def commande_d_un_autre(ouvrir: Ouvrir) -> Bilan:
    """The order of another provider, by a forged link; ten windows confirm two prices; 40 KB; an order given up."""
    usine = _usine("inclusion").CommandeFactory
    sienne, autre, annulee = usine(), usine(), usine(etat="annulee", clos_le=timezone.now())

    def confirmer(jeton: str, n: int, **dit: str) -> int:
        chemin = reverse("inclusion:ma_commande", args=["x"]).replace("/x/", f"/{quote(jeton, safe=':')}/")
        navigateur = ouvrir(f"203.0.{n}.82", None)
        champs = {"acte": "confirmer_commande", "cout": "120", "mot": "Oui", **dit}
        return navigateur.post(chemin, {**caches(navigateur.get(chemin)[2]), **champs})[0]

    faux = forges(sienne.jeton(), autre, CommandeDeBesoin.LIEN, sienne.sceau)
    statuts = [confirmer(jeton, 1) for jeton in faux]
    ouverts = [s for s in statuts if s < 400]
    statuts += [
        confirmer(autre.jeton(), 2, **dit)
        for dit in ({"cout": "-5"}, {"cout": "9" * 40}, {"cout": LONG}, {"mot": LONG})
    ]
    with ThreadPoolExecutor(10) as fils:
        statuts += list(
            fils.map(lambda n: confirmer(sienne.jeton(), n, cout=str(100 + n), mot=MECHANT), range(10))
        )
    statuts.append(confirmer(annulee.jeton(), 3))
    faits = sienne.journal.filter(acte="confirmer_commande").count()
    for une in (autre, annulee):
        une.refresh_from_db()
    page = ouvrir("203.0.113.82", _usine("socle").CompteFactory(agent=True)).get(
        reverse("inclusion:commande", args=[sienne.pk])
    )
    vive, pannes = "<script>alert" in page[2], [s for s in (*statuts, page[0]) if s >= 500]
    vu = f"{len(ouverts)} lien forgé suivi, {faits} confirmation pour dix fenêtres, {len(pannes)} pannes ({statuts})"
    touchees = autre.confirmee_le or annulee.confirmee_le
    return not ouverts and faits == 1 and not touchees and not vive and not pannes, vu


def pages_de_l_annee(ouvrir: Ouvrir) -> Bilan:
    """Reports of the year and lists of needs: by who may not, then by an agent with years and words out of measure."""
    noms = (
        "petitions:rapport_annuel",
        "suites:rapports",
        "engagements:rapports_engagements",
        "remontees:rapport",
        "ccspl:rapport_annuel",
        "inclusion:besoins",
        "inclusion:commander",
    )
    comptes = _usine("socle").CompteFactory
    etrangers = [ouvrir(f"203.0.113.{83 + n}", compte) for n, compte in enumerate((None, comptes()))]
    agente, ouverts, pannes, vifs = ouvrir("203.0.113.86", comptes(agent=True)), [], [], []
    for adresse in map(reverse, noms):
        ouverts += [adresse for etranger in etrangers if etranger.get(adresse)[0] == 200]
        ouverts += [adresse for etranger in etrangers if etranger.post(adresse, {"annee": "2026"})[0] < 300]
        for dit in (*DE_TRAVERS, "0", "10000", MECHANT, "x" * 6000):
            for champ in ("annee", "page", "q", "export"):
                statut, _, page = agente.get(f"{adresse}?{champ}={quote(dit[:6000])}")
                pannes += [f"{adresse} {champ} {dit[:9]!r} : {statut}"] * (statut >= 500)
                vifs += [adresse] * ("<script>alert" in page)
    vu = (
        f"{len(ouverts)} ouvertes à qui n’y a pas droit, {len(vifs)} vives, {len(pannes)} pannes {pannes[:3]}"
    )
    return not ouverts and not pannes and not vifs, vu


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "1 000 présences gardées hors ligne, rejouées et forgées": presences_rejouees,
    "la commande d’un autre prestataire, dix prix": commande_d_un_autre,
    "les rapports de l’année et les besoins, par qui n’y a pas droit": pages_de_l_annee,
}
