"""What is published of a draw: its files, and what its page says."""

import json
from datetime import UTC, datetime
from string import digits
from typing import Any

from django.db.models.fields.json import KT
from django.urls import reverse

from participation.socle.francais import enumerer, pluriel, pourcentage
from participation.tirage import regles
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.regles import Perte

FORMAT = "tirage-v2"
FORMATS = {"tirage-v1", FORMAT}
# Published with each step: the list and the rule, then the panels, then the number drawn.
FICHIERS = {"volontaires.csv": "text/csv", "panels.csv": "text/csv", "tirage.json": "application/json"}


def a_des_panels(tirage: Tirage) -> bool:
    return bool(tirage.empreinte_panels)


def publies(tirage: Tirage) -> list[str]:
    """Return the names of the files that are published now."""
    return [nom for nom in FICHIERS if nom != "panels.csv" or a_des_panels(tirage)]


def fichiers(tirage: Tirage) -> list[tuple[str, str]]:
    """Return the name and the address of each file that is published now."""
    return [(nom, reverse(f"tirage:{nom.replace('.', '_')}", args=[tirage.pk])) for nom in publies(tirage)]


def contenu(tirage: Tirage, nom: str) -> str:
    """Return the text of a published file. Raises KeyError for another name, or one that is not published yet."""
    if nom not in publies(tirage):
        raise KeyError(nom)
    if nom == "volontaires.csv":
        return regles.liste_publique(dict(tirage.volontaires.values_list("numero", "engagement")))
    if nom == "panels.csv":
        return regles.portefeuille_public(tirage.panels)
    return regles.sceller(json.dumps(manifeste(tirage), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def regle(tirage: Tirage) -> dict[str, Any]:
    """Return the rule: what is frozen with the list. A quota may only be made wider after that."""
    return {
        "titre": tirage.titre,
        "places": tirage.places,
        "source": tirage.source,
        "date_graine": tirage.date_graine.isoformat(),
        "precision_source": tirage.precision_source,
        "repli": tirage.repli,
        "tirage_le": tirage.tirage_le.astimezone(UTC).isoformat(),
        "lieu": tirage.lieu,
        "quotas": [[q.categorie, q.valeur, q.minimum, q.maximum] for q in tirage.quotas.all()],
    }


def texte_de_la_regle(tirage: Tirage) -> str:
    return json.dumps(regle(tirage), ensure_ascii=False, sort_keys=True)


def manifeste(tirage: Tirage) -> dict[str, Any]:
    """Return the rule, the fingerprints, the seed, the number and the panel, as far as they are known."""
    return {
        "format": FORMAT,
        "empreinte": "0" * 64,
        **regle(tirage),
        "regle": tirage.regle,
        "empreinte_liste": tirage.empreinte_liste,
        "texte_graine": tirage.texte_graine,
        "graine": tirage.graine,
        "empreinte_panels": tirage.empreinte_panels,
        "boules": tirage.numero_tire,
        "panel": panel_tire(tirage),
        "seances": tirage.seances,
        "pertes": tirage.pertes,
        "prevision": tirage.mesures.get("prevision") if a_des_panels(tirage) else None,
        "reserve": tirage.comptes.get("reserve", []),
        "remplacements": [
            {"le": entree.le.isoformat(), **entree.details}
            for entree in tirage.journal.filter(acte="noter_renoncements").order_by("pk")
        ],
    }


def panel_tire(tirage: Tirage) -> list[str]:
    """Return the numbers of the panel that the balls named; [] before. Reads one of the thousand."""
    if tirage.boules is None:
        return []
    lus = Tirage.objects.filter(pk=tirage.pk).values_list(KT(f"panels__{tirage.boules}"), flat=True)
    return list(json.loads(lus.get()))


def etapes(tirage: Tirage) -> list[tuple[str, datetime]]:
    """Return what was done, and when, in the order of the draw."""
    faits = {
        "figer": "La règle est publiée, la liste est figée",
        "semer": "La graine est connue",
        "publier_panels": "Les mille panels sont publiés",
        "tirer": "Les trois boules sont tirées",
        "abandonner_tirage": "Le tirage est abandonné",
    }
    lignes = tirage.journal.filter(acte__in=faits).order_by("pk")
    return [(faits[ligne.acte], ligne.le) for ligne in lignes]


def remplacements(tirage: Tirage) -> list[tuple[datetime, str, list[str]]]:
    """Return when people gave up, who entered, and why a quota is no longer kept ([]: all are)."""
    faits = []
    for ligne in tirage.journal.filter(acte="noter_renoncements").order_by("pk"):
        partis, entres, ecarts = (ligne.details.get(cle, []) for cle in ("partis", "entres", "ecarts"))
        quoi = f"{enumerer(partis)} {pluriel(len(partis), 'renonce,renoncent')}."
        if entres:
            quoi += f" {enumerer(entres)} {pluriel(len(entres), 'entre,entrent')}."
        pourquoi = []
        if len(entres) < len(partis):
            pourquoi.append("La réserve est vide : des places restent libres.")
        elif ecarts:
            pourquoi.append(
                "Personne, dans la réserve, ne permettait de tenir tous les quotas. Le plus petit écart possible a été gardé."
            )
        faits.append((ligne.le, quoi, [*pourquoi, *ecarts]))
    return faits


def chercher_numero(tirage: Tirage, dit: str) -> Volontaire | None:
    """Return the volunteer of this public number, however it is typed."""
    chiffres = "".join(c for c in dit if c in digits)[:6]
    return tirage.volontaires.filter(numero=f"V{int(chiffres):05}").first() if chiffres else None


def prevision(tirage: Tirage) -> dict[str, Any] | None:
    """Return what the page says of the losses foreseen: rates, who will be in the room, the reserve; None when none is."""
    if not tirage.pertes:
        return None
    prevue = tirage.mesures.get("prevision") or {}
    return {
        "taux": [
            (
                f"{perte.categorie} : {perte.valeur}" if perte.categorie else "Tout le monde",
                pourcentage(perte.avant),
                pourcentage(perte.par_seance),
            )
            for perte in (Perte(*ligne) for ligne in tirage.pertes)
        ],
        "presents": [
            (rang, round(moyenne), dix) for rang, (moyenne, dix) in enumerate(prevue.get("presents", []), 1)
        ],
        "reserve": prevue.get("reserve"),
        "besoins": [
            (quota, besoin)
            for quota, besoin in zip(tirage.quotas.all(), prevue["besoins"], strict=True)
            if besoin
        ]
        if prevue
        else [],
        "en_reserve": len(tirage.comptes.get("reserve", [])),
    }
