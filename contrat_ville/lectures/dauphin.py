"""A projet in the fields of Dauphin: flat and JSON-able, to compare, keep and export it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from contrat_ville.models import ActionDauphin, Financement, LigneImportee, Porteur, Projet

# Labels of the fields of a projet in a report.
DU_PROJET: Mapping[str, str] = {
    "titre": "Intitulé",
    "objet": "Objet",
    "description": "Description",
    "objectifs": "Objectifs",
    "publics": "Publics",
    "nombre_beneficiaires": "Bénéficiaires",
    "date_debut": "Début",
    "date_fin": "Fin",
    "est_pluriannuel": "Pluriannuel",
    "est_renouvellement": "Renouvellement",
    "moyens_humains": "Moyens humains",
}
LIES: Mapping[str, str] = {"axe": "Axe", "quartiers": "Quartiers", "lignes": "Budget"}
DU_PORTEUR: Mapping[str, str] = {
    "nom": "Porteur",
    "sigle": "Sigle",
    "siret": "SIRET",
    "rna": "RNA",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "ville": "Ville",
    "courriel": "Courriel",
    "telephone": "Téléphone",
    "representant": "Représentant",
}
DU_FINANCEMENT: Mapping[str, str] = {
    "propose": "proposé",
    "accorde": "voté",
    "verse": "versé",
    "ej": "engagement",
}
# Known only from Dauphin: shown and compared with the next file, never edited here.
DE_DAUPHIN: Mapping[str, str] = {
    "statut": "Statut dans Dauphin",
    "reference": "Référence du dossier",
    "nature": "Nature",
    "periode": "Période",
    "frequence": "Fréquence",
    "thematique": "Thématique",
    "date_demande": "Date de la demande",
    "ej": "Engagement juridique",
    "type_financeur": "type",
    "statut_financeur": "statut",
    "date_decision": "date de décision",
}
PORTEUR, FINANCEMENT = "porteur.", "financement."


def tableau_des_lignes(
    entetes: Sequence[str], lignes: Sequence[LigneImportee]
) -> tuple[list[tuple[str, str]], list[str], list[tuple[LigneImportee, list[str]]]]:
    """Return (columns with one value, once; other columns; each row in the other columns).

    Empty columns are left out.
    """
    colonnes = [
        (entete, [str(ligne.valeurs[rang]) if rang < len(ligne.valeurs) else "" for ligne in lignes])
        for rang, entete in enumerate(entetes)
    ]
    remplies = [(entete, valeurs) for entete, valeurs in colonnes if any(valeurs)]
    communes = [(entete, valeurs[0]) for entete, valeurs in remplies if len(set(valeurs)) == 1]
    autres = [(entete, valeurs) for entete, valeurs in remplies if len(set(valeurs)) > 1]
    rangees = [(ligne, [valeurs[rang] for _, valeurs in autres]) for rang, ligne in enumerate(lignes)]
    return communes, [entete for entete, _ in autres], rangees


def libelle_de(champ: str) -> str:
    """Return a label such as « Jardin, voté »."""
    if champ.startswith(PORTEUR):
        nom = champ.removeprefix(PORTEUR)
        return DU_PORTEUR[nom] if nom == "nom" else f"Porteur, {DU_PORTEUR[nom]}"
    if champ.startswith(FINANCEMENT):
        financeur, _, nom = champ.removeprefix(FINANCEMENT).rpartition(".")
        return f"{financeur}, {DU_FINANCEMENT.get(nom) or DE_DAUPHIN.get(nom, nom)}"
    return DU_PROJET.get(champ) or LIES.get(champ) or DE_DAUPHIN.get(champ, champ)


def est_de_dauphin(champ: str) -> bool:
    return (
        champ.rpartition(".")[2] in DE_DAUPHIN and champ.rpartition(".")[2] not in DU_FINANCEMENT
    ) or champ == "ej"


def instantane(projet: Projet, action: ActionDauphin | None) -> dict[str, Any]:
    """Return the values of the projet. To read many, prefetch `budget`, `financements`, `quartiers`."""
    vus: Mapping[str, Any] = action.vus if action is not None else {}
    valeurs: dict[str, Any] = {champ: vu for champ, vu in vus.items() if est_de_dauphin(champ)}
    for champ in DU_PROJET:
        valeur = getattr(projet, champ)
        valeurs[champ] = valeur.isoformat() if champ.startswith("date_") and valeur else valeur
    valeurs["axe"] = projet.axe.nom if projet.axe is not None else ""
    valeurs["quartiers"] = ", ".join(sorted(quartier.nom for quartier in projet.quartiers.all()))
    valeurs["lignes"] = sorted(
        [
            ligne.sens,
            ligne.poste,
            ligne.libelle,
            en_texte(ligne.montant),
            ligne.financeur.nom if ligne.financeur is not None else "",
        ]
        for ligne in projet.budget.all()
    )
    if projet.porte_par is not None:
        valeurs |= {PORTEUR + champ: valeur for champ, valeur in du_porteur(projet.porte_par).items()}
    for financement in projet.financements.all():
        valeurs |= du_financement(financement)
    return valeurs


def du_porteur(porteur: Porteur) -> dict[str, str]:
    return {champ: getattr(porteur, champ) or "" for champ in DU_PORTEUR}


def du_financement(financement: Financement) -> dict[str, str]:
    debut = f"{FINANCEMENT}{financement.financeur.nom}."
    return {
        debut + "propose": en_texte(financement.propose),
        debut + "accorde": en_texte(financement.accorde),
        debut + "verse": en_texte(financement.verse) if financement.verse else "",
        debut + "ej": financement.ej,
    }


def en_texte(somme: Decimal | None) -> str:
    return "" if somme is None else str(somme.quantize(Decimal("0.01")))
