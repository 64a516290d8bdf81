"""What the report said, done: projets created, changed, joined, each with its line of the journal. All of a packet, or none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from contrat_ville.actions.dauphin.examen import actions_de, ecarts_de, est_fige, parts_du_paiement
from contrat_ville.actions.dauphin.rapprochement import Connus, nature_de
from contrat_ville.actions.depot import RECEVABILITE
from contrat_ville.lectures.dauphin import DU_FINANCEMENT, DU_PORTEUR, DU_PROJET, FINANCEMENT, PORTEUR
from contrat_ville.models import (
    ActionDauphin,
    DossierImporte,
    Financement,
    ImportDauphin,
    LigneBudget,
    LigneImportee,
    Partenaire,
    Porteur,
    Projet,
)
from contrat_ville.regles.dauphin.statuts import etat_de
from contrat_ville.regles.nomenclature import DEPENSE
from contrat_ville.workflow.etats import Etat, EtatProgrammation
from participation.socle.actions import donner_reference, exiger, fixer_echeance, verrouiller
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.regles.tableaux import simplifier

Choix, Sort = DossierImporte.Choix, DossierImporte.Sort
# Decided elsewhere and told there: nothing is owed to the holder by us.
DITS_AILLEURS = frozenset(
    {Etat.REFUSE, Etat.IRRECEVABLE, Etat.EN_COURS, Etat.BILAN_ATTENDU, Etat.EVALUE, Etat.CLOS}
)
DECIDES = DITS_AILLEURS | {Etat.RETENU}
EN_COURS_D_ANNEE = frozenset({EtatProgrammation.OUVERTE, EtatProgrammation.INSTRUCTION})


def appliquer(choisi: ImportDauphin, paquet: list[DossierImporte]) -> None:
    """One that cannot be written after all is refused with its reason; the others go on."""
    connus = Connus.lire()
    for dossier in paquet:
        try:
            with transaction.atomic():
                _appliquer_un(choisi, dossier, connus)
        except (ValidationError, ErreurMetier, IntegrityError) as erreur:
            # What was learnt from it is in no table: read again.
            connus = Connus.lire()
            dossier.sort, dossier.projet = Sort.REJETE, None
            dossier.raison = f"Le dossier n’a pas pu être écrit : {_phrase(erreur)}"[:300]
            LigneImportee.objects.filter(dossier=dossier, raison="").update(raison=dossier.raison)
        dossier.applique_le = timezone.now()
    DossierImporte.objects.bulk_update(paquet, ["sort", "raison", "projet", "ecarts", "applique_le"])


def _phrase(erreur: Exception) -> str:
    if isinstance(erreur, ValidationError):
        return " ".join(erreur.messages)
    return erreur.message if isinstance(erreur, ErreurMetier) else "une autre écriture l’en empêche."


def _appliquer_un(choisi: ImportDauphin, dossier: DossierImporte, connus: Connus) -> None:
    donnees = dossier.lu["donnees"]
    action = actions_de([(dossier.code, dossier.exercice)]).get((dossier.code, dossier.exercice))
    prendre = dossier.choix == Choix.DAUPHIN
    if action is not None:
        dossier.projet = action.projet
        dossier.ecarts = _changer(choisi, action.projet, action, donnees, connus, prendre=prendre)
    elif dossier.lu["est_paiement"]:
        for autre, part in parts_du_paiement(dossier.code, dossier.exercice, donnees):
            _changer(choisi, autre.projet, autre, part, connus, prendre=prendre)
    elif dossier.sort == Sort.A_JOINDRE and dossier.choix in {Choix.JOINDRE, Choix.DAUPHIN}:
        dossier.projet = _joindre(choisi, dossier, donnees, connus)
    else:
        dossier.projet = _creer(choisi, dossier, donnees, connus)


def importer_projet(
    projet: Projet, *, par: Compte, fait: str, details: Mapping[str, Any], champs: Mapping[str, Any]
) -> None:
    """The act, written under the name of who launched the import; the worker does it, whatever the état."""
    pas = exiger(projet, "importer_projet", par=None)
    replace(pas, par=par).avancer(champs=champs, fait=fait, details=details)


def _creer(
    choisi: ImportDauphin, dossier: DossierImporte, donnees: Mapping[str, Any], connus: Connus
) -> Projet:
    maintenant = timezone.now()
    programmation = connus.programmations[dossier.exercice]
    etat = etat_de(donnees.get("statut", ""))
    demande_le = _instant(donnees.get("date_demande", "")) or maintenant
    decide_le = _decide_le(donnees, demande_le) if etat in DECIDES else None
    projet = Projet(programmation=programmation, etat=etat)
    importer_projet(
        projet,
        par=choisi.par,
        fait=f"Importé de Dauphin sous le numéro {dossier.code}",
        details=_details(choisi, dossier.code),
        champs={
            **_du_projet(donnees),
            "reference": donner_reference(projet),
            "porte_par": _porteur(donnees, connus),
            "axe": connus.axes.get(simplifier(donnees.get("axe", ""))),
            "numero_dauphin": dossier.code,
            "resume": donnees.get("objet", ""),
            "depose_le": demande_le,
            "ouvert_le": demande_le,
            "decide_le": decide_le,
            "notifie_le": decide_le if etat in DITS_AILLEURS else None,
            "motif_decision": f"Décision prise dans Dauphin : {donnees['statut']}."
            if etat in {Etat.REFUSE, Etat.IRRECEVABLE}
            else "",
            "clos_le": maintenant if etat in {Etat.REFUSE, Etat.IRRECEVABLE, Etat.CLOS} else None,
        },
    )
    if quartiers := _quartiers(donnees, connus):
        projet.quartiers.set(quartiers)
    _poser_argent(projet, donnees, connus, est_neuf=True)
    _retenir(projet, dossier.code, dossier.exercice, donnees)
    if etat == Etat.DEPOSE and programmation.etat in EN_COURS_D_ANNEE:
        fixer_echeance(
            projet,
            RECEVABILITE,
            libelle="Dire si le projet est recevable",
            date_limite=ajouter_jours_ouvres(timezone.localdate(), programmation.delai_recevabilite_jours),
            est_legale=True,
            rappels=[3],
            relances=[],
            escalade=programmation.escalade_jours,
        )
    return projet


def _decide_le(donnees: Mapping[str, Any], demande_le: datetime) -> datetime:
    dates = [valeur for champ, valeur in donnees.items() if champ.endswith(".date_decision")]
    return (_instant(max(dates)) if dates else None) or demande_le


def _instant(jour: str) -> datetime | None:
    return timezone.make_aware(datetime.combine(date.fromisoformat(jour), time(12))) if jour else None


def _details(choisi: ImportDauphin, code: str, ecarts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"import": choisi.pk, "fichier": choisi.nom, "numero_dauphin": code, "ecarts": ecarts or []}


def _joindre(
    choisi: ImportDauphin, dossier: DossierImporte, donnees: Mapping[str, Any], connus: Connus
) -> Projet:
    """The projet filed here keeps what its team wrote: Dauphin fills what is empty, and gives its number."""
    projet = dossier.candidat
    if projet is None or ActionDauphin.objects.filter(projet=projet).exists():
        raise ErreurMetier("Le projet à joindre porte déjà un autre numéro Dauphin.")
    dossier.ecarts = _changer(
        choisi,
        projet,
        None,
        donnees,
        connus,
        prendre=dossier.choix == Choix.DAUPHIN,
        fait=f"Joint au dossier Dauphin {dossier.code}",
        numero=dossier.code,
    )
    _retenir(projet, dossier.code, dossier.exercice, donnees)
    return projet


def _changer(
    choisi: ImportDauphin,
    projet: Projet,
    action: ActionDauphin | None,
    donnees: Mapping[str, Any],
    connus: Connus,
    *,
    prendre: bool,
    fait: str = "",
    numero: str = "",
) -> list[dict[str, Any]]:
    """Compared again under the lock of the row: what an agent changed since the report is not lost. The changes made."""
    verrouiller(projet)
    prefetch_related_objects([projet], "budget__financeur", "financements__financeur", "quartiers")
    ecarts = ecarts_de(projet, action, donnees)
    faits = [e for e in ecarts if not e.est_conflit or (prendre and not est_fige(projet, e.champ))]
    voulus = {e.champ: donnees[e.champ] for e in faits}
    if faits or numero:
        champs = _du_projet(voulus)
        if "axe" in voulus:
            champs["axe"] = connus.axes[simplifier(voulus["axe"])]
        if "objet" in voulus:
            champs["resume"] = voulus["objet"]
        if numero:
            champs["numero_dauphin"] = numero
        code = numero or (action.code if action is not None else "")
        importer_projet(
            projet,
            par=choisi.par,
            fait=fait or f"Mis à jour depuis Dauphin : {accorder(len(faits), 'changement')}",
            details=_details(choisi, code, [e.en_donnees() for e in faits]),
            champs=champs,
        )
        if "quartiers" in voulus:
            projet.quartiers.set(_quartiers(voulus, connus))
        _completer_porteur(projet, voulus)
        _poser_argent(projet, voulus, connus, est_neuf=False)
    if action is not None:
        _retenir(projet, action.code, action.exercice, {**action.vus, **donnees})
    return [ecart.en_donnees() for ecart in ecarts]


def _retenir(projet: Projet, code: str, exercice: int, vus: Mapping[str, Any]) -> None:
    ActionDauphin.objects.update_or_create(
        projet=projet,
        defaults={
            "code": code,
            "exercice": exercice,
            "statut": vus.get("statut", ""),
            "vus": dict(vus),
            "vu_le": timezone.now(),
        },
    )


def _du_projet(donnees: Mapping[str, Any]) -> dict[str, Any]:
    champs = {champ: valeur for champ, valeur in donnees.items() if champ in DU_PROJET}
    for champ in ("date_debut", "date_fin"):
        if champ in champs:
            champs[champ] = date.fromisoformat(champs[champ])
    return champs


def _quartiers(donnees: Mapping[str, Any], connus: Connus) -> list[Any]:
    noms = set(str(donnees.get("quartiers", "")).split(", "))
    return [quartier for quartier in connus.quartiers.values() if quartier.nom in noms]


def _porteur(donnees: Mapping[str, Any], connus: Connus) -> Porteur:
    dit = {c.removeprefix(PORTEUR): v for c, v in donnees.items() if c.startswith(PORTEUR)}
    if trouve := connus.porteur(dit):
        _remplir(trouve, {champ: valeur for champ, valeur in dit.items() if not getattr(trouve, champ)})
        return trouve
    porteur = Porteur(nature=nature_de(donnees.get("famille", ""), dit.get("siret", "")))
    _remplir(porteur, dit)
    connus.retenir(porteur)
    return porteur


def _remplir(porteur: Porteur, dit: Mapping[str, str]) -> None:
    if not dit:
        return
    for champ, valeur in dit.items():
        setattr(porteur, champ, valeur or None if champ == "siret" else valeur)
    try:
        porteur.full_clean()
    except ValidationError as erreur:
        # A mail or a code that is none is left out: the row of the file keeps it.
        fautifs = set(erreur.error_dict) & set(DU_PORTEUR) - {"nom"}
        if not fautifs:
            raise
        for champ in fautifs:
            setattr(porteur, champ, None if champ == "siret" else "")
        porteur.full_clean()
    porteur.save()


def _completer_porteur(projet: Projet, voulus: Mapping[str, Any]) -> None:
    dit = {c.removeprefix(PORTEUR): v for c, v in voulus.items() if c.startswith(PORTEUR)}
    if dit and projet.porte_par is not None:
        _remplir(projet.porte_par, dit)


def _poser_argent(projet: Projet, donnees: Mapping[str, Any], connus: Connus, *, est_neuf: bool) -> None:
    """The lines of the budget, what each financer is asked, proposes, grants, has paid: amounts are read by the rules already."""
    lignes = donnees.get("lignes")
    demandes: dict[int, Decimal] = {}
    if lignes is not None:
        demandes = _poser_lignes(projet, lignes, connus, est_neuf=est_neuf)
    decisions: dict[int, dict[str, str]] = {}
    for champ, valeur in donnees.items():
        if champ.startswith(FINANCEMENT):
            nom, _, quoi = champ.removeprefix(FINANCEMENT).rpartition(".")
            if quoi in DU_FINANCEMENT:
                decisions.setdefault(_financeur(nom, connus).pk, {})[quoi] = valeur
    connues = {} if est_neuf else {f.financeur_id: f for f in projet.financements.all()}
    nouvelles: list[Financement] = []
    changees: list[Financement] = []
    for financeur in {**demandes, **decisions}:
        financement = connues.get(financeur) or Financement(projet=projet, financeur_id=financeur)
        if lignes is not None:
            financement.demande = demandes.get(financeur, financement.demande)
        for quoi, valeur in decisions.get(financeur, {}).items():
            setattr(financement, quoi, valeur if quoi == "ej" else Decimal(valeur))
        (changees if financement.pk else nouvelles).append(financement)
    Financement.objects.bulk_create(nouvelles)
    if changees:
        Financement.objects.bulk_update(changees, ["demande", *DU_FINANCEMENT])
    if lignes is not None and not est_neuf:
        projet.financements.filter(propose__isnull=True, accorde__isnull=True).exclude(
            financeur__in=[*demandes, *decisions]
        ).delete()


def _poser_lignes(
    projet: Projet, lignes: list[list[str]], connus: Connus, *, est_neuf: bool
) -> dict[int, Decimal]:
    """What each financer is asked."""
    demandes: dict[int, Decimal] = {}
    total = Decimal(0)
    a_ecrire = []
    for ordre, (sens, poste, libelle, somme, nom) in enumerate(lignes):
        financeur = _financeur(nom, connus, poste) if nom else None
        montant = Decimal(somme)
        if sens == DEPENSE:
            total += montant
        if financeur is not None:
            demandes[financeur.pk] = demandes.get(financeur.pk, Decimal(0)) + montant
        a_ecrire.append(
            LigneBudget(
                projet=projet,
                sens=sens,
                poste=poste,
                libelle=libelle,
                montant=montant,
                financeur=financeur,
                ordre=ordre,
            )
        )
    if not est_neuf:
        projet.budget.all().delete()
    LigneBudget.objects.bulk_create(a_ecrire)
    projet.montant_total, projet.montant_demande = total, sum(demandes.values(), start=Decimal(0))
    projet.save(update_fields=["montant_total", "montant_demande"])
    return demandes


def _financeur(nom: str, connus: Connus, poste: str = "") -> Partenaire:
    if trouve := connus.financeur(nom, poste):
        return trouve
    nouveau = Partenaire(
        nom=nom[:120], est_financeur=True, sous_poste=poste if poste.startswith("74") else ""
    )
    nouveau.full_clean()
    nouveau.save()
    connus.retenir_financeur(nouveau)
    return nouveau
