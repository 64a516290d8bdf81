"""What is known from Dauphin, field by field; lines of an import, and the export."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from contrat_ville.dauphin.colonnes import CHAMPS, PREFIXE_POSTE
from contrat_ville.dauphin.regles import cle_du_mot
from contrat_ville.models import (
    ActionDauphin,
    Axe,
    CorrespondanceDauphin,
    Financement,
    ImportDauphin,
    LigneBudget,
    LigneImportee,
    Objectif,
    Partenaire,
    Porteur,
    Projet,
)
from contrat_ville.workflow import Sens
from participation.socle.models import Quartier

Quoi = CorrespondanceDauphin.Quoi

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
    "est_culture": "Culture",
    "est_participation": "Participation citoyenne",
}
LIES: Mapping[str, str] = {"axe": "Axe", "objectif": "Objectif", "quartiers": "Quartiers", "lignes": "Budget"}
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
    valeurs["objectif"] = projet.objectif.nom if projet.objectif is not None else ""
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
        if not ligne.est_imprevue
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


AUSSI = [("culture", "Culture"), ("participation", "Participation citoyenne")]


@dataclass(frozen=True, slots=True)
class MotDeDauphin:
    """A word of the file. `dit`: what it is here, as a choice of the form; "" when nobody said it."""

    annee: int
    quoi: str
    mot: str
    combien: int = 0  # dossiers that wait for it
    dit: str = ""
    aussi: tuple[str, ...] = ()
    est_deja_dit: bool = False  # for this year; else `dit` comes from a former one


@dataclass(frozen=True, slots=True)
class Cibles:
    """What a word may be here: choices of the form, and {value: object}."""

    choix: list[Any]
    objets: dict[str, Any]


def mots_de(choisi: ImportDauphin) -> list[MotDeDauphin]:
    """Return the words of an import that are nothing here, then those already said for its years."""
    attendus: Counter[tuple[int, str, str]] = Counter()
    premiers: dict[tuple[int, str, str], str] = {}
    annees = set()
    for exercice, lu in choisi.dossiers.filter(applique_le=None).values_list("exercice", "lu"):
        annees.add(exercice)
        for quoi, mot in {(quoi, mot) for quoi, mot in lu.get("inconnus", ())}:
            cle = (exercice, quoi, cle_du_mot(quoi, mot))
            premiers.setdefault(cle, mot)
            attendus[cle] += 1
    dites = {
        (c.annee, c.quoi, c.cle): c
        for c in CorrespondanceDauphin.objects.filter(annee__lte=max(annees, default=0)).order_by("annee")
    }
    anciennes = {(c.quoi, c.cle): c for c in dites.values()}  # the last year wins
    inconnus = [
        _mot(annee, quoi, premiers[annee, quoi, cle], anciennes.get((quoi, cle)), combien)
        for (annee, quoi, cle), combien in sorted(attendus.items())
        if (annee, quoi, cle) not in dites
    ]
    deja = [
        _mot(c.annee, c.quoi, c.mot, c, 0, est_deja_dit=True) for c in dites.values() if c.annee in annees
    ]
    return inconnus + sorted(deja, key=lambda m: (m.annee, m.quoi, m.mot))


def _mot(
    annee: int,
    quoi: str,
    mot: str,
    dite: CorrespondanceDauphin | None,
    combien: int,
    *,
    est_deja_dit: bool = False,
) -> MotDeDauphin:
    if dite is None:
        return MotDeDauphin(annee, quoi, mot, combien)
    aussi = (("culture", dite.est_culture), ("participation", dite.est_participation))
    return MotDeDauphin(
        annee, quoi, mot, combien, _cible_dite(dite), tuple(nom for nom, vrai in aussi if vrai), est_deja_dit
    )


def _cible_dite(dite: CorrespondanceDauphin) -> str:
    for lettre in ("financeur", "objectif", "axe", "quartier"):
        if numero := getattr(dite, f"{lettre}_id"):
            return f"{lettre}:{numero}"
    return "rien"


def cibles() -> dict[str, Cibles]:
    def de(lettre: str, objets: Iterable[Any]) -> dict[str, Any]:
        return {f"{lettre}:{objet.pk}": objet for objet in objets}

    def choix(offerts: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [(valeur, str(objet)) for valeur, objet in offerts.items()]

    financeurs = de("financeur", Partenaire.objects.filter(est_actif=True).order_by("nom"))
    axes, objectifs = de("axe", Axe.objects.all()), de("objectif", Objectif.objects.all())
    quartiers = de("quartier", Quartier.objects.order_by("nom"))
    groupes = [("Axes", choix(axes)), ("Objectifs, avec leur axe", choix(objectifs))]
    return {
        Quoi.FINANCEUR: Cibles(choix(financeurs), financeurs),
        Quoi.THEMATIQUE: Cibles(groupes, {**axes, **objectifs}),
        Quoi.QUARTIER: Cibles(choix(quartiers), quartiers),
    }


def ecarts_par_ligne(ecarts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the differences to show: that of a budget is cut into its lines."""
    montres: list[dict[str, Any]] = []
    for ecart in ecarts:
        lignes = ecart.get("lignes") or [(None, ecart["avant"], ecart["apres"])]
        montres += [
            {
                **ecart,
                "libelle": f"{ecart['libelle']} : {quoi}" if quoi else ecart["libelle"],
                "avant": avant or "pas de ligne",
                "apres": apres or "pas de ligne",
            }
            for quoi, avant, apres in lignes
        ]
    return montres


def disparus(choisi: ImportDauphin) -> list[Projet]:
    """Return the projets that former files knew for the years of this one, and of which it says nothing.

    Empty for a file of payments alone.
    """
    dossiers = choisi.dossiers.filter(est_examine=True)
    annees = set(
        dossiers.exclude(lu__est_paiement=True)
        .exclude(sort="rejete")
        .values_list("exercice", flat=True)
        .distinct()
    )
    lus = dossiers.filter(
        code=OuterRef("action_dauphin__code"), exercice=OuterRef("action_dauphin__exercice")
    )
    connus: Any = Projet.objects.filter(action_dauphin__exercice__in=annees).exclude(Exists(lus))
    return list(connus.select_related("action_dauphin").order_by("numero_dauphin"))


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
        if ligne.est_imprevue:
            continue
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
