"""The three gauges and the tile map of a pétition, as plain data for the components."""

from participation.socle.graphiques import INSECABLE, Carte, Jauge, Repere, Tuile, nombre
from participation.socle.models import Commune
from petitions.models import Petition, Seuil
from petitions.seuils import ECRETE, Evaluation, evaluer


def jauges_de(petition: Petition) -> list[Jauge]:
    """Signatures, communes, largest share: always the three, in this order, each with what is missing in words."""
    nombres = list(petition.decomptes_communes.values_list("nombre", flat=True))
    lecture = petition.reglement.lecture_du_tiers
    evaluations = [
        evaluer(seuil, nombres, lecture) for seuil in petition.reglement.seuils.order_by("ordre")
    ]
    if not evaluations:
        return []
    visee = next((e for e in evaluations if not e.atteint), evaluations[-1])
    decompte = getattr(petition, "decompte", None)
    commune = str(decompte.plus_forte) if decompte and decompte.plus_forte else ""
    return [
        _jauge_signatures(evaluations, visee),
        _jauge_communes(visee),
        _jauge_part(visee, commune),
    ]


def _jauge_signatures(evaluations: list[Evaluation], visee: Evaluation) -> Jauge:
    haut = max(evaluations[-1].seuil.signatures, visee.total, 1)
    retenu = visee.retenu
    if visee.assez_de_signatures:
        phrase, ton = f"{nombre(visee.seuil.signatures)} atteint.", "atteint"
    else:
        manque = visee.signatures_manquantes
        phrase, ton = f"Encore {nombre(manque)} pour {_quoi(visee.seuil)}.", "manque"
    if visee.lecture == ECRETE and retenu != visee.total:
        phrase += f" {nombre(retenu)} comptent pour le seuil."
    return Jauge(
        "Signatures vérifiées",
        nombre(visee.total),
        f"sur {nombre(visee.seuil.signatures)}",
        visee.total / haut,
        reperes=[Repere(e.seuil.signatures / haut, nombre(e.seuil.signatures)) for e in evaluations],
        phrase=phrase,
        ton=ton,
    )


def _jauge_communes(visee: Evaluation) -> Jauge:
    total = Commune.objects.count()
    if visee.assez_de_communes:
        phrase, ton = f"Il en faut au moins {visee.seuil.communes} : c’est acquis.", "atteint"
    else:
        manque = visee.communes_manquantes
        pluriel = "s" if manque > 1 else ""
        phrase, ton = f"Il en faut au moins {visee.seuil.communes} : il en manque {manque}{pluriel and ''}.", "manque"
    return Jauge(
        "Communes représentées",
        str(visee.communes),
        f"sur {total}",
        cases=(visee.communes, total),
        reperes=[Repere(visee.seuil.communes / max(total, 1), f"{visee.seuil.communes} au moins")],
        phrase=phrase,
        ton=ton,
    )


def _jauge_part(visee: Evaluation, commune: str) -> Jauge:
    limite = visee.seuil.part_max_numerateur / visee.seuil.part_max_denominateur
    quoi = "un tiers" if (visee.seuil.part_max_numerateur, visee.seuil.part_max_denominateur) == (1, 3) else f"{limite:.0%}"
    if not visee.total:
        phrase, ton = f"Pas plus d’{quoi} pour une même commune.", "manque"
    elif not visee.part_respectee:
        phrase, ton = f"Trop : il faut {nombre(visee.ailleurs)} signatures d’autres communes.", "manque"
    elif visee.part > limite * 0.85:
        phrase, ton = f"{quoi.capitalize()} au plus : respecté, mais proche de la limite.", "proche"
    else:
        phrase, ton = f"{quoi.capitalize()} au plus : respecté.", "atteint"
    return Jauge(
        "Part de la première commune",
        f"{round(visee.part * 100)}{INSECABLE}%",
        commune,
        visee.part,
        reperes=[Repere(limite, f"maximum {quoi}")],
        phrase=phrase,
        ton=ton,
        interdit=limite,
    )


def _quoi(seuil: Seuil) -> str:
    return "le panel citoyen" if seuil.effet == Seuil.Effet.PANEL else "le débat"


def carte_de(petition: Petition) -> Carte:
    """Signatures by commune; a number under the règlement's small-number threshold is not shown."""
    minimum = petition.reglement.secret_statistique
    nombres = dict(petition.decomptes_communes.values_list("commune", "nombre"))
    tuiles = []
    for commune in Commune.objects.all():
        n = nombres.get(commune.pk, 0)
        tuiles.append(
            Tuile(
                commune.pk,
                commune.nom,
                commune.sigle,
                commune.tuile_x,
                commune.tuile_y,
                None if 0 < n < minimum else n,
            )
        )
    return Carte(
        tuiles,
        "Signatures par commune",
        bornes=(minimum, 25, 100, 250),
        total=sum(nombres.values()),
    )
