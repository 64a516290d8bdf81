"""Counts of a pétition as drawings: three gauges, a tile map, a chart by day.

Small numbers are hidden from the public.
"""

from collections.abc import Mapping
from datetime import timedelta

from participation.socle.cache import une_minute
from participation.socle.francais import accorder, jour_texte, majuscule, nombre, pourcentage
from participation.socle.graphiques import Carte, Graphique, Jauge, Repere, Serie, Ton
from participation.socle.models import Commune
from petitions.models import DecompteCommune, DecompteJour, Petition
from petitions.regles.seuils import ECRETE, Evaluation, evaluer

FRACTIONS = {
    (1, 2): "la moitié",
    (1, 3): "un tiers",
    (1, 4): "un quart",
    (1, 5): "un cinquième",
    (2, 3): "deux tiers",
}
PRESQUE = 0.85  # of the permitted part: above, the gauge shows a warning


def nombres_par_commune(petition: Petition) -> dict[str, int]:
    """Return {code of the commune: number of signatures}, without communes at 0."""
    return dict(
        DecompteCommune.objects.filter(petition=petition, nombre__gt=0).values_list("commune_id", "nombre")
    )


def fraction(evaluation: Evaluation) -> str:
    seuil = evaluation.seuil
    paire = (seuil.part_max_numerateur, seuil.part_max_denominateur)
    return FRACTIONS.get(paire, f"{paire[0]}/{paire[1]}")


def communes() -> dict[str, Commune]:
    """Return the communes of the Métropole, cached for a minute."""
    return une_minute(
        "petitions:communes", lambda: {commune.pk: commune for commune in Commune.objects.all()}
    )


def jauges_de(
    petition: Petition, nombres: Mapping[str, int], lecture: str = "", *, pour_agents: bool = False
) -> list[Jauge]:
    """Return three gauges (number, communes, largest part), each with what is missing for the next
    threshold."""
    lecture = lecture or petition.reglement.lecture_du_tiers
    seuils = sorted(petition.reglement.seuils.all(), key=lambda seuil: seuil.ordre)
    evaluations = [evaluer(seuil, nombres.values(), lecture) for seuil in seuils]
    if not evaluations:
        return []
    atteints = {
        note.seuil_id: note.atteint_le for note in petition.seuils_atteints.all() if note.perdu_le is None
    }
    prochaine = next((e for e in evaluations if not e.atteint), evaluations[-1])
    faits = "".join(
        f"{nombre(e.seuil.signatures)} atteint le {jour_texte(atteints[e.seuil.pk])}. "
        for e in evaluations
        if e.seuil.pk in atteints
    )
    return [
        _jauge_nombre(evaluations, prochaine, faits, est_close=petition.collecte_close_le is not None),
        _jauge_communes(prochaine, est_close=petition.collecte_close_le is not None),
        _jauge_part(petition, prochaine, nombres, pour_agents=pour_agents),
    ]


def _jauge_nombre(
    evaluations: list[Evaluation], prochaine: Evaluation, faits: str, *, est_close: bool
) -> Jauge:
    plafond = max(e.seuil.signatures for e in evaluations)
    manque = prochaine.signatures_manquantes
    if manque:
        rang = "le seuil" if len(evaluations) == 1 else "le prochain seuil"
        phrase = f"{faits}{'Il en a manqué' if est_close else 'Encore'} {nombre(manque)} pour {rang}."
    elif prochaine.atteint:
        phrase = faits or "Le nombre est atteint."
    else:
        phrase = f"{faits}Le nombre est atteint ; une autre condition manque."
    if prochaine.retenu < prochaine.total:
        phrase += (
            f" {nombre(prochaine.total - prochaine.retenu)} ne comptent pas : elles dépassent la part "
            "permise à une commune."
        )
    return Jauge(
        titre="Signatures vérifiées",
        valeur=nombre(prochaine.retenu),
        sur=f"sur {nombre(plafond)}",
        proportion=prochaine.retenu / plafond,
        reperes=[Repere(e.seuil.signatures / plafond, nombre(e.seuil.signatures)) for e in evaluations],
        phrase=phrase.strip(),
        ton="atteint" if not manque else "manque",
    )


def _jauge_communes(evaluation: Evaluation, *, est_close: bool) -> Jauge:
    toutes = len(communes())
    requises, manque = evaluation.seuil.communes, evaluation.communes_manquantes
    return Jauge(
        titre="Communes représentées",
        valeur=nombre(evaluation.communes),
        sur=f"sur {toutes}",
        cases=(evaluation.communes, toutes),
        reperes=[Repere(requises / toutes, str(requises))] if requises > 1 and toutes else [],
        phrase=f"Il en fallait au moins {requises} : il en a manqué {manque}."
        if manque and est_close
        else f"Il en faut au moins {requises} : il en manque {manque}. Une signature suffit dans la commune qui manque."
        if manque == 1
        else f"Il en faut au moins {requises} : {accorder(manque, 'commune')} à gagner."
        if manque
        else f"Il en faut au moins {requises} : c’est acquis.",
        ton="manque" if manque else "atteint",
    )


