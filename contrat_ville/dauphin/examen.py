"""Examination of an import from Dauphin: which projet each dossier is, and what differs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from contrat_ville.dauphin.colonnes import dossier_de
from contrat_ville.dauphin.lectures import FINANCEMENT, PORTEUR, est_de_dauphin, instantane, libelle_de
from contrat_ville.dauphin.regles import DossierLu, Ecart, assembler, cle_du_mot, comparer, nom_de_financeur
from contrat_ville.models import (
    ActionDauphin,
    Axe,
    CorrespondanceDauphin,
    DossierImporte,
    ImportDauphin,
    LigneImportee,
    Objectif,
    Partenaire,
    Porteur,
    Programmation,
    Projet,
)
from contrat_ville.regles import repartir
from contrat_ville.workflow import EN_EXAMEN, Etat
from participation.socle.actions import verrouiller_ensemble
from participation.socle.francais import montant
from participation.socle.models import Quartier
from participation.socle.regles.tableaux import simplifier, valeurs_de

Sort, Quoi = DossierImporte.Sort, CorrespondanceDauphin.Quoi
ENTRE_QUARTIERS = re.compile(r"[;|\n]+|,(?! )|, (?=[A-ZÉÎ])")
FAMILLES: Mapping[str, str] = {
    "association": Porteur.Nature.ASSOCIATION,
    "commune": Porteur.Nature.COMMUNE,
    "ccas": Porteur.Nature.COMMUNE,
    "collectivite": Porteur.Nature.COMMUNE,
    "bailleur": Porteur.Nature.BAILLEUR,
    "etablissement": Porteur.Nature.ETABLISSEMENT,
    "entreprise": Porteur.Nature.ENTREPRISE,
    "societe": Porteur.Nature.ENTREPRISE,
}


@dataclass(slots=True)
class Connus:
    """Known rows, read once per packet. Rows created by the packet are added."""

    programmations: dict[int, Programmation]
    porteurs_par_siret: dict[str, Porteur]
    porteurs_par_rna: dict[str, Porteur]
    porteurs_par_nom: defaultdict[str, list[Porteur]]
    financeurs: dict[str, Partenaire]
    quartiers: dict[str, Quartier]
    axes: dict[tuple[int, str], Axe]
    objectifs: dict[tuple[int, str], Objectif]
    correspondances: dict[tuple[int, str, str], CorrespondanceDauphin]

    @classmethod
    def lire(cls) -> Self:
        objectifs = Objectif.objects.select_related("axe")
        dites = CorrespondanceDauphin.objects.select_related("financeur", "axe", "objectif__axe", "quartier")
        connus = cls(
            programmations={p.annee: p for p in Programmation.objects.all()},
            porteurs_par_siret={},
            porteurs_par_rna={},
            porteurs_par_nom=defaultdict(list),
            financeurs={},
            quartiers={simplifier(q.nom): q for q in Quartier.objects.all()},
            axes={(axe.contrat_id, simplifier(axe.nom)): axe for axe in Axe.objects.all()},
            objectifs={(o.axe.contrat_id, simplifier(o.nom)): o for o in objectifs},
            correspondances={(c.annee, c.quoi, c.cle): c for c in dites},
        )
        for porteur in Porteur.objects.order_by("pk"):
            connus.retenir(porteur)
        for financeur in Partenaire.objects.filter(est_actif=True).order_by("-est_financeur", "ordre", "pk"):
            for nom in (financeur.nom, financeur.sigle):
                if nom:
                    connus.financeurs.setdefault(nom_de_financeur(nom), financeur)
        return connus

    def retenir(self, porteur: Porteur) -> None:
        if porteur.siret:
            self.porteurs_par_siret[porteur.siret] = porteur
        if porteur.rna:
            self.porteurs_par_rna.setdefault(porteur.rna, porteur)
        self.porteurs_par_nom[simplifier(porteur.nom)].append(porteur)

    def porteur(self, dit: Mapping[str, str]) -> Porteur | None:
        """Return the porteur found by SIRET, else RNA, else by a unique name that no number contradicts."""
        siret, rna = dit.get("siret", ""), dit.get("rna", "")
        if siret in self.porteurs_par_siret:
            return self.porteurs_par_siret[siret]
        if rna in self.porteurs_par_rna:
            return self.porteurs_par_rna[rna]
        memes = [
            porteur
            for porteur in self.porteurs_par_nom.get(simplifier(dit.get("nom", "")), [])
            if not (siret and porteur.siret) and not (rna and porteur.rna)
        ]
        return memes[0] if len(memes) == 1 else None

    def correspondance(self, annee: int, quoi: str, mot: str) -> CorrespondanceDauphin | None:
        return self.correspondances.get((annee, quoi, cle_du_mot(quoi, mot)))

    def financeur(self, nom: str, annee: int) -> Partenaire | None:
        """Return the financer of this very name, else the one that an agent said for this year; never a guess."""
        if trouve := self.financeurs.get(nom_de_financeur(nom)):
            return trouve
        dite = self.correspondance(annee, Quoi.FINANCEUR, nom)
        return dite.financeur if dite is not None else None

    def place(self, nom: str, annee: int) -> tuple[Axe | None, Objectif | None]:
        """Return (axe, objectif) of this very name in the contrat of the year."""
        programmation = self.programmations.get(annee)
        cle = (programmation.contrat_id if programmation else 0, simplifier(nom))
        objectif = self.objectifs.get(cle)
        return self.axes.get(cle) or (objectif.axe if objectif else None), objectif


def donnees_de(lu: DossierLu, connus: Connus) -> dict[str, Any]:
    """Return the data of the file with the names used here, flat, to be compared with `instantane`.

    Words that are none of here are added to `lu.inconnus`.
    """
    donnees: dict[str, Any] = dict(lu.champs)
    if thematique := donnees.get("thematique", ""):
        donnees |= _thematique(thematique, lu, connus)
    if texte := donnees.pop("quartiers", ""):
        donnees |= _quartiers(texte, lu, connus)
    for champ, valeur in lu.porteur.items():
        if champ not in {"porteur", "famille"}:
            donnees[PORTEUR + champ] = valeur
    if nom := lu.porteur.get("porteur"):
        donnees[PORTEUR + "nom"] = nom
    if famille := lu.porteur.get("famille"):
        donnees["famille"] = famille
    donnees |= _financements(lu, connus)
    return donnees


def _thematique(texte: str, lu: DossierLu, connus: Connus) -> dict[str, Any]:
    dite = connus.correspondance(lu.exercice, Quoi.THEMATIQUE, texte)
    axe, objectif = connus.place(texte, lu.exercice)
    if dite is not None:
        objectif = dite.objectif
        axe = dite.axe or (objectif.axe if objectif else None)
    elif axe is None:
        lu.inconnus.append((Quoi.THEMATIQUE.value, texte))
    donnees: dict[str, Any] = {"axe": axe.nom if axe else "", "objectif": objectif.nom if objectif else ""}
    if dite is not None:
        donnees |= {"est_culture": dite.est_culture, "est_participation": dite.est_participation}
    return {champ: valeur for champ, valeur in donnees.items() if valeur}


def _quartiers(texte: str, lu: DossierLu, connus: Connus) -> dict[str, str]:
    def dit(mot: str) -> CorrespondanceDauphin | None:
        return connus.correspondance(lu.exercice, Quoi.QUARTIER, mot)

    entier = simplifier(texte) in connus.quartiers or dit(texte) is not None
    trouves = set()
    for morceau in [texte] if entier else [m.strip() for m in ENTRE_QUARTIERS.split(texte) if m.strip()]:
        dite = dit(morceau)
        if quartier := connus.quartiers.get(simplifier(morceau)) or (dite.quartier if dite else None):
            trouves.add(quartier.nom)
        elif dite is None:
            lu.inconnus.append((Quoi.QUARTIER.value, morceau))
    return {"quartiers": ", ".join(sorted(trouves))} if trouves else {}


def _financements(lu: DossierLu, connus: Connus) -> dict[str, Any]:
    """Return the financements under the names used here."""
    noms: dict[str, str] = {}
    for nom in [*(ligne["financeur"] for ligne in lu.lignes if ligne["financeur"]), *lu.financements]:
        if nom in noms:
            continue
        financeur = connus.financeur(nom, lu.exercice)
        noms[nom] = financeur.nom if financeur else nom
        if financeur is None:
            lu.inconnus.append((Quoi.FINANCEUR.value, nom))
    donnees: dict[str, Any] = {}
    if lu.lignes:
        donnees["lignes"] = sorted(
            [
                ligne["sens"],
                ligne["poste"],
                ligne["libelle"],
                ligne["montant"],
                noms.get(ligne["financeur"], ""),
            ]
            for ligne in lu.lignes
        )
    for nom, faits in lu.financements.items():
        for champ, valeur in faits.items():
            donnees[f"{FINANCEMENT}{noms[nom]}.{champ}"] = valeur
    return donnees


def nature_de(famille: str, siret: str) -> str:
    """Return the kind of porteur.

    No text: association, the most common. A collectif has no SIRET. Unknown text: other.
    """
    mot = simplifier(famille)
    for debut, nature in FAMILLES.items():
        if debut in mot:
            return nature
    if "collectif" in mot:
        return Porteur.Nature.COLLECTIF if not siret else Porteur.Nature.ASSOCIATION
    return Porteur.Nature.ASSOCIATION if not mot else Porteur.Nature.AUTRE


REMARQUES_MAX = 60


INCONNU = "Pas de correspondance ici :"
# A file never overwrites what a decision was based on.
FIGES_APRES_DECISION = frozenset({"lignes"})


class Libelles(dict[str, str]):
    def __missing__(self, champ: str) -> str:
        return libelle_de(champ)

    def get(self, champ: str, defaut: Any = None) -> str:
        return self[champ]


def examiner(choisi: ImportDauphin, paquet: Sequence[DossierImporte]) -> None:
    """Set the `sort` of each dossier, and the reason on the rows that are refused."""
    connus = Connus.lire()
    lignes: defaultdict[int, list[LigneImportee]] = defaultdict(list)
    for ligne in LigneImportee.objects.filter(dossier__in=paquet).order_by("numero"):
        assert ligne.dossier_id is not None  # noqa: S101 of the filter
        lignes[ligne.dossier_id].append(ligne)
    actions = actions_de({(dossier.code, dossier.exercice) for dossier in paquet})
    refusees: list[LigneImportee] = []
    for dossier in paquet:
        siennes = lignes[dossier.pk]
        lu = assembler(
            dossier.code,
            dossier.exercice,
            [(li.numero, valeurs_de(li.valeurs, choisi.entetes, choisi.relies)) for li in siennes],
        )
        _dire_le_sort(dossier, lu, connus, actions)
        for ligne in siennes:
            raison = lu.refus.get(ligne.numero, dossier.raison)[:300]
            if raison != ligne.raison:
                ligne.raison = raison
                refusees.append(ligne)
        dossier.remarques = lu.remarques[:REMARQUES_MAX]
        dossier.est_examine = True
    LigneImportee.objects.bulk_update(refusees, ["raison"], batch_size=1000)
    DossierImporte.objects.bulk_update(
        paquet, ["sort", "raison", "lu", "remarques", "ecarts", "projet", "candidat", "est_examine"]
    )


def actions_de(cles: Iterable[tuple[str, int]]) -> dict[tuple[str, int], ActionDauphin]:
    """Return the actions with all that `instantane` reads, in a few queries."""
    cherchees = set(cles)
    trouvees = (
        ActionDauphin.objects.filter(code__in={code for code, _ in cherchees})
        .select_related("projet__porte_par", "projet__axe", "projet__objectif", "projet__programmation")
        .prefetch_related("projet__budget__financeur", "projet__financements__financeur", "projet__quartiers")
    )
    return {(a.code, a.exercice): a for a in trouvees if (a.code, a.exercice) in cherchees}


def verrouiller_actions(cles: Iterable[tuple[str, int]]) -> dict[tuple[str, int], ActionDauphin]:
    """Same as `actions_de`, after locking the actions and their projets against other imports and acts."""
    codes = {code for code, _ in cles}
    actions = ActionDauphin.objects.select_for_update().filter(code__in=codes).order_by("pk")
    verrouiller_ensemble(Projet, actions.values_list("projet", flat=True))
    return actions_de(cles)


def _dire_le_sort(
    dossier: DossierImporte, lu: DossierLu, connus: Connus, actions: Mapping[tuple[str, int], ActionDauphin]
) -> None:
    donnees = donnees_de(lu, connus)
    dossier.lu = {"donnees": donnees, "est_paiement": lu.est_paiement, "inconnus": lu.inconnus}
    dossier.raison = ""
    action = actions.get((dossier.code, dossier.exercice))
    if lu.refus:
        _refuser(dossier, lu.refus[min(lu.refus)])
    elif dossier.exercice not in connus.programmations:
        _refuser(dossier, f"Aucune programmation {dossier.exercice} : préparez-la d’abord.")
    elif lu.inconnus:
        mots = ", ".join(dict.fromkeys(f"« {mot[:60]} » ({Quoi(quoi).label})" for quoi, mot in lu.inconnus))
        _refuser(dossier, f"{INCONNU} {mots}. Dites ce que c’est, sur la page de l’import.")
    elif action is not None:
        _comparer(dossier, action.projet, action, donnees)
    elif lu.est_paiement:
        _paiement(dossier, donnees)
    elif candidats := candidats_de(dossier, connus, donnees):
        dossier.sort, dossier.candidat = Sort.A_JOINDRE, _a_comparer().get(pk=candidats[0].pk)
        dossier.ecarts = [e.en_donnees() for e in ecarts_de(dossier.candidat, None, donnees)]
    else:
        dossier.sort = Sort.NOUVEAU
        if raison := _trop_verse(donnees, {}):
            _refuser(dossier, raison)


def _refuser(dossier: DossierImporte, raison: str) -> None:
    dossier.sort, dossier.raison = Sort.REJETE, raison[:300]


def _comparer(
    dossier: DossierImporte, projet: Projet, action: ActionDauphin, donnees: Mapping[str, Any]
) -> None:
    dossier.projet = projet
    if raison := _trop_verse(donnees, instantane(projet, action)):
        _refuser(dossier, raison)
        return
    ecarts = ecarts_de(projet, action, donnees)
    dossier.sort = Sort.MODIFIE if ecarts else Sort.INCHANGE
    dossier.ecarts = [ecart.en_donnees() for ecart in ecarts]


def ecarts_de(projet: Projet, action: ActionDauphin | None, donnees: Mapping[str, Any]) -> list[Ecart]:
    ici = instantane(projet, action)
    lu = {champ: valeur for champ, valeur in donnees.items() if champ != "famille"}
    ecarts = comparer(action.vus if action is not None else None, lu, ici, Libelles())
    fige = projet.etat not in EN_EXAMEN
    return [
        replace(e, est_conflit=True) if fige and e.champ in FIGES_APRES_DECISION else e
        for e in ecarts
        # When joining a projet, fields that only Dauphin holds are not differences.
        if not (action is None and est_de_dauphin(e.champ))
    ]


def est_fige(projet: Projet, champ: str) -> bool:
    return champ in FIGES_APRES_DECISION and projet.etat not in EN_EXAMEN


def candidats_de(dossier: DossierImporte, connus: Connus, donnees: Mapping[str, Any]) -> list[Projet]:
    """Return the projets filed here by the same porteur and year, without number of Dauphin.

    Closest title first; their names alone are read.
    """
    porteur = connus.porteur(
        {c.removeprefix(PORTEUR): v for c, v in donnees.items() if c.startswith(PORTEUR)}
    )
    if porteur is None or porteur.pk is None:
        return []
    trouves: Any = (
        Projet.objects.filter(
            programmation__annee=dossier.exercice, porte_par=porteur, action_dauphin__isnull=True
        )
        .exclude(etat__in=[Etat.BROUILLON, Etat.RETIRE])
        .only("titre", "reference", "nature")
    )
    mots = set(str(donnees.get("titre", "")).lower().split())
    return sorted(trouves, key=lambda p: (-len(mots & set(p.titre.lower().split())), p.pk))


def _a_comparer() -> Any:
    """Projets with all that `instantane` reads, in a few queries."""
    projets: Any = Projet.objects.select_related("porte_par", "axe", "objectif", "programmation")
    return projets.prefetch_related("budget__financeur", "financements__financeur", "quartiers")


def candidats_du_dossier(dossier: DossierImporte) -> list[Projet]:
    """Return the projets to which an agent may join this dossier."""
    if dossier.sort != Sort.A_JOINDRE:
        return []
    return candidats_de(dossier, Connus.lire(), dossier.lu["donnees"])


def _trop_verse(donnees: Mapping[str, Any], ici: Mapping[str, Any]) -> str:
    """Return the refusal when more is paid than granted, which the database would also refuse."""
    for champ, valeur in donnees.items():
        if champ.startswith(FINANCEMENT) and champ.endswith(".verse"):
            debut = champ.removesuffix("verse")
            accorde = donnees.get(debut + "accorde") or ici.get(debut + "accorde") or "0"
            if Decimal(valeur) > Decimal(accorde):
                nom = debut.removeprefix(FINANCEMENT)[:-1]
                return f"{nom} : le montant versé ({montant(Decimal(valeur))}) dépasse le montant voté ({montant(Decimal(accorde))})."
    return ""


def _paiement(dossier: DossierImporte, donnees: Mapping[str, Any]) -> None:
    """Examine a row of the payments file: it is shared between the actions in proportion to their grants."""
    parts = parts_du_paiement(dossier.code, dossier.exercice, donnees)
    if not parts:
        _refuser(dossier, "Aucun projet de ce dossier n’est connu ici : importez d’abord les demandes.")
        return
    ecarts: list[Ecart] = []
    for action, part in parts:
        if raison := _trop_verse(part, instantane(action.projet, action)):
            _refuser(dossier, raison)
            return
        ecarts += [
            replace(e, libelle=f"{action.code} · {e.libelle}") for e in ecarts_de(action.projet, action, part)
        ]
    dossier.sort = Sort.MODIFIE if ecarts else Sort.INCHANGE
    dossier.ecarts = [ecart.en_donnees() for ecart in ecarts]


def parts_du_paiement(
    code: str, exercice: int, donnees: Mapping[str, Any]
) -> list[tuple[ActionDauphin, dict[str, Any]]]:
    actions = list(
        actions_de(
            ActionDauphin.objects.filter(
                code__startswith=f"{dossier_de(code)}-", exercice=exercice
            ).values_list("code", "exercice")
        ).values()
    )
    actions.sort(key=lambda action: action.code)
    parts: list[dict[str, Any]] = [dict(donnees) for _ in actions]
    for champ, valeur in donnees.items() if actions else ():
        if champ.startswith(FINANCEMENT) and champ.endswith((".verse", ".accorde", ".propose")):
            accorde = champ.rpartition(".")[0] + ".accorde"
            poids = [Decimal(instantane(a.projet, a).get(accorde) or "0") for a in actions]
            for part, somme in zip(parts, repartir(Decimal(valeur), poids), strict=True):
                part[champ] = str(somme)
    return list(zip(actions, parts, strict=True))
