#!/usr/bin/env python3
"""Rejouer le dépouillement à partir des bulletins publiés.

    python3 rejouer.py bulletins.pb

Rien d’autre que Python (3.9 ou plus récent) n’est nécessaire. Le script lit les bulletins anonymes, recompte, et écrit
les projets retenus, dans l’ordre. Il ne lit jamais la colonne « selected » du fichier avant d’avoir fini son calcul.
"""

import csv
import hashlib
import sys
from fractions import Fraction
from pathlib import Path


def lire(chemin):
    """Les trois parties du fichier : les réglages, les projets, les bulletins."""
    reglages, projets, bulletins = {}, {}, []
    partie, colonnes = "", []
    with Path(chemin).open(encoding="utf-8-sig", newline="") as fichier:
        for ligne in csv.reader(fichier, delimiter=";"):
            if not ligne:
                continue
            if len(ligne) == 1 and ligne[0] in ("META", "PROJECTS", "VOTES"):
                partie, colonnes = ligne[0], []
            elif not colonnes:
                colonnes = ligne
            elif partie == "META":
                reglages[ligne[0]] = ligne[1]
            elif partie == "PROJECTS":
                projet = dict(zip(colonnes, ligne))  # noqa: B905 Python 3.9 reads it too
                projets[projet["project_id"]] = projet
            else:
                bulletin = dict(zip(colonnes, ligne))  # noqa: B905 Python 3.9 reads it too
                choisis = [n for n in bulletin["vote"].split(",") if n]
                points = bulletin.get("points")
                valeurs = [int(p) for p in points.split(",")] if points else [1] * len(choisis)
                bulletins.append(dict(zip(choisis, valeurs)))  # noqa: B905
    return reglages, projets, bulletins


class Depouillement:
    def __init__(self, reglages, projets, bulletins):
        texte = reglages["comment"].split(": ", 1)[1]
        self.regle = dict(mot.split("=", 1) for mot in texte.split() if "=" in mot)
        self.budget = int(reglages["budget"])
        self.cout = {n: int(p["cost"]) for n, p in projets.items()}
        self.bulletins = bulletins
        self.soutiens = {n: [(i, b[n]) for i, b in enumerate(bulletins) if n in b] for n in projets}
        self.points = {n: sum(p for _, p in s) for n, s in self.soutiens.items()}
        paires = self.regle["incompatibles"]
        self.paires = [] if paires == "aucun" else [set(p.split("+")) for p in paires.split(",")]
        minimum = max(1, int(self.regle["minimum"]))
        self.admis = [n for n in projets if len(self.soutiens[n]) >= minimum and self.cout[n] <= self.budget]

    def tirage(self, numero):
        return hashlib.sha256((self.regle["graine"] + ":" + numero).encode()).hexdigest()

    def contraires(self, pris):
        return {autre for paire in self.paires for n in pris if n in paire for autre in paire if autre != n}

    def depense(self, pris):
        return sum(self.cout[n] for n in pris)

    def completer(self, pris):
        """Du plus soutenu au moins soutenu, chacun s’il tient dans ce qui reste."""
        pris = list(pris)
        for n in sorted(self.admis, key=lambda n: (-self.points[n], self.tirage(n))):
            if (
                n not in pris
                and n not in self.contraires(pris)
                and self.depense(pris) + self.cout[n] <= self.budget
            ):
                pris.append(n)
        return pris

    def prix(self, numero, bourses):
        """Ce que chaque personne paierait pour un point de ce projet ; None si toutes ensemble ne le peuvent pas."""
        reste, points = Fraction(self.cout[numero]), self.points[numero]
        if sum(bourses[i] for i, _ in self.soutiens[numero]) < reste:
            return None
        for i, p in sorted(self.soutiens[numero], key=lambda s: bourses[s[0]] / s[1]):
            if bourses[i] * points >= reste * p:
                return reste / points
            reste, points = reste - bourses[i], points - p
        return None

    def un_tour(self, part):
        """Ce qu’achètent des parts égales à « part »."""
        par_cout = self.regle["utilite"] == "cout"
        diviseur = {n: self.cout[n] if par_cout else 1 for n in self.cout}
        bourses = [part] * len(self.bulletins)
        # Ce que chaque projet coûte au moins : ce prix ne fait que monter quand les bourses se vident.
        au_moins = {n: Fraction(self.cout[n], self.points[n] * diviseur[n]) for n in self.admis}
        pris = []
        while True:
            meilleur, egaux = None, []
            for n in sorted(au_moins, key=au_moins.get):
                if meilleur is not None and au_moins[n] > meilleur:
                    break
                prix = self.prix(n, bourses)
                if prix is None:
                    del au_moins[n]
                    continue
                au_moins[n] = prix / diviseur[n]
                if meilleur is None or au_moins[n] < meilleur:
                    meilleur, egaux = au_moins[n], [n]
                elif au_moins[n] == meilleur:
                    egaux.append(n)
            if meilleur is None:
                return pris
            choisi = min(egaux, key=self.tirage)
            for i, p in self.soutiens[choisi]:
                bourses[i] = max(Fraction(0), bourses[i] - meilleur * diviseur[choisi] * p)
            pris.append(choisi)
            for n in {choisi} | self.contraires([choisi]):
                au_moins.pop(n, None)

    def parts_egales(self):
        if not self.bulletins:
            return self.completer([])
        depart = Fraction(self.budget, len(self.bulletins))
        pris, pas = self.un_tour(depart), 0
        while self.regle["augmentation"] != "aucune":
            restants = [n for n in self.admis if n not in pris and n not in self.contraires(pris)]
            if not restants:
                break
            plus_petit = min(self.cout[n] for n in restants)
            if (
                self.regle["augmentation"] == "add1_exhaustif"
                and self.depense(pris) + plus_petit > self.budget
            ):
                break
            pas += 1
            essai = self.un_tour(depart + pas)
            if self.depense(essai) > self.budget:
                break
            pris = essai
        return self.completer(pris) if self.regle["completion"] == "oui" else pris

    def gagnants(self):
        return self.completer([]) if self.regle["regle"] == "glouton" else self.parts_egales()


def main():
    if len(sys.argv) != 2:
        sys.stderr.write("Donnez le fichier des bulletins : python3 rejouer.py bulletins.pb\n")
        return 2
    reglages, projets, bulletins = lire(sys.argv[1])
    compte = Depouillement(reglages, projets, bulletins)
    gagnants = compte.gagnants()
    sys.stdout.write(
        f"{len(bulletins)} bulletins, budget de {compte.budget} euros, {compte.depense(gagnants)} dépensés\n"
    )
    for n in gagnants:
        sys.stdout.write(f"{n}\t{compte.cout[n]}\t{projets[n].get('name', '')}\n")
    publies = {n for n, p in projets.items() if p.get("selected") == "1"}
    if publies == set(gagnants):
        sys.stdout.write("Ce sont les projets publiés.\n")
        return 0
    sys.stdout.write(f"Ce ne sont PAS les projets publiés : {', '.join(sorted(publies))}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
