"""Method of equal shares.

The budget is divided into as many shares as there are non-blank ballots, and each project is paid by its
supporters, the cheapest for them first.

Exact: within a run, amounts are whole numbers of 1/d euro; d grows when a payment needs it.
"""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from math import ceil, gcd

from participation.budgets.depouillement.donnees import Augmentation, Etape, Resultat, Urne, Utilite, Variante
from participation.budgets.depouillement.glouton import completer

Suivre = Callable[[int, int, int], None]


def parts_egales(urne: Urne, variante: Variante, suivre: Suivre | None = None) -> Resultat:
    """Apply the whole rule: shares, raise, completion.

    `suivre(raise, spent, budget)` is called after each run.
    """
    if not urne.exprimes:
        return completer(Resultat(part_de_depart=None, part=None), urne, variante)
    tour = _Tour(urne, variante)
    part = Fraction(variante.budget, urne.exprimes)
    garde = tour.compter(part)
    if suivre is not None:
        suivre(0, garde.depense, variante.budget)
    if variante.augmentation != Augmentation.AUCUNE:
        garde = _augmenter(tour, garde, part, suivre)
    garde.part_de_depart = part
    return completer(garde, urne, variante) if variante.completion else garde


def _augmenter(tour: "_Tour", garde: Resultat, depart: Fraction, suivre: Suivre | None) -> Resultat:
    """Raise each share by one euro while the projects bought stay within the budget.

    Exhaustive: stop also when no other project fits in the rest of the budget.
    """
    variante, urne = tour.variante, tour.urne
    pas = 0
    while True:
        exclus = {autre for numero in garde.gagnants for autre in variante.contraires(numero)}
        restants = [n for n in tour.admis if n not in exclus and n not in garde.gagnants]
        if not restants:
            return garde
        plus_petit = min(urne.projets[n].cout for n in restants)
        if (
            variante.augmentation == Augmentation.ADD1_EXHAUSTIF
            and garde.depense + plus_petit > variante.budget
        ):
            return garde
        pas += 1
        if not tour.a_court:
            # No voter was short of money: the result cannot change before the shares pay another project in
            # full.
            utile = min(ceil(Fraction(urne.projets[n].cout, urne.voix[n]) - depart) for n in restants)
            pas = max(pas, utile)
            garde.part = depart + pas - 1
        essai = tour.compter(depart + pas)
        if suivre is not None:
            suivre(pas, essai.depense, variante.budget)
        if essai.depense > variante.budget:
            return garde
        garde = essai


class _Tour:
    """Runs over the same ballots with different shares."""

    def __init__(self, urne: Urne, variante: Variante) -> None:
        self.urne, self.variante = urne, variante
        self.admis = urne.admis(variante)
        self.poids = [combien for _, combien in urne.groupes]
        self.diviseur = {
            n: urne.projets[n].cout if variante.utilite == Utilite.COUT else 1 for n in urne.projets
        }
        self.rangs = {n: variante.rang(n) for n in self.admis}
        self.a_court = False

    def compter(self, part: Fraction) -> Resultat:
        """Do one run with shares of `part` euros. It may exceed the budget once the shares are raised."""
        urne = self.urne
        caisse = _Caisse(part, len(urne.groupes))
        self.a_court = False
        # Lower bound of the price of each project for one unit of utility: it only grows as the purses empty.
        prix = {n: Fraction(urne.projets[n].cout, urne.points[n] * self.diviseur[n]) for n in self.admis}
        resultat = Resultat(part=part)
        while True:
            meilleur: Fraction | None = None
            egaux: list[str] = []
            for numero in sorted(prix, key=prix.__getitem__):
                if meilleur is not None and prix[numero] > meilleur:
                    break
                payable = caisse.prix(urne.soutiens[numero], self.poids, urne.projets[numero].cout)
                if payable is None:
                    del prix[numero]
                    continue
                prix[numero] = payable / self.diviseur[numero]
                if meilleur is None or prix[numero] < meilleur:
                    meilleur, egaux = prix[numero], [numero]
                elif prix[numero] == meilleur:
                    egaux.append(numero)
            if meilleur is None:
                return resultat
            choisi = min(egaux, key=self.rangs.__getitem__)
            payable = meilleur * self.diviseur[choisi]
            self.a_court |= caisse.payer(urne.soutiens[choisi], payable)
            resultat.etapes.append(Etape(choisi, payable, tuple(n for n in egaux if n != choisi)))
            resultat.depense += urne.projets[choisi].cout
            for numero in {choisi, *self.variante.contraires(choisi)}:
                prix.pop(numero, None)


class _Caisse:
    """Purses of the voters, in 1/d euro. `bourse[i]` is the index in `valeurs` of the purse of group i.

    Groups that paid the same things share one value.
    """

    def __init__(self, part: Fraction, combien: int) -> None:
        self.d = part.denominator
        self.valeurs = [part.numerator]
        self.bourse = [0] * combien

    def prix(self, soutiens: list[tuple[int, int]], poids: list[int], cout: int) -> Fraction | None:
        """Return the euros for one point, at which all supporters pay the same per point, or all they have left.

        Return None if their purses are not enough.
        """
        bourse, valeurs = self.bourse, self.valeurs
        compte: dict[tuple[int, int], int] = defaultdict(int)
        for place, points in soutiens:
            compte[bourse[place], points] += poids[place]
        cout *= self.d
        if sum(valeurs[numero] * n for (numero, _), n in compte.items()) < cout:
            return None
        unis = all(points == 1 for _, points in compte)
        ordre = sorted(
            compte.items(),
            key=(lambda c: valeurs[c[0][0]]) if unis else (lambda c: Fraction(valeurs[c[0][0]], c[0][1])),
        )
        points_restants = sum(points * n for (_, points), n in ordre)
        for (numero, points), n in ordre:
            if valeurs[numero] * points_restants >= cout * points:
                return Fraction(cout, points_restants * self.d)
            cout -= valeurs[numero] * n
            points_restants -= points * n
        return None

    def payer(self, soutiens: list[tuple[int, int]], prix: Fraction) -> bool:
        """Take the price from the purses. Return whether some purses were too small."""
        facteur = prix.denominator // gcd(self.d, prix.denominator)
        if facteur > 1:
            self.d *= facteur
            self.valeurs = [valeur * facteur for valeur in self.valeurs]
        un_point = prix.numerator * (self.d // prix.denominator)
        bourse, valeurs = self.bourse, self.valeurs
        apres: dict[tuple[int, int], int] = {}
        places: dict[int, int] = {}
        courts = False
        for place, points in soutiens:
            cle = bourse[place], points
            numero = apres.get(cle)
            if numero is None:
                reste = valeurs[cle[0]] - un_point * points
                courts |= reste < 0
                reste = max(reste, 0)
                numero = places.get(reste, -1)
                if numero < 0:
                    numero = places[reste] = len(valeurs)
                    valeurs.append(reste)
                apres[cle] = numero
            bourse[place] = numero
        return courts