def _jauge_part(
    petition: Petition, evaluation: Evaluation, nombres: Mapping[str, int], *, pour_agents: bool
) -> Jauge:
    seuil = evaluation.seuil
    limite = seuil.part_max_numerateur / seuil.part_max_denominateur
    dite = fraction(evaluation)
    # The part of a named commune and the public total would reveal its number.
    montrable = pour_agents or evaluation.plus_forte >= petition.reglement.secret_statistique
    premiere = max(nombres, key=lambda code: (nombres[code], code), default="")
    ton: Ton
    if not montrable:
        phrase, ton = f"{majuscule(dite)} au plus. Calculée dès les premières signatures.", "manque"
    elif evaluation.lecture == ECRETE:
        depasse = evaluation.part > limite
        ton = "proche" if depasse else "atteint"
        phrase = (
            f"{majuscule(dite)} au plus : ce qui dépasse n’est pas compté."
            if depasse
            else f"{majuscule(dite)} au plus : respecté."
        )
    elif not evaluation.part_respectee:
        phrase = (
            f"{majuscule(dite)} au plus : il {'fallait' if petition.collecte_close_le else 'faut'} {accorder(evaluation.ailleurs, 'signature')} "
            "d’autres communes."
        )
        ton = "manque"
    elif evaluation.part > limite * PRESQUE:
        phrase, ton = f"{majuscule(dite)} au plus : respecté, mais proche de la limite.", "proche"
    else:
        phrase, ton = f"{majuscule(dite)} au plus : respecté.", "atteint"
    return Jauge(
        titre="Part de la première commune",
        valeur=pourcentage(round(100 * evaluation.part, 1)) if montrable else "–",
        sur=communes()[premiere].nom if montrable and premiere else "",
        proportion=evaluation.part if montrable else 0.0,
        reperes=[Repere(limite, f"maximum {dite}")],
        interdit=limite,
        phrase=phrase,
        ton=ton,
    )


def plus_petit_montrable(nombres: Mapping[str, int], secret: int) -> int:
    """Return the smallest number that may be shown for a commune.

    At least `secret`, and such that hidden numbers cannot be deduced. The total is public, so the sum of the
    hidden numbers is known: a single one is found by subtraction, and all of them when only one distribution
    gives this sum (all at 1, or all at the maximum). In these cases the next smallest number is hidden too.
    """
    montrable = secret
    while True:
        caches = [n for n in nombres.values() if 0 < n < montrable]
        deductibles = len(caches) == 1 or (
            caches and sum(caches) in {len(caches), len(caches) * (montrable - 1)}
        )
        reste = [n for n in nombres.values() if n >= montrable]
        if not deductibles or not reste:
            return montrable
        montrable = min(reste) + 1


def carte_de(petition: Petition, nombres: Mapping[str, int], *, pour_agents: bool = False) -> Carte:
    """Return the map of signatures by commune.

    For the public, small numbers are grouped under « moins de ».
    """
    montrable = 1 if pour_agents else plus_petit_montrable(nombres, petition.reglement.secret_statistique)
    premier = max(montrable, 5)
    lignes = []
    for commune in communes().values():
        n = nombres.get(commune.pk, 0)
        lignes.append(
            (
                commune.code_insee,
                commune.nom,
                commune.sigle,
                commune.tuile_x,
                commune.tuile_y,
                None if 0 < n < montrable else n,
                None,
            )
        )
    return Carte.depuis(
        lignes,
        titre="Signatures par commune",
        bornes=(premier, max(25, premier + 1), max(100, premier + 2), max(250, premier + 3)),
        total=sum(nombres.values()) or None,
    )


def jours_de(petition: Petition) -> Graphique:
    """Return the chart of signatures by day since the first one, days without signatures included."""
    par_jour = dict(DecompteJour.objects.filter(petition=petition).values_list("jour", "nombre"))
    jours = sorted(jour for jour, n in par_jour.items() if n)
    etendue = [jours[0] + timedelta(days=i) for i in range((jours[-1] - jours[0]).days + 1)] if jours else []
    return Graphique(
        titre="Signatures par jour",
        colonne="Jour",
        categories=[f"{jour:%d/%m}" for jour in etendue],
        series=[Serie("Signatures", [par_jour.get(jour, 0) for jour in etendue])],
        totaux=False,
    )
