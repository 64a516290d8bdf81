"""Greedy rule: take the projects by decreasing support, as long as the budget allows."""

from participation.budgets.depouillement.donnees import Etape, Resultat, Urne, Variante


def glouton(urne: Urne, variante: Variante) -> Resultat:
    """Count by the greedy rule.

    Skip projects that exceed the rest of the budget or exclude one already taken.
    """
    return completer(Resultat(), urne, variante)


def completer(resultat: Resultat, urne: Urne, variante: Variante) -> Resultat:
    """Continue a result by the greedy rule. The projects already taken are kept."""
    etapes, depense = list(resultat.etapes), resultat.depense
    exclus = {autre for etape in etapes for autre in variante.contraires(etape.numero)}
    exclus.update(resultat.gagnants)
    ordre = urne.dans_l_ordre(variante)
    for numero in ordre:
        cout = urne.projets[numero].cout
        if numero in exclus or depense + cout > variante.budget:
            continue
        egaux = tuple(
            n for n in ordre if n != numero and urne.points[n] == urne.points[numero] and n not in exclus
        )
        etapes.append(Etape(numero, a_egalite_avec=egaux))
        depense += cout
        exclus.add(numero)
        exclus.update(variante.contraires(numero))
    return Resultat(etapes, resultat.part_de_depart, resultat.part, depense)
