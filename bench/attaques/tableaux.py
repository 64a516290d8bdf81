"""Attacks by the tables, the pictures and the colours that an account of the back office sends, replayed over HTTP.

Each must fail.
"""

import io
import time
import uuid
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import xlsxwriter
from django.urls import reverse

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from bench.tableaux import virgule
from participation.budgets.models import Idee
from participation.inclusion.models import LotPapier
from participation.inclusion.papier.actes import lire_lot
from participation.inclusion.workflow import EtatLot
from participation.panels.models import AdresseInvitee

PATIENCE = 20  # seconds of a request, on a shared machine
MILLION = 1_000_000
A_DROITE = "\u202efdp.exe"


def _monde(nom: str) -> Any:
    return import_module(f"tests.{nom}")


def _classeur(*lignes: tuple[str, ...], a_la_place: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    octets, refait = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(octets, {"constant_memory": True, "strings_to_formulas": False}) as livre:
        feuille = livre.add_worksheet()
        for rang, ligne in enumerate(lignes):
            feuille.write_row(rang, 0, ligne)
    with zipfile.ZipFile(octets) as lu, zipfile.ZipFile(refait, "w", zipfile.ZIP_DEFLATED) as ecrit:
        for nom in lu.namelist():
            ecrit.writestr(nom, lu.read(nom).replace(*a_la_place) if a_la_place[0] else lu.read(nom))
    return refait.getvalue()


def _bombe() -> bytes:
    """A workbook of a few hundred kilobytes that is two hundred megabytes once open."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 250 * MILLION)
    return octets.getvalue()


def _pieges(entetes: str) -> dict[str, bytes]:
    """Return tables that no table should be, by name. `entetes`: the columns that are waited for."""
    noms = tuple(entetes.split(";"))
    ligne = ";".join("=HYPERLINK(1)" for _ in noms)
    return {
        "deux millions de lignes": entetes.encode() + b"\n" + b"a;b\n" * 2 * MILLION,
        "une bombe": _bombe(),
        "un caractère nul": _classeur(noms, tuple(f"x_x0000_{n}" for n in range(len(noms)))),
        "un nul dans un texte partagé": _classeur(
            noms, ("ZZZ",) * len(noms), a_la_place=(b"ZZZ", b"a_x0000_b_xD800_")
        ),
        "une cellule loin des autres": _classeur(noms, ("x",), a_la_place=(b'r="A2"', b'r="GR100000"')),
        "des formules": f"{entetes}\n{ligne}\n".encode(),
        "un texte sans fin": f'{entetes}\n"{"a" * MILLION}'.encode(),
        "deux cents mille colonnes": (";" * 200_000).encode(),
        "rien": b"",
        "des octets": bytes(range(256)) * 50,
        "un PDF": b"%PDF-1.7\n" + b"x" * 1000,
        "40 Kio partout": f"{entetes}\n{';'.join(['é' * 20_000] * len(noms))}\n".encode(),
        "du droit à gauche": f"{entetes}\n{';'.join([A_DROITE] * len(noms))}\n".encode("utf-16"),
    }


def _envoyer(ouvrir: Ouvrir, adresse: str, entetes: str, champs: dict[str, str]) -> tuple[list[str], float]:
    """Send each trap. Return those answered by a failure, and the longest wait."""
    agente = _monde("socle.factories").CompteFactory(agent=True)
    fautes: list[str] = []
    duree = 0.0
    for nom, octets in _pieges(entetes).items():
        depart = time.monotonic()
        statut = ouvrir("203.0.113.71", agente).joindre(adresse, champs, "fichier", f"{nom}.xlsx", octets)[0]
        duree = max(duree, time.monotonic() - depart)
        fautes += [f"{nom} : {statut}"] if statut >= 500 else []
    return fautes, duree


def tableaux_de_papier(ouvrir: Ouvrir) -> Bilan:
    """Traps sent as papers: what is kept is read by the worker, or set aside with its sentence."""
    budget = _monde("budgets.factories").budget_en("idees")
    adresse, pour = reverse("inclusion:envoyer_lot"), {"pour": f"idee:{budget.pk}"}
    fautes, duree = _envoyer(ouvrir, adresse, "L’idée;Quartiers;Nom;Téléphone", pour)
    lots = LotPapier.objects.filter(etat=EtatLot.A_LIRE)
    recus = lots.count()
    for numero in list(lots.values_list("pk", flat=True)):
        try:
            lire_lot(numero)
        except Exception as erreur:
            fautes.append(f"lot {numero} : {type(erreur).__name__}")
    bloques = lots.count()
    vu = f"{recus} lots reçus, {bloques} jamais lus ; une page en {virgule(duree, 1)} s au plus ; {', '.join(fautes) or '0 pannes'}"
    return not fautes and not bloques and duree < PATIENCE, vu


def tableaux_lus_aussitot(ouvrir: Ouvrir) -> Bilan:
    """The same traps where a page reads the table at once: addresses of a panel, délibérations, propositions."""
    panel = _monde("panels.factories").PanelFactory(avec_tirage=True)
    fautes: list[str] = []
    duree = 0.0
    scdl = "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_MATIERE_CODE;DELIB_MATIERE_NOM;DELIB_OBJET;VOTE_EFFECTIF;VOTE_REEL;VOTE_POUR;VOTE_CONTRE;VOTE_ABSTENTION;DELIB_URL"
    for adresse, entetes in (
        (reverse("panels:importer_adresses", args=[panel.pk]), "adresse;nom;code postal;commune"),
        (reverse("engagements:importer_deliberations"), scdl),
    ):
        siennes, longue = _envoyer(ouvrir, adresse, entetes, {})
        fautes, duree = fautes + siennes, max(duree, longue)
    gardees = AdresseInvitee.objects.filter(panel=panel).count()
    vu = f"une page en {virgule(duree, 1)} s au plus ; {gardees} lignes gardées ; {', '.join(fautes) or '0 pannes'}"
    return not fautes and duree < PATIENCE, vu


def deux_qui_approuvent(ouvrir: Ouvrir) -> Bilan:
    """Two agents retain the same lines together, and the same file is sent twice together: each line counts once."""
    budget = _monde("budgets.factories").budget_en("idees")
    agentes = [_monde("socle.factories").CompteFactory(agent=True) for _ in range(2)]
    quartier = str(budget.quartiers.first() or "") if hasattr(budget, "quartiers") else ""
    table = (
        f"L’idée;Quartiers;Nom;Téléphone\nUn banc {uuid.uuid4()};{quartier};Rose;06 00 00 00 01\n".encode()
    )
    adresse, pour = reverse("inclusion:envoyer_lot"), {"pour": f"idee:{budget.pk}"}
    with ThreadPoolExecutor(4) as fils:
        envois = list(
            fils.map(
                lambda n: ouvrir(f"203.0.{n}.72", agentes[n % 2]).joindre(
                    adresse, pour, "fichier", "a.csv", table
                )[0],
                range(4),
            )
        )
    lots = list(LotPapier.objects.filter(cible=budget.pk, etat=EtatLot.A_LIRE))
    for lot in lots:
        lire_lot(lot.pk)
    ici = reverse("inclusion:retenir_lignes", args=[lots[0].pk])
    with ThreadPoolExecutor(8) as fils:
        statuts = list(
            fils.map(
                lambda n: ouvrir(f"203.0.{n}.73", agentes[n % 2]).post(ici, {"lignes": "2"})[0], range(8)
            )
        )
    idees = Idee.objects.filter(budget=budget).count()
    pannes = [s for s in (*envois, *statuts) if s >= 500]
    return (
        len(lots) == 1 and idees <= 1 and not pannes,
        f"{len(lots)} lot pour 4 envois, {idees} idée pour 8 approbations, {len(pannes)} pannes",
    )


def logo_et_couleur(ouvrir: Ouvrir) -> Bilan:
    """A picture with a script, a huge one, a false one, and a colour that closes its rule: nothing of them is served."""
    administre = _monde("socle.factories").CompteFactory(agent=True, is_staff=True, is_superuser=True)
    navigateur = ouvrir("203.0.113.74", administre)
    page = reverse("admin:socle_reglageservice_change", args=[1])
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    png = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00"
        + b"x" * 200
    )
    statuts = [
        navigateur.joindre(page, {"couleur": couleur}, "nouveau_logo", nom, octets)[0]
        for nom, octets in (("a.svg", svg), ("a.png", svg), ("a.png", png), ("a.png", b"GIF89a" + svg))
        for couleur in ("#ff0000", "red;}body{background:url(//evil.example)}", "é" * 20_000)
    ]
    servi, _, image = navigateur.get(reverse("socle:logo"))
    feuille = navigateur.get(reverse("socle:accueil"))[2]
    pannes = [s for s in statuts if s >= 500]
    vive = "alert(1)" in image or "evil.example" in feuille
    return (
        not pannes and not vive,
        f"{len(statuts)} essais, réponses {sorted(set(statuts))}, logo : {servi}, {'servi' if vive else 'rien de vif'}",
    )


def equipiere_du_prestataire(ouvrir: Ouvrir) -> Bilan:
    """The account of who calls for the service: every page of the panel, of others, and of the office."""
    panels = _monde("panels.factories")
    sien, autre = panels.PanelFactory(confirmation=True), panels.PanelFactory(confirmation=True)
    elle = _monde("socle.factories").CompteFactory()
    import_module("participation.panels.models").Equipier.objects.create(
        panel=sien, compte=elle, role="appels"
    )
    navigateur = ouvrir("203.0.113.75", elle)
    ouvertes = []
    for nom in (
        "panel", "modifier_panel", "adresses_refusees", "importer_adresses", "imprimer_invitations", "indemnites_csv",
        "imprimer_badges", "ajouter_equipier", "appels", "remplacer_renoncants", "effacer_inscrits",
    ):  # fmt: skip
        for panel in (sien, autre):
            statut, _, _ = navigateur.get(reverse(f"panels:{nom}", args=[panel.pk]))
            if statut == 200 and (nom, panel) != ("appels", sien):
                ouvertes.append(f"{nom} ({statut})")
    for adresse in (
        "/journee/",
        "/dossiers/",
        "/courriels/",
        "/panels/",
        "/panels/marches/",
        "/recherche/?q=Essai",
        "/droits/",
        "/inclusion/papier/",
    ):
        statut = navigateur.get(adresse)[0]
        ouvertes += [adresse] if statut == 200 else []
    liste = navigateur.get(reverse("panels:appels", args=[sien.pk]))[0]
    return not ouvertes and liste == 200, f"sa liste : {liste} ; ailleurs : {', '.join(ouvertes) or 'rien'}"


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "des tableaux de papier piégés": tableaux_de_papier,
    "des tableaux piégés, lus aussitôt": tableaux_lus_aussitot,
    "deux agentes approuvent les mêmes papiers": deux_qui_approuvent,
    "un logo à script, une couleur qui en dit plus": logo_et_couleur,
    "ce qu’ouvre le compte d’un prestataire": equipiere_du_prestataire,
}
