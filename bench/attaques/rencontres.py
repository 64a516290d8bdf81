"""Attacks on the tables, the dots and the seats of a rencontre, replayed over HTTP. Each must fail."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from participation.rencontres.models import Gommette, Groupe, Rencontre, TableRencontre
from participation.socle.models import Courriel, ReglagePorte

MECHANT = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e http://evil.example"


def _usine() -> Any:
    return import_module("tests.rencontres.factories")


def _table() -> TableRencontre:
    return TableRencontre.objects.create(rencontre=_usine().RencontreFactory(tenue=True), numero=1)


def _noter(ouvrir: Ouvrir, table: TableRencontre, n: int, **dit: str) -> int:
    champs = {"texte": f"Une idée, n° {n}", "cle": str(uuid.uuid4()), **dit}
    return ouvrir(f"203.0.{n % 250}.61", None).post(
        reverse("rencontres:table", args=[table.jeton()]), champs
    )[0]


def quarante_telephones(ouvrir: Ouvrir) -> Bilan:
    """The link of a table goes round: forty phones write together, each twice, then without end."""
    table = _table()
    cles = [str(uuid.uuid4()) for _ in range(40)]
    with ThreadPoolExecutor(20) as fils:
        statuts = list(fils.map(lambda n: _noter(ouvrir, table, n % 40, cle=cles[n % 40]), range(80)))
    une_fois = table.notes.count()
    permises = table.rencontre.regle.notes_par_heure
    with ThreadPoolExecutor(8) as fils:
        statuts += list(fils.map(lambda n: _noter(ouvrir, table, 100 + n), range(permises)))
    gardees, pannes = table.notes.count(), [s for s in statuts if s == 500]
    vu = f"{une_fois} notes pour 40 téléphones deux fois, {gardees} en tout pour {permises} permises, {len(pannes)} pannes"
    return une_fois == 40 and gardees == permises and not pannes, vu


def table_forgee(ouvrir: Ouvrir) -> Bilan:
    """The link of another table or kind, changed, or of a rencontre that is over: nothing is written."""
    table, autre = _table(), _table()
    bon = table.jeton()
    faux = [
        bon[:-1] + ("a" if bon[-1] != "a" else "b"),
        f"{autre.pk}{bon[len(str(table.pk)) :]}",
        TableRencontre.LIEN.sceller(autre.pk, table.sceau),
        f"{bon}%00",
        bon * 50,
    ]
    dit = {"texte": "Faux", "cle": str(uuid.uuid4())}
    statuts = []
    for jeton in faux:
        for nom in ("table", "jeton_de_table", "gommettes"):
            adresse = reverse(f"rencontres:{nom}", args=["x"]).replace("/x/", f"/{quote(jeton, safe='%:')}/")
            statuts.append(ouvrir("203.0.113.62", None).post(adresse, dit)[0])
    Rencontre.objects.filter(pk=table.rencontre_id).update(etat="close")
    tard = _noter(ouvrir, table, 1)
    ecrites = table.notes.count() + autre.notes.count()
    ouverts = [s for s in statuts if s not in {404, 405, 403}]
    return not ecrites and not ouverts and tard in {
        409,
        422,
    }, f"{len(ouverts)} ouverts sur {len(statuts)}, {ecrites} notes ; trop tard : {tard}"


def notes_de_travers(ouvrir: Ouvrir) -> Bilan:
    """A note with a script, words of phishing and somebody's address, twelve times; 40 KB and null characters."""
    Courriel.objects.all().delete()
    table, agente = _table(), import_module("tests.socle.factories").CompteFactory(agent=True)
    for n in range(12):
        _noter(ouvrir, table, n, texte=f"{MECHANT} {n}", courriel=f"victime+{n}@exemple.fr")
    gros = [_noter(ouvrir, table, n, texte=texte) for n, texte in enumerate(("é" * 20_000, "a\0b", ""))]
    lettres = Courriel.objects.filter(destinataires__0__startswith="victime")
    a_elle = [le for le in lettres if "evil" in le.sujet + le.corps]
    Groupe.objects.create(rencontre=table.rencontre, titre=MECHANT[:160], texte=MECHANT)
    pages = [ouvrir("203.0.113.63", agente).get(f"{table.rencontre.get_absolute_url()}recolte/")[2]]
    pages += [
        ouvrir("203.0.113.63", None).get(adresse)[2]
        for adresse in (table.rencontre.get_public_url(), reverse("rencontres:table", args=[table.jeton()]))
    ]
    vives = sum("<script>alert(1)" in page or "<img src=x" in page for page in pages)
    vu = f"{len(lettres)} lettres sur 12 à une boîte, {len(a_elle)} avec ses mots ; {vives} page vive sur {len(pages)} ; {gros}"
    permises = ReglagePorte.actuel().par_adresse
    return not a_elle and len(lettres) <= permises and not vives and max(gros) < 500, vu


