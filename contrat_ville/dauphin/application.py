"""Application of an import from Dauphin: what is written in the projets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from contrat_ville.dauphin.examen import (
    Connus,
    ecarts_de,
    est_fige,
    nature_de,
    parts_du_paiement,
    verrouiller_actions,
)
from contrat_ville.dauphin.lectures import DU_FINANCEMENT, DU_PORTEUR, DU_PROJET, FINANCEMENT, PORTEUR
from contrat_ville.dauphin.regles import etat_de
from contrat_ville.depot.actes import recevabilite_due
from contrat_ville.instruction.actes import RECEVABILITE
from contrat_ville.models import (
    ActionDauphin,
    DossierImporte,
    Financement,
    ImportDauphin,
    LigneBudget,
    LigneImportee,
    Partenaire,
    Porteur,
    Programmation,
    Projet,
)
from contrat_ville.regles import DEPENSE, cout
from contrat_ville.workflow import Etat, EtatProgrammation
from participation.socle.actions import exiger, fixer_echeance_des_neufs, references_libres, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Compte, Quartier


@dataclass(slots=True)
class Ecritures:
    """`en_nombre`: several dossiers at once.

    The database checks the constraints and refuses all or nothing.
    """

    en_nombre: bool
    references: Iterator[str] | None = None
    budget: list[LigneBudget] = field(default_factory=list)
    financements: list[Financement] = field(default_factory=list)
    changes: list[Financement] = field(default_factory=list)
    actions: list[ActionDauphin] = field(default_factory=list)
    quartiers: list[Any] = field(default_factory=list)
    a_dire: dict[Programmation, list[Projet]] = field(default_factory=dict)

    def reference(self, projet: Projet) -> str:
        if self.references is None:
            self.references = references_libres(projet)
        return next(self.references)

    def retenir(self, action: ActionDauphin, vus: Mapping[str, Any]) -> None:
        """Keep the values read from Dauphin for the next comparison."""
        action.statut, action.vus, action.vu_le = vus.get("statut", ""), dict(vus), timezone.now()
        self.actions.append(action)

    def situer(self, projet: Projet, quartiers: list[Quartier]) -> None:
        """Add the quartiers of a new projet, which has none yet."""
        entre = Projet.quartiers.through
        self.quartiers += [entre(dossier_id=projet.pk, quartier_id=quartier.pk) for quartier in quartiers]

    def attendre(self, projet: Projet) -> None:
        """Open the échéance of the recevabilité of a new projet."""
        self.a_dire.setdefault(projet.programmation, []).append(projet)

    def ecrire(self) -> None:
        LigneBudget.objects.bulk_create(self.budget)
        Financement.objects.bulk_create(self.financements)
        Financement.objects.bulk_update(self.changes, ["demande", *DU_FINANCEMENT])
        ActionDauphin.objects.bulk_create(
            self.actions,
            update_conflicts=True,
            unique_fields=["projet"],
            update_fields=["code", "exercice", "statut", "vus", "vu_le"],
        )
        Projet.quartiers.through.objects.bulk_create(self.quartiers)
        for programmation, projets in self.a_dire.items():
            fixer_echeance_des_neufs(projets, RECEVABILITE, **recevabilite_due(programmation))
        for liste in (
            self.budget,
            self.financements,
            self.changes,
            self.actions,
            self.quartiers,
            self.a_dire,
        ):
            liste.clear()


@dataclass(slots=True)
class Argent:
    """Budget lines and amounts of each financer. The amounts have been checked by the rules."""

    lignes: list[LigneBudget] | None  # None: not in the file
    demandes: dict[int, Decimal]
    decisions: dict[int, dict[str, str]]

    @classmethod
    def lire(cls, donnees: Mapping[str, Any], connus: Connus, annee: int) -> Self:
        argent = cls(None, {}, {})
        if donnees.get("lignes") is not None:
            argent._lire_lignes(donnees["lignes"], connus, annee)
        for champ, valeur in donnees.items():
            if champ.startswith(FINANCEMENT):
                nom, _, quoi = champ.removeprefix(FINANCEMENT).rpartition(".")
                if quoi in DU_FINANCEMENT:
                    argent.decisions.setdefault(_financeur(nom, connus, annee).pk, {})[quoi] = valeur
        return argent

    def _lire_lignes(self, lues: list[list[str]], connus: Connus, annee: int) -> None:
        self.lignes = []
        for ordre, (sens, poste, libelle, somme, nom) in enumerate(lues):
            financeur = _financeur(nom, connus, annee) if nom else None
            montant = Decimal(somme)
            if financeur is not None:
                self.demandes[financeur.pk] = self.demandes.get(financeur.pk, Decimal(0)) + montant
            self.lignes.append(
                LigneBudget(
                    sens=sens, poste=poste, libelle=libelle, montant=montant, financeur=financeur, ordre=ordre
                )
            )

    def totaux(self) -> dict[str, Decimal]:
        """Return the totals to store on the projet; empty when the file has no budget lines."""
        if self.lignes is None:
            return {}
        depenses = ((ligne.poste, ligne.montant) for ligne in self.lignes if ligne.sens == DEPENSE)
        return {
            "montant_total": cout(depenses),
            "montant_demande": sum(self.demandes.values(), start=Decimal(0)),
        }

    def poser(self, projet: Projet, ecritures: Ecritures, *, est_neuf: bool) -> None:
        """Add the rows to `ecritures`. The projet is new, or locked by the caller."""
        if self.lignes is not None and not est_neuf:
            projet.budget.all().delete()
        for ligne in self.lignes or ():
            ligne.projet = projet
            ecritures.budget.append(ligne)
        connus = {} if est_neuf else {f.financeur_id: f for f in projet.financements.all()}
        for financeur in {**self.demandes, **self.decisions}:
            financement = connus.get(financeur) or Financement(projet=projet, financeur_id=financeur)
            if self.lignes is not None:
                financement.demande = self.demandes.get(financeur, financement.demande)
            for quoi, valeur in self.decisions.get(financeur, {}).items():
                setattr(financement, quoi, valeur if quoi == "ej" else Decimal(valeur))
            (ecritures.changes if financement.pk else ecritures.financements).append(financement)
        if self.lignes is not None and not est_neuf:
            projet.financements.filter(propose__isnull=True, accorde__isnull=True).exclude(
                financeur__in=[*self.demandes, *self.decisions]
            ).delete()


def _financeur(nom: str, connus: Connus, annee: int) -> Partenaire:
    if trouve := connus.financeur(nom, annee):
        return trouve
    raise ErreurMetier(f"le financeur « {nom} » n’est plus connu ici sous ce nom.")


Choix, Sort = DossierImporte.Choix, DossierImporte.Sort


# Decided and notified outside this service: it has nothing to tell the porteur.
DITS_AILLEURS = frozenset(
    {Etat.REFUSE, Etat.IRRECEVABLE, Etat.EN_COURS, Etat.BILAN_ATTENDU, Etat.EVALUE, Etat.CLOS}
)
DECIDES = DITS_AILLEURS | {Etat.RETENU}
REFUS = (ValidationError, ErreurMetier, IntegrityError)
EN_COURS_D_ANNEE = frozenset({EtatProgrammation.OUVERTE, EtatProgrammation.INSTRUCTION})


def appliquer(choisi: ImportDauphin, paquet: list[DossierImporte]) -> None:
    """Apply the packet in one transaction.

    If that fails, apply each dossier alone and refuse those in error.
    """
    try:
        with transaction.atomic():
            _appliquer_ensemble(choisi, paquet, en_nombre=True)
    except (*REFUS, DataError):
        for dossier in paquet:
            _appliquer_seul(choisi, dossier)
    maintenant = timezone.now()
    for dossier in paquet:
        dossier.applique_le = maintenant
    DossierImporte.objects.bulk_update(paquet, ["sort", "raison", "projet", "ecarts", "applique_le"])


def _appliquer_seul(choisi: ImportDauphin, dossier: DossierImporte) -> None:
    try:
        with transaction.atomic():
            _appliquer_ensemble(choisi, [dossier], en_nombre=False)
    except REFUS as erreur:
        dossier.sort, dossier.projet = Sort.REJETE, None
        dossier.raison = f"Le dossier n’a pas pu être écrit : {_phrase(erreur)}"[:300]
        LigneImportee.objects.filter(dossier=dossier, raison="").update(raison=dossier.raison)


def _appliquer_ensemble(choisi: ImportDauphin, paquet: list[DossierImporte], *, en_nombre: bool) -> None:
    connus, ecritures = Connus.lire(), Ecritures(en_nombre)
    actions = verrouiller_actions([(dossier.code, dossier.exercice) for dossier in paquet])
    # Payments are applied after the requests they belong to.
    for dossier in sorted(paquet, key=lambda d: d.lu["est_paiement"]):
        _appliquer_un(choisi, dossier, connus, actions.get((dossier.code, dossier.exercice)), ecritures)
    ecritures.ecrire()


def _phrase(erreur: Exception) -> str:
    if isinstance(erreur, ValidationError):
        return " ".join(erreur.messages)
    return erreur.message if isinstance(erreur, ErreurMetier) else "une autre écriture l’en empêche."


def _appliquer_un(
    choisi: ImportDauphin,
    dossier: DossierImporte,
    connus: Connus,
    action: ActionDauphin | None,
    ecritures: Ecritures,
) -> None:
    donnees = dossier.lu["donnees"]
    prendre = dossier.choix == Choix.DAUPHIN
    if action is not None:
        dossier.projet = action.projet
        dossier.ecarts = _changer(
            choisi, action.projet, action, donnees, connus, ecritures, prendre=prendre, est_lu=True
        )
        if dossier.sort == Sort.NOUVEAU:  # created by another file since the report
            dossier.sort = Sort.MODIFIE if dossier.ecarts else Sort.INCHANGE
    elif dossier.lu["est_paiement"]:
        ecritures.ecrire()  # two payments may concern the same action
        for autre, part in parts_du_paiement(dossier.code, dossier.exercice, donnees):
            _changer(choisi, autre.projet, autre, part, connus, ecritures, prendre=prendre)
    elif dossier.sort == Sort.A_JOINDRE and dossier.choix in {Choix.JOINDRE, Choix.DAUPHIN}:
        dossier.projet = _joindre(choisi, dossier, donnees, connus, ecritures)
    else:
        dossier.projet = _creer(choisi, dossier, donnees, connus, ecritures)


def importer_projet(
    projet: Projet,
    *,
    par: Compte,
    fait: str,
    details: Mapping[str, Any],
    champs: Mapping[str, Any],
    en_nombre: bool = False,
) -> None:
    """Do the act in the name of the person who launched the import, whatever the état of the projet."""
    pas = exiger(projet, "importer_projet", par=None)
    replace(pas, par=par).avancer(champs=champs, fait=fait, details=details, en_nombre=en_nombre)


def _creer(
    choisi: ImportDauphin,
    dossier: DossierImporte,
    donnees: Mapping[str, Any],
    connus: Connus,
    ecritures: Ecritures,
) -> Projet:
    maintenant = timezone.now()
    programmation = connus.programmations[dossier.exercice]
    etat = etat_de(donnees.get("statut", ""))
    demande_le = _instant(donnees.get("date_demande", "")) or maintenant
    decide_le = _decide_le(donnees, demande_le) if etat in DECIDES else None
    projet = Projet(programmation=programmation, etat=etat)
    argent = Argent.lire(donnees, connus, dossier.exercice)
    importer_projet(
        projet,
        par=choisi.par,
        fait=f"Importé de Dauphin sous le numéro {dossier.code}",
        details=_details(choisi, dossier.code),
        champs={
            **_du_projet(donnees),
            **argent.totaux(),
            "reference": ecritures.reference(projet),
            "porte_par": _porteur(donnees, connus),
            **_place(donnees, connus, dossier.exercice),
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
        en_nombre=ecritures.en_nombre,
    )
    ecritures.situer(projet, _quartiers(donnees, connus))
    argent.poser(projet, ecritures, est_neuf=True)
    ecritures.retenir(ActionDauphin(projet=projet, code=dossier.code, exercice=dossier.exercice), donnees)
    if etat == Etat.DEPOSE and programmation.etat in EN_COURS_D_ANNEE:
        ecritures.attendre(projet)
    return projet


def _decide_le(donnees: Mapping[str, Any], demande_le: datetime) -> datetime:
    dates = [valeur for champ, valeur in donnees.items() if champ.endswith(".date_decision")]
    return (_instant(max(dates)) if dates else None) or demande_le


def _instant(jour: str) -> datetime | None:
    """Return noon of this day, or now if it is today or later.

    So it is neither in the future nor before the acts already done here today.
    """
    if not jour:
        return None
    le = date.fromisoformat(jour)
    return (
        timezone.make_aware(datetime.combine(le, time(12))) if le < timezone.localdate() else timezone.now()
    )


def _details(choisi: ImportDauphin, code: str, ecarts: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"import": choisi.pk, "fichier": choisi.nom, "numero_dauphin": code, "ecarts": ecarts or []}


def _joindre(
    choisi: ImportDauphin,
    dossier: DossierImporte,
    donnees: Mapping[str, Any],
    connus: Connus,
    ecritures: Ecritures,
) -> Projet:
    """Join the dossier to a projet filed here. Dauphin gives its number and fills the empty fields only."""
    ecritures.ecrire()  # another dossier of the packet may have been joined to it
    projet = dossier.candidat
    if projet is None or ActionDauphin.objects.filter(projet=projet).exists():
        raise ErreurMetier("Le projet à joindre porte déjà un autre numéro Dauphin.")
    dossier.ecarts = _changer(
        choisi,
        projet,
        None,
        donnees,
        connus,
        ecritures,
        prendre=dossier.choix == Choix.DAUPHIN,
        fait=f"Joint au dossier Dauphin {dossier.code}",
        numero=dossier.code,
    )
    ecritures.retenir(ActionDauphin(projet=projet, code=dossier.code, exercice=dossier.exercice), donnees)
    return projet


def _changer(
    choisi: ImportDauphin,
    projet: Projet,
    action: ActionDauphin | None,
    donnees: Mapping[str, Any],
    connus: Connus,
    ecritures: Ecritures,
    *,
    prendre: bool,
    est_lu: bool = False,
    fait: str = "",
    numero: str = "",
) -> list[dict[str, Any]]:
    """Compare again under the lock of the row, so as to keep changes made since the report.

    Return the differences. `est_lu`: the row is already locked and read with its packet.
    """
    if not est_lu:
        verrouiller(projet)
        prefetch_related_objects([projet], "budget__financeur", "financements__financeur", "quartiers")
    ecarts = ecarts_de(projet, action, donnees)
    faits = [e for e in ecarts if not e.est_conflit or (prendre and not est_fige(projet, e.champ))]
    voulus = {e.champ: donnees[e.champ] for e in faits}
    if faits or numero:
        argent = Argent.lire(voulus, connus, projet.programmation.annee)
        champs = {
            **_du_projet(voulus),
            **argent.totaux(),
            **_place(voulus, connus, projet.programmation.annee),
        }
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
            en_nombre=ecritures.en_nombre,
        )
        if "quartiers" in voulus:
            projet.quartiers.set(_quartiers(voulus, connus))
        _completer_porteur(projet, voulus)
        argent.poser(projet, ecritures, est_neuf=False)
    if action is not None:
        ecritures.retenir(action, {**action.vus, **donnees})
    return [ecart.en_donnees() for ecart in ecarts]


def _du_projet(donnees: Mapping[str, Any]) -> dict[str, Any]:
    champs = {champ: valeur for champ, valeur in donnees.items() if champ in DU_PROJET}
    for champ in ("date_debut", "date_fin"):
        if champ in champs:
            champs[champ] = date.fromisoformat(champs[champ])
    return champs


def _place(donnees: Mapping[str, Any], connus: Connus, annee: int) -> dict[str, Any]:
    """Return the axe and the objectif that `donnees` names, among those of the contrat of the year."""
    place: dict[str, Any] = {}
    if nom := donnees.get("axe"):
        place["axe"] = connus.place(nom, annee)[0]
    if nom := donnees.get("objectif"):
        place["objectif"] = connus.place(nom, annee)[1]
    return place


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
        # An invalid email or postcode is left out here, and stays in the row of the file.
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
