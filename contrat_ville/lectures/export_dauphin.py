"""Export of projets in the columns of Dauphin. Importing the exported file changes nothing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from contrat_ville.lectures.dauphin import DE_DAUPHIN, DU_PROJET
from contrat_ville.models import ActionDauphin, Financement, ImportDauphin, LigneBudget, Projet
from contrat_ville.regles.dauphin.colonnes import CHAMPS, PREFIXE_POSTE
from contrat_ville.workflow.etats import Sens

PAR_PAQUET = 200
DECISIONS = ("propose", "accorde", "verse", "ej")


def entetes(modele: ImportDauphin | None) -> list[str]:
    return list(modele.entetes) if modele is not None else [champ.libelle for champ in CHAMPS.values()]


def combien(projets: Any) -> int:
    """Estimate the number of rows: the lines of budget, plus one for each projet."""
    return int(LigneBudget.objects.filter(projet__in=projets).count()) + int(projets.count())


def lignes(projets: Any, modele: ImportDauphin | None) -> Iterator[list[Any]]:
    par_colonne = {colonne: champ for champ, colonne in modele.relies.items()} if modele is not None else {}
    champs = (
        [par_colonne.get(colonne, "") for colonne in modele.entetes] if modele is not None else list(CHAMPS)
    )
    for projet in _par_paquets(projets):
        for ligne in _lignes_du_projet(projet, frozenset(champs)):
            yield [ligne.get(champ) for champ in champs]


def _par_paquets(projets: Any) -> Iterator[Projet]:
    lus = (
        projets.select_related("porte_par", "axe", "programmation", "action_dauphin")
        .prefetch_related("budget__financeur", "financements__financeur", "quartiers")
        .order_by("pk")
    )
    yield from lus.iterator(chunk_size=PAR_PAQUET)


def _lignes_du_projet(projet: Projet, champs: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """One row for each line of the budget.

    The decision of a financer is on its first line, or on a row of its own.
    """
    commun = _commun(projet)
    restent = {financement.financeur_id: financement for financement in projet.financements.all()}
    postes = {champ.removeprefix(PREFIXE_POSTE) for champ in champs if champ.startswith(PREFIXE_POSTE)}
    en_colonnes: dict[str, Any] = {}
    ecrites = 0
    for ligne in projet.budget.all():
        if ligne.poste in postes and ligne.financeur_id is None:
            cle = PREFIXE_POSTE + ligne.poste
            en_colonnes[cle] = en_colonnes.get(cle, 0) + ligne.montant
            continue
        ecrites += 1
        yield {
            **commun,
            **_de_la_ligne(ligne, ecrites),
            **_decisions(restent.pop(ligne.financeur_id or 0, None)),
        }
    for financement in restent.values():
        if financement.propose is not None or financement.accorde is not None or financement.ej:
            ecrites += 1
            yield {**commun, "financeur": financement.financeur.nom, **_decisions(financement)}
    if en_colonnes or not ecrites:
        yield {**commun, **en_colonnes}


def _commun(projet: Projet) -> dict[str, Any]:
    action: ActionDauphin | None = getattr(projet, "action_dauphin", None)
    vus = action.vus if action is not None else {}
    porteur = projet.porte_par
    commun: dict[str, Any] = {champ: getattr(projet, champ) for champ in DU_PROJET if champ in CHAMPS}
    commun |= {champ: vus.get(champ) for champ in DE_DAUPHIN if champ in CHAMPS and champ != "ej"}
    if date_demande := vus.get("date_demande"):
        commun["date_demande"] = date.fromisoformat(date_demande)
    elif action is None and projet.depose_le:
        commun["date_demande"] = timezone.localdate(projet.depose_le)
    if action is None:
        commun["statut"] = projet.get_etat_display()
        commun["periode"] = "PLURIANNUELLE" if projet.est_pluriannuel else "PONCTUELLE"
        commun["frequence"] = "RENOUVELLEMENT" if projet.est_renouvellement else "PREMIERE DEMANDE"
    commun |= {
        "code": action.code if action is not None else projet.numero_dauphin,
        "exercice": projet.programmation.annee,
        "intitule": projet.titre,
        "thematique": vus.get("thematique") or (projet.axe.nom if projet.axe is not None else ""),
        "quartiers": " | ".join(sorted(quartier.nom for quartier in projet.quartiers.all())),
    }
    if porteur is not None:
        commun |= {
            "porteur": porteur.nom,
            "famille": porteur.get_nature_display(),
            **{c: getattr(porteur, c) for c in ("sigle", "siret", "rna", "adresse", "code_postal", "ville")},
            **{c: getattr(porteur, c) for c in ("courriel", "telephone", "representant")},
        }
    return commun


def _de_la_ligne(ligne: LigneBudget, rang: int) -> dict[str, Any]:
    return {
        "sens": Sens(ligne.sens).label,
        "poste": ligne.poste,
        "libelle_ligne": ligne.libelle,
        "montant": ligne.montant,
        "rang": rang,
        "financeur": ligne.financeur.nom if ligne.financeur is not None else "",
    }


def _decisions(financement: Financement | None) -> dict[str, Any]:
    if financement is None:
        return {}
    return {champ: getattr(financement, champ) or None for champ in DECISIONS}
