#!/usr/bin/env python3
"""La part d’une commune dans le tirage au sort des personnes invitées à un panel. La liste ne quitte pas la mairie.

    python3 commune.py engager liste.csv 38185
    python3 commune.py tirer liste_engagee.csv 38185 GRAINE LETTRES
    python3 commune.py verifier communes.json

Rien d’autre que Python (3.9 ou plus récent) n’est nécessaire, et rien n’est demandé à aucun site.

« engager », avant le jour de la graine : lit la liste (CSV, la première ligne dit les colonnes, une ligne par lettre
possible), enlève les lignes vides et celles qui reviennent, donne à chacune un rang et un secret. Deux fichiers :
« liste_engagee.csv », à garder à la mairie, et « engagements.json », à déposer : le code de la commune, le nombre de lignes,
et une racine, qui ne dit rien de la liste et empêche d’y changer une ligne.

« tirer », quand la graine est publiée : les billets des rangs désignent les lettres. Deux fichiers : « a_poster.csv », les
lignes tirées, à garder à la mairie ; « preuve.json », à déposer : les rangs tirés, et de quoi vérifier que chacun était dans
la liste engagée. Une personne qui reçoit son rang et son secret peut vérifier que sa ligne y est.

« verifier » : chacun refait le compte de toutes les communes à partir du fichier publié.

Les textes exacts, chacun en SHA-256 écrit en hexadécimal :

- engagement d’une ligne : commune-v1|secret|rang|cellules séparées par des barres
- nœud de l’arbre : noeud-v1|gauche|droite ; un nœud seul au bout de son étage monte tel quel ; la racine est le dernier
- liste des parts : une ligne « code;lettres;lignes;racine » par commune, dans l’ordre des codes, après ce titre
- graine : graine-communes-v1|empreinte de la liste des parts|texte de la source
- billet d’un rang : billet-commune-v1|graine|code|rang ; les plus petits sont tirés
"""

import csv
import hashlib
import io
import json
import secrets
import sys
from pathlib import Path


def empreinte(texte):
    return hashlib.sha256(texte.encode("utf-8")).hexdigest()


def engagement(secret, rang, cellules):
    return empreinte(f"commune-v1|{secret}|{rang}|{'|'.join(cellules)}")


def noeud(gauche, droite):
    return empreinte(f"noeud-v1|{gauche}|{droite}")


def etages(feuilles):
    """Les étages de l’arbre, des engagements à la racine."""
    tous = [list(feuilles)]
    while len(tous[-1]) > 1:
        bas = tous[-1]
        tous.append([noeud(*bas[n : n + 2]) if n + 1 < len(bas) else bas[n] for n in range(0, len(bas), 2)])
    return tous


def chemin(tous, rang):
    """Ce qui mène d’un rang à la racine : le voisin de chaque étage, s’il en a un."""
    voisins = []
    for etage in tous[:-1]:
        voisin = rang ^ 1
        voisins += [etage[voisin]] if voisin < len(etage) else []
        rang //= 2
    return voisins


def remonter(rang, lignes, feuille, voisins):
    """La racine que donnent un engagement et son chemin."""
    restent = list(voisins)
    while lignes > 1:
        if rang ^ 1 < lignes:
            voisin = restent.pop(0)
            feuille = noeud(voisin, feuille) if rang % 2 else noeud(feuille, voisin)
        rang, lignes = rang // 2, (lignes + 1) // 2
    if restent:
        raise ValueError("chemin trop long")
    return feuille


def rangs_tires(graine, code, lignes, lettres):
    """Les rangs tirés, dans l’ordre de leurs billets."""
    billets = ((empreinte(f"billet-commune-v1|{graine}|{code}|{rang}"), rang) for rang in range(lignes))
    return [rang for _, rang in sorted(billets)[:lettres]]


def liste_des_parts(parts):
    """`parts` : (code, lettres, lignes, racine)."""
    lignes = ["code;lettres;lignes;racine", *(";".join(map(str, part)) for part in sorted(parts))]
    return "".join(f"{ligne}\n" for ligne in lignes)


def graine_de(parts, source):
    return empreinte(f"graine-communes-v1|{empreinte(liste_des_parts(parts))}|{source}")


