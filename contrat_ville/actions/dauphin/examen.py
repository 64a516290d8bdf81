"""Dry run of an import: what each dossier would become. No projet is changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from contrat_ville.actions.dauphin.rapprochement import Connus, donnees_de
from contrat_ville.lectures.dauphin import FINANCEMENT, PORTEUR, est_de_dauphin, instantane, libelle_de
from contrat_ville.models import ActionDauphin, DossierImporte, ImportDauphin, LigneImportee, Projet
from contrat_ville.regles.budget import repartir
from contrat_ville.regles.dauphin.dossiers import DossierLu, assembler
from contrat_ville.regles.dauphin.ecarts import Ecart, comparer
from contrat_ville.regles.dauphin.nettoyage import dossier_de
from contrat_ville.workflow.etats import EN_EXAMEN, Etat
from participation.socle.actions import verrouiller_ensemble
from participation.socle.francais import montant
from participation.socle.regles.tableaux import valeurs_de

Sort = DossierImporte.Sort
REMARQUES_MAX = 60
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
        if dossier.sort == Sort.REJETE:
            for ligne in siennes:
                ligne.raison = lu.refus.get(ligne.numero, dossier.raison)[:300]
            refusees += siennes
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
        .select_related("projet__porte_par", "projet__axe", "projet__programmation")
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
    dossier.lu = {"donnees": donnees, "est_paiement": lu.est_paiement}
    action = actions.get((dossier.code, dossier.exercice))
    if lu.refus:
        _refuser(dossier, lu.refus[min(lu.refus)])
    elif dossier.exercice not in connus.programmations:
        _refuser(dossier, f"Aucune programmation {dossier.exercice} : préparez-la d’abord.")
    elif action is not None:
        _comparer(dossier, action.projet, action, donnees)
    elif lu.est_paiement:
        _paiement(dossier, donnees)
    elif candidats := candidats_de(dossier, connus, donnees):
        dossier.sort, dossier.candidat = Sort.A_JOINDRE, candidats[0]
        dossier.ecarts = [e.en_donnees() for e in ecarts_de(candidats[0], None, donnees)]
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
        Ecart(e.champ, e.libelle, e.avant, e.apres, est_conflit=True)
        if fige and e.champ in FIGES_APRES_DECISION
        else e
        for e in ecarts
        # When joining a projet, fields that only Dauphin holds are not differences.
        if not (action is None and est_de_dauphin(e.champ))
    ]


def est_fige(projet: Projet, champ: str) -> bool:
    return champ in FIGES_APRES_DECISION and projet.etat not in EN_EXAMEN


def candidats_de(dossier: DossierImporte, connus: Connus, donnees: Mapping[str, Any]) -> list[Projet]:
    """Return the projets filed here by the same porteur and year, without number of Dauphin.

    Closest title first.
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
        .select_related("porte_par", "axe", "programmation")
        .prefetch_related("budget__financeur", "financements__financeur", "quartiers")
    )
    mots = set(str(donnees.get("titre", "")).lower().split())
    return sorted(trouves, key=lambda p: (-len(mots & set(p.titre.lower().split())), p.pk))


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
            Ecart(e.champ, f"{action.code} · {e.libelle}", e.avant, e.apres, e.est_conflit)
            for e in ecarts_de(action.projet, action, part)
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
