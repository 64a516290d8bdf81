#!/usr/bin/env python3
"""Rejouer le dépouillement à partir des bulletins publiés.

    python3 rejouer.py bulletins.pb

Rien d’autre que Python (3.9 ou plus récent) n’est nécessaire. Le script lit les bulletins anonymes, recompte, et écrit
les projets retenus, dans l’ordre. Il ne lit jamais la colonne « selected » du fichier avant d’avoir fini son calcul.

La règle. Le fichier dit, à la ligne « comment », quels réglages valent pour ce vote.

1. Un projet est compté si assez de bulletins le portent (« minimum ») et si son coût tient dans le budget.
2. « glouton » : les projets sont pris de celui qui a le plus de points à celui qui en a le moins ; celui qui ne tient pas
   dans ce qui reste du budget est passé.
3. « parts_egales » : chaque bulletin non blanc a une part égale du budget. Un projet est payé par les bulletins qui le
   portent : le même prix pour chaque point, ou tout ce qu’il leur reste. On prend le projet dont le prix d’un point est
   le plus bas (« utilite=nombre »), ou dont ce prix, divisé par le coût du projet, est le plus bas (« utilite=cout ») ;
   les parts sont débitées, et on recommence tant qu’un projet peut être payé en entier.
4. « add1 » : les parts sont augmentées d’un euro et tout est recalculé, jusqu’à la dernière fois où les projets pris ne
   coûtent pas plus que le vrai budget. « add1_exhaustif » s’arrête aussi dès qu’aucun autre projet ne tient dans ce qui
   reste.
5. « completion=oui » : ce qui reste du budget est dépensé par la règle 2.
6. Deux projets « incompatibles » ne sont jamais pris tous les deux.
7. À égalité, le plus petit SHA-256 de « graine:numéro du projet » l’emporte.

Le calcul est exact : des nombres entiers et des fractions, jamais de nombres arrondis. Deux choses le rendent rapide, sans
changer le résultat : les bulletins identiques sont comptés ensemble, et les parts sautent les augmentations qui ne peuvent
rien acheter de plus (voir « saut »).
"""

import csv
import hashlib
import sys
import time
from collections import Counter
from fractions import Fraction
from math import ceil, gcd
from pathlib import Path


def lire(chemin):
    """Les trois parties du fichier : les réglages, les projets, et combien de fois chaque bulletin a été donné."""
    reglages, projets, bulletins = {}, {}, Counter()
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
                bulletins[tuple(sorted(zip(choisis, valeurs)))] += 1  # noqa: B905
    return reglages, projets, bulletins


