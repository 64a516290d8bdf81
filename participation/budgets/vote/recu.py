"""What became of one ballot, read by its receipt."""

from dataclasses import dataclass
from fractions import Fraction

from participation.budgets.depouillement import ce_que_paie
from participation.budgets.models import Depouillement
from participation.budgets.vote.lectures import Resultats, en_euros
from participation.budgets.vote.regles import pour_le_compte


# Receipts
@dataclass(frozen=True, slots=True)
class LigneRecu:
    titre: str
    euros: str
    phrase: str
    est_laureat: bool


@dataclass(frozen=True, slots=True)
class Recu:
    """What a ballot with these choices paid for."""

    lignes: list[LigneRecu]
    total: str
    reste: str
    memes: int
    est_blanc: bool


def lire_recu(resultats: Resultats, choix: str) -> Recu:
    lus = pour_le_compte(choix)
    projets = {str(p.numero): p.mis for p in resultats.projets}
    points = {n: resultats.depouillement.points_de(n) for n in projets}
    payes, reste = ce_que_paie(lus, resultats.officiel, projets, points)
    par_numero = {ligne.numero: ligne for ligne in payes}
    lignes = []
    for resultat in resultats.lignes:
        numero = str(resultat.ligne.numero)
        if numero not in dict(lus):
            continue
        paye = par_numero.get(numero)
        phrase = "Ce projet n’est pas retenu."
        if paye is not None and paye.par_sa_part:
            phrase = "Payé par votre part."
        elif paye is not None:
            phrase = "Votre part de ce que tout le budget a payé, avec les autres personnes qui l’ont choisi."
        lignes.append(
            LigneRecu(
                resultat.ligne.titre,
                en_euros(paye.euros) if paye is not None else "–",
                phrase,
                resultat.est_laureat,
            )
        )
    return Recu(
        lignes=lignes,
        total=en_euros(sum((p.euros for p in payes), Fraction(0))),
        reste=en_euros(reste) if reste is not None else "",
        memes=_memes(resultats.depouillement, choix),
        est_blanc=not lus,
    )


def _memes(depouillement: Depouillement, choix: str) -> int:
    """Number of published ballots with the same choices."""
    lus = sorted(pour_le_compte(choix), key=lambda c: (-c[1], c[0]))
    if not lus:
        return depouillement.blancs
    numeros = ",".join(numero for numero, _ in lus)
    fin = ";" + ",".join(str(p) for _, p in lus) if depouillement.scrutin.est_par_points else ""
    voulu = f";{numeros}{fin}"
    _, _, votes = depouillement.pb.partition("\nVOTES\n")
    return sum(1 for ligne in votes.splitlines()[1:] if ligne[ligne.index(";") :] == voulu)
