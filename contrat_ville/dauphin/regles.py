"""Dossiers of Dauphin: assembled from the lines read, compared, and the états they give."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from contrat_ville.dauphin import colonnes as colonnes_de_dauphin
from contrat_ville.dauphin.colonnes import CHAMPS, LIGNE, PREFIXE_POSTE, CelluleIllisible
from contrat_ville.regles import POSTES, RECETTE, Ligne, Sens, equilibre
from contrat_ville.workflow import Etat
from participation.socle.francais import montant
from participation.socle.regles.tableaux import jour_de, simplifier

Valeurs = Mapping[str, str]
Remarquer = Callable[[str], None]
TITRE_MAX, LIBELLE_MAX = 160, 160
TEXTES = {
    "objet": 300,
    "description": 8000,
    "objectifs": 4000,
    "publics": 2000,
    "moyens_humains": 3000,
    "thematique": 200,
    "quartiers": 600,
    "reference": 60,
    "statut": 80,
    "nature": 60,
    "periode": 60,
    "frequence": 60,
}
PORTEUR = {
    "porteur": 160,
    "sigle": 30,
    "famille": 80,
    "adresse": 200,
    "code_postal": 5,
    "ville": 80,
    "courriel": 254,
    "telephone": 30,
    "representant": 120,
}
SOMMES = {
    "demande": "Montant demandé",
    "propose": "Montant proposé",
    "accorde": "Montant voté",
    "verse": "Montant versé",
}
DU_FINANCEUR = {"type_financeur": 60, "statut_financeur": 60, "ej": 40}


@dataclass(slots=True)
class DossierLu:
    code: str
    exercice: int
    champs: dict[str, Any] = field(default_factory=dict)
    porteur: dict[str, str] = field(default_factory=dict)
    lignes: list[dict[str, str]] = field(default_factory=list)
    financements: dict[str, dict[str, str]] = field(default_factory=dict)
    remarques: list[str] = field(default_factory=list)
    refus: dict[int, str] = field(default_factory=dict)  # row number → reason
    inconnus: list[tuple[str, str]] = field(default_factory=list)  # (kind, word) that is nothing here

    @property
    def est_paiement(self) -> bool:
        """Whether the rows come from the payments file: they hold payments, without the projet."""
        return not self.champs.get("titre") and not self.porteur.get("porteur")


SANS_REFERENCE = (
    "La référence est vide sur cette ligne du dossier (cellules fusionnées ?) : répétez-la sur chacune."
)


def reference_de(valeurs: Valeurs) -> str:
    return valeurs.get("code", "").strip() or valeurs.get("reference", "").strip()


def continue_le_dossier(valeurs: Valeurs, precedentes: Valeurs) -> bool:
    """Whether a row without reference belongs to the dossier of the row above, as merged cells leave it."""
    titre = valeurs.get("intitule", "")
    return not reference_de(valeurs) and (not titre or meme_nom(titre, precedentes.get("intitule", "")))


def cle_de(valeurs: Valeurs, exercice: int | None) -> tuple[str, int, str]:
    """Return (reference of the action, year, remark).

    Rows of the same reference and year are one dossier. Raises CelluleIllisible.
    """
    texte = reference_de(valeurs)
    if not texte:
        raise CelluleIllisible("La référence du dossier est vide.")
    code, remarque = colonnes_de_dauphin.code_de(texte)
    return code, colonnes_de_dauphin.exercice_de(valeurs.get("exercice", ""), exercice), remarque


def assembler(code: str, exercice: int, lignes: Sequence[tuple[int, Valeurs]]) -> DossierLu:
    """Build a dossier. `lignes`: (row number in the spreadsheet, {field: text}), in the order of the file."""
    lu = DossierLu(code, exercice)
    vues: dict[tuple[tuple[str, str], ...], int] = {}
    communs: dict[str, tuple[int, str]] = {}
    for numero, valeurs in lignes:
        if not reference_de(valeurs):
            lu.refus[numero] = SANS_REFERENCE
            continue
        entiere = tuple(sorted(valeurs.items()))
        if (premiere := vues.setdefault(entiere, numero)) != numero:
            lu.remarques.append(
                f"La ligne {numero} répète la ligne {premiere} : elle n’est comptée qu’une fois."
            )
            continue
        _retenir_communs(lu, communs, numero, valeurs)
        try:
            _lire_ligne(lu, valeurs)
        except CelluleIllisible as erreur:
            lu.refus.setdefault(numero, str(erreur))
    _lire_dossier(lu, {champ: texte for champ, (_, texte) in communs.items()})
    _verifier(lu, [numero for numero, _ in lignes])
    _dire_l_equilibre(lu)
    return lu


def _retenir_communs(
    lu: DossierLu, communs: dict[str, tuple[int, str]], numero: int, valeurs: Valeurs
) -> None:
    """Keep the first value of each field that all rows repeat; remark on the rows that differ.

    Refuse the row of another action, known by its title or the SIRET of its porteur: their budgets do not add up.
    """
    for champ, texte in valeurs.items():
        if not texte or champ in LIGNE or champ.startswith(PREFIXE_POSTE) or champ not in CHAMPS:
            continue
        premiere, deja = communs.setdefault(champ, (numero, texte))
        if champ == "siret" and _est_perdu(deja) and not _est_perdu(texte):
            communs[champ] = (numero, texte)
            lu.remarques.append(
                f"SIRET illisible à la ligne {premiere} : celui de la ligne {numero} est gardé."
            )
        elif champ in {"intitule", "siret"} and _se_contredisent(champ, deja, texte):
            lu.refus[numero] = (
                f"Deux actions sous un même numéro : « {texte[:60]} », et « {deja[:60]} » à la ligne {premiere}. "
                "Donnez à chacune le sien, ou corrigez."
            )
        elif deja != texte and champ != "code":
            lu.remarques.append(
                f"{CHAMPS[champ].libelle} : la ligne {numero} dit « {texte[:60]} », la ligne {premiere} « {deja[:60]} » ; "
                "la première est gardée."
            )


def _est_perdu(siret: str) -> bool:
    return not colonnes_de_dauphin.siret_de(siret)[0]


def _se_contredisent(champ: str, un: str, autre: str) -> bool:
    if champ == "siret":
        lus = {colonnes_de_dauphin.siret_de(texte)[0] for texte in (un, autre)}
        return len(lus - {""}) > 1
    return simplifier(un) != simplifier(autre)


def _lire_dossier(lu: DossierLu, communs: Valeurs) -> None:
    remarquer = lu.remarques.append
    for champ, maximum in TEXTES.items():
        if champ in communs:
            lu.champs[champ] = _couper(communs[champ], maximum, CHAMPS[champ].libelle, remarquer)
    if "intitule" in communs:
        lu.champs["titre"] = _couper(" ".join(communs["intitule"].split()), TITRE_MAX, "Intitulé", remarquer)
    debut, fin, remarques = colonnes_de_dauphin.jours_de(communs)
    lu.remarques += remarques
    for champ, jour in (("date_debut", debut), ("date_fin", fin)):
        if jour:
            lu.champs[champ] = jour.isoformat()
    if "periode" in communs:
        lu.champs["est_pluriannuel"] = colonnes_de_dauphin.est_pluriannuel(communs["periode"])
    if "frequence" in communs:
        lu.champs["est_renouvellement"] = colonnes_de_dauphin.est_renouvellement(communs["frequence"])
    if texte := communs.get("nombre_beneficiaires"):
        if (nombre := colonnes_de_dauphin.entier_de(texte)) is not None:
            lu.champs["nombre_beneficiaires"] = nombre
        else:
            remarquer(f"Nombre de bénéficiaires illisible, laissé vide : « {texte[:30]} ».")
    if jour_dit := _jour(communs.get("date_demande", ""), remarquer):
        lu.champs["date_demande"] = jour_dit
    if not est_connu(communs.get("statut", "")):
        remarquer(f"Statut inconnu, gardé tel quel : « {communs['statut'][:60]} ».")
    _lire_porteur(lu, communs)


def _lire_porteur(lu: DossierLu, communs: Valeurs) -> None:
    for champ, maximum in PORTEUR.items():
        if champ in communs:
            lu.porteur[champ] = _couper(
                " ".join(communs[champ].split()), maximum, CHAMPS[champ].libelle, lu.remarques.append
            )
    for champ, lire in (("siret", colonnes_de_dauphin.siret_de), ("rna", colonnes_de_dauphin.rna_de)):
        valeur, remarque = lire(communs.get(champ, ""))
        if valeur:
            lu.porteur[champ] = valeur
        if remarque:
            lu.remarques.append(remarque)
    if lu.porteur.get("porteur") and not lu.porteur.get("siret") and not communs.get("siret"):
        lu.remarques.append("Sans SIRET : le porteur est reconnu par son nom.")
    if len(lu.porteur.get("code_postal", "")) == 4 and lu.porteur["code_postal"].isdigit():
        lu.porteur["code_postal"] = "0" + lu.porteur["code_postal"]


def _jour(texte: str, remarquer: Remarquer) -> str:
    try:
        jour = jour_de(texte)
    except ValueError:
        remarquer(f"Date illisible, laissée vide : « {texte[:20]} ».")
        return ""
    return jour.isoformat() if jour else ""


def _couper(texte: str, maximum: int, quoi: str, remarquer: Remarquer) -> str:
    texte = texte.strip()
    if len(texte) <= maximum:
        return texte
    remarquer(f"{quoi} : coupé à {maximum} caractères ; le texte entier reste dans la ligne du fichier.")
    return texte[: maximum - 1].rstrip() + "…"


def _lire_ligne(lu: DossierLu, valeurs: Valeurs) -> None:
    """Read the budget of a row: its own line, its accounts in columns, its financer."""
    financeur = " ".join(valeurs.get("financeur", "").split())[:120]
    sommes = {
        champ: colonnes_de_dauphin.somme_de(valeurs.get(champ, ""), quoi) for champ, quoi in SOMMES.items()
    }
    montant = colonnes_de_dauphin.somme_de(valeurs.get("montant", ""), "Montant")
    texte = valeurs.get("poste", "")
    sens = colonnes_de_dauphin.sens_de(valeurs.get("sens", ""))
    poste = colonnes_de_dauphin.poste_de(texte, sens) if texte else None
    if texte and poste is None and montant:
        raise CelluleIllisible(f"Poste inconnu : « {texte[:60]} ».")
    if poste and sens and POSTES[poste].sens != sens:
        raise CelluleIllisible(f"Le poste « {POSTES[poste].intitule} » n’est pas du côté que dit la ligne.")
    if montant and poste is None and financeur:
        poste = "74"
    if montant and poste is None:
        raise CelluleIllisible("Le poste de cette ligne n’est pas dit.")
    if poste and montant is None and not any(sommes.values()):
        raise CelluleIllisible(
            "Le montant de cette ligne est vide (cellules fusionnées ?) : écrivez-le sur chacune, ou 0."
        )
    if poste and montant:
        _ajouter(lu, POSTES[poste].sens, poste, str(montant), valeurs.get("libelle_ligne", ""), financeur)
    elif financeur and sommes["demande"]:
        _ajouter(
            lu, RECETTE, poste or "74", str(sommes["demande"]), valeurs.get("libelle_ligne", ""), financeur
        )
    for champ, ecrit in valeurs.items():
        if champ.startswith(PREFIXE_POSTE) and ecrit:
            code = champ.removeprefix(PREFIXE_POSTE)
            somme = colonnes_de_dauphin.somme_de(ecrit, POSTES[code].intitule)
            if somme:
                _ajouter(lu, POSTES[code].sens, code, str(somme), "", "")
    _lire_financement(lu, financeur, valeurs, {c: str(s) for c, s in sommes.items() if s is not None})


def _ajouter(lu: DossierLu, sens: Sens, poste: str, montant: str, libelle: str, financeur: str) -> None:
    lu.lignes.append(
        {
            "sens": sens,
            "poste": poste,
            "libelle": " ".join(libelle.split())[:LIBELLE_MAX],
            "montant": montant,
            # Only receipts come from a financer: on an expense, the export is wrong.
            "financeur": financeur if sens == RECETTE else "",
        }
    )


def _lire_financement(lu: DossierLu, financeur: str, valeurs: Valeurs, sommes: dict[str, str]) -> None:
    faits = {champ: valeurs[champ].strip()[:n] for champ, n in DU_FINANCEUR.items() if valeurs.get(champ)}
    if jour := _jour(valeurs.get("date_decision", ""), lu.remarques.append):
        faits["date_decision"] = jour
    decides = {champ: somme for champ, somme in sommes.items() if champ != "demande"}
    if not financeur:
        if "ej" in faits:
            lu.champs.setdefault("ej", faits["ej"])
        if decides.get("verse") or decides.get("accorde"):
            raise CelluleIllisible("Un montant voté ou versé est sans financeur : dites de qui il vient.")
        return
    connu = lu.financements.setdefault(financeur, {})
    if (
        decides.get("verse")
        and connu.get("verse")
        and not (valeurs.get("intitule") or valeurs.get("porteur"))
    ):
        # The payments file has a row for each payment: add them up.
        decides["verse"] = str(Decimal(decides["verse"]) + Decimal(connu.pop("verse")))
    for champ, valeur in {**faits, **decides}.items():
        if champ in connu and connu[champ] != valeur:
            raise CelluleIllisible(
                f"Deux valeurs pour {financeur} ({CHAMPS[champ].libelle}) : « {connu[champ]} », puis « {valeur} »."
            )
        connu[champ] = valeur


def _dire_l_equilibre(lu: DossierLu) -> None:
    """Remark on a budget that does not balance: it is imported as it is, and said."""
    sommes = [Ligne(POSTES[ligne["poste"]].sens, ligne["poste"], ligne["montant"]) for ligne in lu.lignes]
    if sommes and not lu.refus:
        lu.remarques[:0] = equilibre(sommes).manques


def _verifier(lu: DossierLu, numeros: Iterable[int]) -> None:
    """Refuse the whole dossier when it is incomplete or when one of its rows is refused."""
    raison = ""
    if not est_depose(lu.champs.get("statut", "")):
        raison = f"Pas encore déposé dans Dauphin (« {lu.champs['statut']} »)."
    elif not lu.est_paiement and not lu.champs.get("titre"):
        raison = "L’intitulé du projet est vide."
    elif not lu.est_paiement and not lu.porteur.get("porteur"):
        raison = "Le porteur n’est pas dit."
    elif lu.refus:
        fautives = ", ".join(str(numero) for numero in sorted(lu.refus))
        raison = f"Le dossier est refusé en entier à cause d’une autre ligne (ligne {fautives})."
    if raison:
        for numero in numeros:
            lu.refus.setdefault(numero, raison)


DEVANT_UNE_COMMUNE = re.compile(r"^(ville|commune|mairie) (de |d |du |des )")


def nom_de_financeur(texte: str) -> str:
    return DEVANT_UNE_COMMUNE.sub("", simplifier(texte))


def cle_du_mot(quoi: str, mot: str) -> str:
    """Return what makes two words of this kind one."""
    return (nom_de_financeur(mot) if quoi == "financeur" else simplifier(mot))[:200]


def meme_nom(un: str, autre: str) -> bool:
    return bool(simplifier(un)) and simplifier(un) == simplifier(autre)


@dataclass(frozen=True, slots=True)
class Ecart:
    """A difference.

    `est_conflit`: changed on both sides since the last import; our value stays until an agent decides.
    """

    champ: str
    libelle: str
    avant: str
    apres: str
    est_conflit: bool = False
    # Of the budget: (line, amount before, amount after); "" when the line is not there.
    lignes: list[tuple[str, str, str]] = field(default_factory=list)

    def en_donnees(self) -> dict[str, Any]:
        return asdict(self)


def comparer(
    base: Mapping[str, Any] | None, lu: Mapping[str, Any], ici: Mapping[str, Any], libelles: Mapping[str, str]
) -> list[Ecart]:
    """Return the differences.

    `base` is the last import, None for the first. A value missing in the file erases nothing.
    """
    ecarts = []
    for champ, nouveau in lu.items():
        if nouveau in ("", None, []):
            continue
        present = ici.get(champ)
        if nouveau == present:
            continue
        ancien = None if base is None else base.get(champ)
        if nouveau == ancien:
            continue  # unchanged in Dauphin: our value is kept
        vide = present in ("", None, [], False)
        conflit = not vide and present != ancien
        lignes = lignes_changees(present or [], nouveau) if champ == "lignes" else []
        ecarts.append(
            Ecart(champ, libelles.get(champ, champ), en_mots(present), en_mots(nouveau), conflit, lignes)
        )
    return ecarts


def lignes_changees(
    avant: Sequence[Sequence[str]], apres: Sequence[Sequence[str]]
) -> list[tuple[str, str, str]]:
    """Return (line in words, amount before, amount after) of each line that is not the same on both sides.

    Lines are [side, account, label, amount, financer]; a line of the same words has changed its amount.
    """
    restent, arrivent = Counter(map(tuple, avant)), Counter(map(tuple, apres))
    parties, venues = list((restent - arrivent).elements()), list((arrivent - restent).elements())
    changees = []
    for sens, poste, libelle, somme, nom in parties:
        meme = next((v for v in venues if (*v[:3], v[4]) == (sens, poste, libelle, nom)), None)
        if meme is not None:
            venues.remove(meme)
        changees.append((_ligne_en_mots(poste, libelle, nom), _euros(somme), _euros(meme[3]) if meme else ""))
    return changees + [
        (_ligne_en_mots(poste, libelle, nom), "", _euros(somme)) for _, poste, libelle, somme, nom in venues
    ]


def _ligne_en_mots(poste: str, libelle: str, financeur: str) -> str:
    intitule = POSTES[poste].intitule if poste in POSTES else poste
    return " · ".join(mot for mot in (financeur or intitule, libelle) if mot)


def _euros(somme: str) -> str:
    return montant(Decimal(somme))


def en_mots(valeur: Any) -> str:
    """Format a value for a report."""
    if valeur in ("", None, []):
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return f"{len(valeur)} lignes" if len(valeur) > 1 else "1 ligne"
    texte = str(valeur)
    return texte if len(texte) <= 200 else texte[:199] + "…"


# Not filed yet: the dossier will come with a later file.
NON_DEPOSES = frozenset({"en cours de saisie", "en attente d attestation"})
ETATS: Mapping[str, Etat] = {
    "transmise": Etat.DEPOSE,
    "en attente d instruction": Etat.DEPOSE,
    "prise en charge": Etat.DEPOSE,
    "recevable": Etat.INSTRUCTION,
    "non recevable": Etat.IRRECEVABLE,
    "rejetee": Etat.REFUSE,
    "votee": Etat.RETENU,
    "a ete verse": Etat.EN_COURS,
    "a justifier": Etat.BILAN_ATTENDU,
    "justification en cours": Etat.BILAN_ATTENDU,
    "justification a modifier": Etat.BILAN_ATTENDU,
    "justifiee": Etat.EVALUE,
    "cloturee": Etat.CLOS,
}


def etat_de(statut: str) -> Etat:
    return ETATS.get(simplifier(statut), Etat.DEPOSE)


def est_connu(statut: str) -> bool:
    mot = simplifier(statut)
    return not mot or mot in ETATS or mot in NON_DEPOSES


def est_depose(statut: str) -> bool:
    return simplifier(statut) not in NON_DEPOSES