def fautes_de_la_preuve(preuve, graine, code, lettres, lignes, racine):
    """Ce qui ne va pas dans la part d’une commune, une phrase chacune."""
    if (preuve["code"], preuve["graine"]) != (code, graine):
        return ["elle n’est pas de cette commune, ou pas de cette graine"]
    if [tire[0] for tire in preuve["tires"]] != rangs_tires(graine, code, lignes, lettres):
        return ["les rangs tirés ne sont pas ceux des billets"]
    for rang, feuille, voisins in preuve["tires"]:
        try:
            juste = remonter(rang, lignes, feuille, voisins) == racine
        except (IndexError, ValueError):
            juste = False
        if not juste:
            return [f"la ligne {rang} n’était pas dans la liste engagée"]
    return []


def lire_liste(chemin_du_fichier):
    octets = Path(chemin_du_fichier).read_bytes()
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252")
    premiere = texte.split("\n", 1)[0]
    separateur = max(";,\t", key=premiere.count)
    lignes = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    entetes, *restent = [[" ".join(cellule.split()) for cellule in ligne] for ligne in lignes]
    return entetes, restent


def ecrire_liste(nom, entetes, lignes):
    with Path(nom).open("w", encoding="utf-8-sig", newline="") as sortie:
        csv.writer(sortie, delimiter=";").writerows([entetes, *lignes])


def ecrire_json(nom, contenu):
    Path(nom).write_text(json.dumps(contenu, ensure_ascii=False) + "\n", encoding="utf-8")


def engager(liste, code):
    entetes, lues = lire_liste(liste)
    lignes = list(dict.fromkeys(tuple(ligne) for ligne in lues if any(ligne)))
    gardees = [(rang, secrets.token_hex(16), ligne) for rang, ligne in enumerate(lignes)]
    feuilles = [engagement(secret, rang, ligne) for rang, secret, ligne in gardees]
    if not feuilles:
        raise ValueError("la liste n’a aucune ligne")
    ecrire_liste("liste_engagee.csv", ["rang", "secret", *entetes], [(r, s, *c) for r, s, c in gardees])
    ecrire_json(
        "engagements.json",
        {
            "format": "engagements-v1",
            "code": code,
            "lignes": len(feuilles),
            "racine": etages(feuilles)[-1][0],
        },
    )
    dire(f"{len(feuilles)} lignes engagées, {len(lues) - len(lignes)} vides ou en double enlevées.")
    dire("Gardez liste_engagee.csv à la mairie. Déposez engagements.json.")


def tirer(liste, code, graine, lettres):
    entetes, lignes = lire_liste(liste)
    tous = etages([engagement(secret, rang, cellules) for rang, secret, *cellules in lignes])
    rangs = rangs_tires(graine, code, len(lignes), int(lettres))
    ecrire_liste("a_poster.csv", entetes, [lignes[rang] for rang in rangs])
    ecrire_json(
        "preuve.json",
        {
            "format": "preuve-v1",
            "code": code,
            "graine": graine,
            "tires": [[rang, tous[0][rang], chemin(tous, rang)] for rang in rangs],
        },
    )
    dire(f"{len(rangs)} lignes tirées : postez les lettres de a_poster.csv, puis déposez preuve.json.")


def verifier(fichier):
    lu = json.loads(Path(fichier).read_text(encoding="utf-8"))
    parts = [(part["code"], part["lettres"], part["lignes"], part["racine"]) for part in lu["parts"]]
    preuves = {part["code"]: part["tires"] for part in lu["parts"]}
    fautes = []
    if lu["graine"] and graine_de(parts, lu["texte_graine"]) != lu["graine"]:
        fautes.append("La graine ne vient pas des parts et de la source publiées.")
    for code, lettres, lignes, racine in parts:
        if preuves[code] is None:
            dire(f"{code} : engagée, pas encore de preuve")
            continue
        preuve = {"code": code, "graine": lu["graine"], "tires": preuves[code]}
        trouvees = fautes_de_la_preuve(preuve, lu["graine"], code, lettres, lignes, racine)
        dire(f"{code} : {'; '.join(trouvees) or 'juste'}")
        fautes += [f"{code}, {faute}" for faute in trouvees]
    for faute in fautes:
        dire(f"FAUX : {faute}")
    if not fautes:
        dire("Tout est juste.")
    return 1 if fautes else 0


def dire(texte):
    sys.stdout.write(f"{texte}\n")


COMMANDES = {"engager": (engager, 2), "tirer": (tirer, 4), "verifier": (verifier, 1)}


def main(arguments):
    action, combien = COMMANDES.get(arguments[0] if arguments else "", (None, 0))
    if action is None or len(arguments) != combien + 1:
        dire(__doc__)
        return 2
    try:
        return action(*arguments[1:]) or 0
    except (OSError, ValueError, KeyError, TypeError) as faute:
        dire(f"Ce fichier ne se lit pas : {faute}")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