def cent_mille_gommettes(ouvrir: Ouvrir) -> Bilan:
    """A hundred thousand dots in one sending; dots of another rencontre; ten windows together."""
    rencontre = _usine().RencontreFactory(tenue=True)
    sienne = _usine().InscriptionFactory(evenement=rencontre, presente_le=timezone.now())
    groupes = [Groupe.objects.create(rencontre=rencontre, titre=f"Groupe {n}") for n in range(12)]
    autre = Groupe.objects.create(rencontre=_usine().RencontreFactory(tenue=True), titre="Ailleurs")
    adresse, permises = (
        reverse("rencontres:gommettes", args=[sienne.jeton()]),
        rencontre.regle.gommettes_par_personne,
    )

    def coller(numeros: list[int], n: int = 0) -> int:
        # Several values under one name.
        champs = [("groupe", str(numero)) for numero in numeros]
        return ouvrir(f"203.0.{n}.64", None).post(adresse, champs)[0]  # type: ignore[arg-type]

    trop = [
        coller([groupes[0].pk] * 100_000),
        coller([g.pk for g in groupes]),
        coller([autre.pk]),
        coller([10**11]),
    ]
    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(lambda n: coller([g.pk for g in groupes[n : n + permises]], n), range(10)))
    collees = Gommette.objects.filter(inscription=sienne).count()
    ailleurs, pannes = autre.gommettes.count(), [s for s in (*trop, *statuts) if s >= 500]
    return (
        collees <= permises and not ailleurs and not pannes,
        f"{collees} collées pour {permises} permises, {ailleurs} ailleurs, {len(pannes)} pannes ({trop})",
    )


def place_prise_deux_fois(ouvrir: Ouvrir) -> Bilan:
    """One seat left, offered to one: who waits takes it by their own links; twenty windows accept and give up together."""
    rencontre = _usine().RencontreFactory(ouverte=True, places=1)
    offerte = _usine().InscriptionFactory(
        evenement=rencontre, etat="offerte", offerte_jusqu_a=timezone.localtime() + timedelta(days=1)
    )
    attend = [_usine().InscriptionFactory(evenement=rencontre, etat="attente") for _ in range(5)]

    def accepter(n: int) -> int:
        qui = ([offerte] * 5 + attend)[n % 10]
        return ouvrir(f"203.0.{n}.65", None).post(
            reverse("rencontres:mon_inscription", args=[qui.jeton()]), {"accepter": "oui"}
        )[0]

    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(accepter, range(20)))
    assises = rencontre.inscriptions.filter(etat="inscrite").count()
    lignes = rencontre.journal.filter(acte="accepter_place").count()
    pannes = [s for s in statuts if s >= 500]
    return (assises, lignes, pannes) == (
        1,
        1,
        [],
    ), f"{assises} assise pour 1 place, {lignes} ligne au journal, {len(pannes)} pannes"


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "le lien d’une table dans quarante téléphones": quarante_telephones,
    "une table forgée, une rencontre close": table_forgee,
    "des notes piégées, l’adresse d’une autre": notes_de_travers,
    "100 000 gommettes d’une personne": cent_mille_gommettes,
    "une place offerte, prise par vingt fenêtres": place_prise_deux_fois,
}
