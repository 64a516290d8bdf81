"""Matches the porteurs, financers, quartiers and axes of a file with those known here."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from contrat_ville.lectures.dauphin import FINANCEMENT, PORTEUR
from contrat_ville.models import Axe, Partenaire, Porteur, Programmation
from contrat_ville.regles.dauphin.dossiers import DossierLu
from participation.socle.models import Quartier
from participation.socle.regles.tableaux import simplifier

DEVANT_UNE_COMMUNE = re.compile(r"^(ville|commune|mairie) (de |d |du |des )")
# Each of these accounts has a single financer.
POSTES_D_UN_SEUL = frozenset({"74epci", "74region", "74dep"})
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


def nom_de_financeur(texte: str) -> str:
    return DEVANT_UNE_COMMUNE.sub("", simplifier(texte))


@dataclass(slots=True)
class Connus:
    """Known rows, read once per packet. Rows created by the packet are added."""

    programmations: dict[int, Programmation]
    porteurs_par_siret: dict[str, Porteur]
    porteurs_par_rna: dict[str, Porteur]
    porteurs_par_nom: defaultdict[str, list[Porteur]]
    financeurs: dict[str, Partenaire]
    financeurs_par_poste: dict[str, Partenaire]
    quartiers: dict[str, Quartier]
    axes: dict[str, Axe]

    @classmethod
    def lire(cls) -> Self:
        financeurs = list(Partenaire.objects.filter(est_actif=True).order_by("-est_financeur", "ordre", "pk"))
        connus = cls(
            programmations={p.annee: p for p in Programmation.objects.all()},
            porteurs_par_siret={},
            porteurs_par_rna={},
            porteurs_par_nom=defaultdict(list),
            financeurs={},
            financeurs_par_poste={},
            quartiers={simplifier(q.nom): q for q in Quartier.objects.all()},
            axes={simplifier(axe.nom): axe for axe in Axe.objects.all()},
        )
        for porteur in Porteur.objects.order_by("pk"):
            connus.retenir(porteur)
        for financeur in financeurs:
            connus.retenir_financeur(financeur)
        return connus

    def retenir(self, porteur: Porteur) -> None:
        if porteur.siret:
            self.porteurs_par_siret[porteur.siret] = porteur
        if porteur.rna:
            self.porteurs_par_rna.setdefault(porteur.rna, porteur)
        self.porteurs_par_nom[simplifier(porteur.nom)].append(porteur)

    def retenir_financeur(self, financeur: Partenaire) -> None:
        for nom in (financeur.nom, financeur.sigle):
            if nom:
                self.financeurs.setdefault(nom_de_financeur(nom), financeur)
        if financeur.sous_poste in POSTES_D_UN_SEUL and financeur.est_financeur:
            self.financeurs_par_poste.setdefault(financeur.sous_poste, financeur)

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

    def financeur(self, nom: str, poste: str = "") -> Partenaire | None:
        return self.financeurs.get(nom_de_financeur(nom)) or self.financeurs_par_poste.get(poste)


def donnees_de(lu: DossierLu, connus: Connus) -> dict[str, Any]:
    """Return the data of the file with the names used here, flat, to be compared with `instantane`."""
    donnees: dict[str, Any] = dict(lu.champs)
    thematique = donnees.get("thematique", "")
    if axe := connus.axes.get(simplifier(thematique)):
        donnees["axe"] = axe.nom
    elif thematique:
        lu.remarques.append(
            f"Thématique sans axe de ce nom ici, gardée telle quelle : « {thematique[:60]} »."
        )
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


def _quartiers(texte: str, lu: DossierLu, connus: Connus) -> dict[str, str]:
    entier = connus.quartiers.get(simplifier(texte))
    morceaux = [texte] if entier else [m.strip() for m in ENTRE_QUARTIERS.split(texte) if m.strip()]
    trouves, inconnus = set(), []
    for morceau in morceaux:
        if quartier := connus.quartiers.get(simplifier(morceau)):
            trouves.add(quartier.nom)
        else:
            inconnus.append(morceau)
    if inconnus:
        lu.remarques.append(f"Quartier inconnu ici : « {', '.join(inconnus)[:120]} ».")
    return {"quartiers": ", ".join(sorted(trouves))} if trouves else {}


def _financements(lu: DossierLu, connus: Connus) -> dict[str, Any]:
    """Return the financements under the names used here. Unknown financers are created by the application."""
    postes = {ligne["financeur"]: ligne["poste"] for ligne in lu.lignes if ligne["financeur"]}
    noms: dict[str, str] = {}
    for nom in [*postes, *lu.financements]:
        if nom in noms:
            continue
        financeur = connus.financeur(nom, postes.get(nom, ""))
        noms[nom] = financeur.nom if financeur else nom
        if financeur is None:
            lu.remarques.append(f"Nouveau financeur, ajouté à la liste des partenaires : « {nom} ».")
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
