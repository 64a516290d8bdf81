#!/usr/bin/env python3
"""Vérifier un tirage au sort à partir de ses fichiers publiés.

    python3 verifier.py dossier/

Rien d’autre que Python (3.9 ou plus récent) n’est nécessaire, et rien n’est demandé à aucun site. Le dossier contient les
fichiers téléchargés : « tirage.json », « volontaires.csv », et, une fois publié, « panels.csv ».

Ce qui est vérifié :

1. « tirage.json » porte sa propre empreinte SHA-256, calculée avec des zéros à sa place : aucun octet n’a changé.
2. La règle figée est celle que dit « tirage.json » ; un quota peut y être plus large, jamais plus serré.
3. L’empreinte de « volontaires.csv » est celle de « tirage.json » : la liste n’a pas changé.
4. La graine est SHA-256 de « graine-v2|empreinte de la liste|empreinte de la règle|texte de la source » : personne ne l’a
   choisie, et elle ne va avec aucune autre règle. (Un tirage plus ancien : « graine-v1|empreinte de la liste|texte ».)
5. L’empreinte de « panels.csv » est celle de « tirage.json » ; il y a mille panels, chacun du bon nombre de personnes,
   toutes dans la liste, sans doublon.
6. Le panel tiré est celui qui porte le nombre des trois boules.
7. La réserve est faite de personnes de la liste, hors du panel, dans l’ordre de leurs billets.
8. Chaque remplacement prend des personnes de la liste qui n’étaient pas assises.

Comparez vous-même quatre choses avec ce que vous avez vu ou noté : l’empreinte de la liste et celle de la règle, publiées
avant la graine, l’empreinte des panels, publiée avant le tirage, et les trois boules.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

PANELS = 1000


def empreinte(octets):
    return hashlib.sha256(octets).hexdigest()


def colonnes(octets, entete):
    """Les lignes d’un fichier, coupées au point-virgule, sans la première."""
    lignes = octets.decode("utf-8").splitlines()
    if not lignes or lignes[0] != entete:
        raise ValueError(f"la première ligne devrait être « {entete} »")
    return [ligne.split(";") for ligne in lignes[1:]]


def verifier(manifeste, volontaires, panels):
    """Donner les fautes trouvées, une phrase chacune. Les trois fichiers, en octets ; `panels` vaut None sans panels.csv."""
    tirage = json.loads(manifeste.decode("utf-8"))
    fautes = verifier_le_fichier(manifeste, tirage)
    try:
        return fautes + verifier_la_regle(tirage) + verifier_la_liste(tirage, volontaires, panels)
    except (AttributeError, KeyError, TypeError, ValueError) as faute:
        return [*fautes, f"tirage.json n’a pas la forme attendue : {faute!r}."]


def verifier_le_fichier(manifeste, tirage):
    if tirage.get("format") == "tirage-v1" and "empreinte" not in tirage:
        return []
    if tirage.get("format") not in ("tirage-v1", "tirage-v2"):
        return ["tirage.json n’a pas un format connu."]
    sans = re.sub(rb'"empreinte": "[0-9a-f]{64}"', b'"empreinte": "' + b"0" * 64 + b'"', manifeste, count=1)
    return (
        []
        if empreinte(sans) == tirage.get("empreinte")
        else ["tirage.json a changé : son empreinte n’est plus la sienne."]
    )


def verifier_la_regle(tirage):
    if not tirage.get("regle"):
        return []
    regle = json.loads(tirage["regle"])
    fautes = [
        f"La règle figée dit « {regle[cle]} » ({cle}), tirage.json dit « {tirage[cle]} »."
        for cle in sorted(regle)
        if cle != "quotas" and regle[cle] != tirage[cle]
    ]
    figes = {(categorie, valeur): bornes for categorie, valeur, *bornes in regle["quotas"]}
    dits = {(categorie, valeur): bornes for categorie, valeur, *bornes in tirage["quotas"]}
    if set(figes) != set(dits):
        fautes.append("La règle figée et tirage.json n’ont pas les mêmes quotas.")
    return fautes + [
        f"Quota « {' : '.join(cle)} » : plus serré que dans la règle figée."
        for cle in sorted(set(figes) & set(dits))
        if dits[cle][0] > figes[cle][0] or dits[cle][1] < figes[cle][1]
    ]


def graine_de(tirage):
    source = tirage["texte_graine"]
    if not tirage.get("regle"):
        return empreinte(f"graine-v1|{tirage['empreinte_liste']}|{source}".encode())
    regle = empreinte(tirage["regle"].encode())
    return empreinte(f"graine-v2|{tirage['empreinte_liste']}|{regle}|{source}".encode())


def verifier_la_liste(tirage, volontaires, panels):
    fautes = []
    if empreinte(volontaires) != tirage["empreinte_liste"]:
        fautes.append("La liste des volontaires n’est pas celle dont l’empreinte est publiée.")
    try:
        numeros = {ligne[0] for ligne in colonnes(volontaires, "numero;engagement")}
    except ValueError as faute:
        return [*fautes, f"volontaires.csv ne se lit pas : {faute}."]
    if tirage["graine"] and graine_de(tirage) != tirage["graine"]:
        fautes.append("La graine ne vient pas de la liste, de la règle et de la source publiées.")
    if not tirage["empreinte_panels"]:
        return fautes
    if panels is None:
        return [*fautes, "Il manque panels.csv."]
    if empreinte(panels) != tirage["empreinte_panels"]:
        fautes.append("Les panels ne sont pas ceux dont l’empreinte est publiée.")
    try:
        publies = [ligne[1].split(" ") for ligne in colonnes(panels, "panel;numeros")]
    except (ValueError, IndexError) as faute:
        return [*fautes, f"panels.csv ne se lit pas : {faute}."]
    if len(publies) != PANELS:
        fautes.append(f"Il y a {len(publies)} panels au lieu de {PANELS}.")
    for rang, panel in enumerate(publies):
        if len(panel) != tirage["places"] or len(set(panel)) != len(panel):
            fautes.append(f"Panel {rang:03} : il n’a pas {tirage['places']} personnes différentes.")
        if not numeros.issuperset(panel):
            fautes.append(f"Panel {rang:03} : une personne n’est pas dans la liste.")
    return fautes + verifier_le_panel(tirage, publies, numeros)


def verifier_le_panel(tirage, publies, numeros):
    if not tirage["boules"]:
        return []
    rang = int(tirage["boules"])
    if rang >= len(publies) or publies[rang] != tirage["panel"]:
        return [f"Le panel annoncé n’est pas le panel {tirage['boules']}."]
    fautes, assis, sortis = (
        verifier_la_reserve(tirage, set(publies[rang]), numeros),
        set(publies[rang]),
        set(),
    )
    for etape, remplacement in enumerate(tirage["remplacements"], 1):
        partis, entres = set(remplacement["partis"]), set(remplacement["entres"])
        if not partis <= assis:
            fautes.append(f"Remplacement {etape} : une personne partie n’était pas dans le panel.")
        sortis |= partis
        if not entres <= numeros or entres & (assis | sortis):
            fautes.append(f"Remplacement {etape} : une personne entrée n’était pas dans la réserve.")
        assis = (assis - partis) | entres
    return fautes


def verifier_la_reserve(tirage, panel, numeros):
    reserve = tirage.get("reserve", [])
    if not numeros.issuperset(reserve) or panel & set(reserve) or len(set(reserve)) != len(reserve):
        return [
            "La réserve a une personne qui n’est pas dans la liste, qui est dans le panel, ou qui revient deux fois."
        ]
    billets = [
        empreinte(f"billet-v1|{tirage['graine']}|remplacement|{numero}".encode()) for numero in reserve
    ]
    return [] if billets == sorted(billets) else ["La réserve n’est pas dans l’ordre des billets."]


def dire(texte):
    sys.stdout.write(f"{texte}\n")


def main(dossier):
    dossier = Path(dossier)
    try:
        manifeste, volontaires = ((dossier / nom).read_bytes() for nom in ("tirage.json", "volontaires.csv"))
        tirage = json.loads(manifeste.decode("utf-8"))
    except (OSError, ValueError) as faute:
        dire(f"FAUX : ce dossier ne se lit pas : {faute}")
        return 2
    fichier = dossier / "panels.csv"
    fautes = verifier(manifeste, volontaires, fichier.read_bytes() if fichier.exists() else None)
    if not fautes:
        dire(f"{tirage['titre']}")
        dire(f"  liste  {tirage['empreinte_liste']}")
        dire(
            f"  règle  {empreinte(tirage['regle'].encode()) if tirage.get('regle') else 'pas liée à la graine'}"
        )
        dire(f"  panels {tirage['empreinte_panels'] or 'pas encore publiés'}")
        dire(f"  boules {tirage['boules'] or 'pas encore tirées'}")
        dire(f"  panel  {' '.join(tirage['panel'])}")
    for faute in fautes:
        dire(f"FAUX : {faute}")
    if not fautes:
        dire("Tout est juste.")
    return 1 if fautes else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        dire(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