class Bourses:
    """Ce qu’il reste de sa part à chaque sorte de bulletin.

    Les montants sont des nombres entiers de « 1/unite » euro. Les bulletins à qui il reste autant sont dans une même
    case : montants[case[i]] est ce qui reste à chacun des combien[i] bulletins de la sorte i.
    """

    def __init__(self, part, combien):
        self.unite, self.montants = part.denominator, [part.numerator]
        self.combien, self.case = combien, [0] * len(combien)

    def prix_du_point(self, cout, soutiens):
        """Ce que chacun paierait pour un point, en euros ; None si tous ensemble ne peuvent pas payer."""
        groupes = Counter()
        for i, points in soutiens:
            groupes[self.case[i], points] += self.combien[i]
        du, points_du = cout * self.unite, sum(points * n for (_, points), n in groupes.items())
        if sum(self.montants[case] * n for (case, _), n in groupes.items()) < du:
            return None
        if all(points == 1 for _, points in groupes):
            tries = sorted(groupes, key=lambda g: self.montants[g[0]])
        else:
            tries = sorted(groupes, key=lambda g: Fraction(self.montants[g[0]], g[1]))
        # Les moins riches pour un point d’abord : ils donnent tout ce qu’il leur reste.
        for case, points in tries:
            montant, n = self.montants[case], groupes[case, points]
            if montant * points_du >= du * points:
                return Fraction(du, points_du * self.unite)
            du, points_du = du - montant * n, points_du - points * n
        return None

    def payer(self, prix, soutiens):
        """Débiter les parts. Vrai si l’une d’elles ne suffisait pas."""
        facteur = prix.denominator // gcd(self.unite, prix.denominator)
        if facteur > 1:  # une unité plus petite, pour que le prix soit un nombre entier d’unités
            self.unite, self.montants = self.unite * facteur, [m * facteur for m in self.montants]
        un_point = prix.numerator * (self.unite // prix.denominator)
        nouvelles, places, a_court = {}, {}, False
        for i, points in soutiens:
            avant = self.case[i], points
            if avant not in nouvelles:
                reste = self.montants[avant[0]] - un_point * points
                a_court, reste = a_court or reste < 0, max(reste, 0)
                if reste not in places:
                    places[reste] = len(self.montants)
                    self.montants.append(reste)
                nouvelles[avant] = places[reste]
            self.case[i] = nouvelles[avant]
        return a_court


class Recompte:
    """`dire(augmentation, dépense)` est appelé après chaque calcul des parts égales."""

    def __init__(self, reglages, projets, bulletins, dire=lambda augmentation, depense: None):
        texte = reglages["comment"].split(": ", 1)[1]
        self.regle = dict(mot.split("=", 1) for mot in texte.split() if "=" in mot)
        self.budget, self.dire = int(reglages["budget"]), dire
        self.cout = {n: int(p["cost"]) for n, p in projets.items()}
        self.combien = list(bulletins.values())
        self.exprimes = sum(self.combien)
        self.soutiens = {n: [] for n in projets}
        for i, bulletin in enumerate(bulletins):
            for n, points in bulletin:
                self.soutiens[n].append((i, points))
        self.voix = {n: sum(self.combien[i] for i, _ in s) for n, s in self.soutiens.items()}
        self.points = {n: sum(self.combien[i] * p for i, p in s) for n, s in self.soutiens.items()}
        paires = self.regle["incompatibles"]
        self.paires = [] if paires == "aucun" else [set(p.split("+")) for p in paires.split(",")]
        minimum = max(1, int(self.regle["minimum"]))
        self.admis = [n for n in projets if self.voix[n] >= minimum and self.cout[n] <= self.budget]

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

    def un_tour(self, part):
        """Ce qu’achètent des parts égales à « part », et si une part a manqué d’argent."""
        diviseur = {n: self.cout[n] if self.regle["utilite"] == "cout" else 1 for n in self.cout}
        bourses, pris, a_court = Bourses(part, self.combien), [], False
        # Ce que chaque projet coûte au moins : ce prix ne fait que monter quand les bourses se vident.
        au_moins = {n: Fraction(self.cout[n], self.points[n] * diviseur[n]) for n in self.admis}
        while True:
            meilleur, egaux = None, []
            for n in sorted(au_moins, key=au_moins.get):
                if meilleur is not None and au_moins[n] > meilleur:
                    break
                prix = bourses.prix_du_point(self.cout[n], self.soutiens[n])
                if prix is None:
                    del au_moins[n]
                    continue
                au_moins[n] = prix / diviseur[n]
                if meilleur is None or au_moins[n] < meilleur:
                    meilleur, egaux = au_moins[n], [n]
                elif au_moins[n] == meilleur:
                    egaux.append(n)
            if meilleur is None:
                return pris, a_court
            choisi = min(egaux, key=self.tirage)
            a_court |= bourses.payer(meilleur * diviseur[choisi], self.soutiens[choisi])
            pris.append(choisi)
            for n in {choisi} | self.contraires([choisi]):
                au_moins.pop(n, None)

    def saut(self, restants, depart):
        """La première augmentation qui peut acheter un projet de plus, quand aucune part n’a manqué d’argent.

        Personne n’a été à court : des parts plus grandes achètent les mêmes projets au même prix, jusqu’à ce que les
        bulletins d’un autre projet aient de quoi le payer avec leur part entière.
        """
        return min(ceil(Fraction(self.cout[n], self.voix[n]) - depart) for n in restants)

    def parts_egales(self):
        if not self.exprimes:
            return self.completer([])
        depart, pas = Fraction(self.budget, self.exprimes), 0
        pris, a_court = self.un_tour(depart)
        while self.regle["augmentation"] != "aucune":
            self.dire(pas, self.depense(pris))
            restants = [n for n in self.admis if n not in pris and n not in self.contraires(pris)]
            if not restants:
                break
            plus_petit = min(self.cout[n] for n in restants)
            if (
                self.regle["augmentation"] == "add1_exhaustif"
                and self.depense(pris) + plus_petit > self.budget
            ):
                break
            pas = pas + 1 if a_court else max(pas + 1, self.saut(restants, depart))
            essai, a_court = self.un_tour(depart + pas)
            if self.depense(essai) > self.budget:
                break
            pris = essai
        return self.completer(pris) if self.regle["completion"] == "oui" else pris

    def gagnants(self):
        return self.completer([]) if self.regle["regle"] == "glouton" else self.parts_egales()


def progres(budget):
    """Écrire où en est le calcul, au plus une fois par seconde. La sortie d’erreur laisse le résultat propre."""
    dernier = [time.monotonic()]

    def dire(augmentation, depense):
        if time.monotonic() - dernier[0] >= 1:
            dernier[0] = time.monotonic()
            sys.stderr.write(
                f"… parts augmentées de {augmentation} euros : {depense} euros dépensés sur {budget}\n"
            )

    return dire


def main():
    if len(sys.argv) != 2:
        sys.stderr.write("Donnez le fichier des bulletins : python3 rejouer.py bulletins.pb\n")
        return 2
    try:
        reglages, projets, bulletins = lire(sys.argv[1])
        compte = Recompte(reglages, projets, bulletins, progres(int(reglages["budget"])))
    except (OSError, KeyError, IndexError, ValueError):
        sys.stderr.write(f"« {sys.argv[1]} » n’est pas un fichier de bulletins publié par ce site.\n")
        return 2
    sys.stderr.write(f"{compte.exprimes} bulletins lus, dont {len(bulletins)} différents.\n")
    gagnants = compte.gagnants()
    sys.stdout.write(
        f"{compte.exprimes} bulletins, budget de {compte.budget} euros, {compte.depense(gagnants)} dépensés\n"
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
