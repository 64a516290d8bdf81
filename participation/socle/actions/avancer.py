"""The only way to do an act on a `Suivi`, and the only way to write in its journal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, TypedDict, TypeVar, Unpack

from django.db import connection, transaction
from django.db.models import ForeignKey, Model, QuerySet
from django.utils import timezone

from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import (
    Appartenance,
    Compte,
    Dossier,
    Entree,
    LigneDeJournal,
    Partie,
    Restauration,
    Suivi,
    de_quoi,
)
from participation.socle.models.comptes import DEHORS
from participation.socle.models.relus import retenir
from participation.socle.regles.noms import NOMMES, REMPLACE, oter_les_noms
from participation.socle.workflow import Transition

M = TypeVar("M", bound=Model)


class Dit(TypedDict, total=False):
    """What a line of the journal says beside its act. All of it may be left out.

    `fait`: text in place of that of the table. `est_publique`: None for what the table says. `nomme`: the accounts that
    `fait` or `motif` name. A line cannot be erased, so it never holds the name of an account: it keeps their
    place, and pages read them from the accounts, gone once these are closed.
    """

    fait: str
    motif: str
    details: Mapping[str, Any] | None
    est_publique: bool | None
    nomme: Iterable[Compte]


@dataclass(frozen=True, slots=True)
class Pas:
    """An act that was checked, on a row locked until the end of the transaction.

    Only writing is left to do.
    """

    suivi: Suivi
    partie: Partie | None
    acte: str
    par: Compte | None
    transition: Transition
    etat_avant: str

    def avancer(
        self,
        *,
        vers: str | None = None,
        champs: Mapping[str, Any] | None = None,
        en_nombre: bool = False,
        **dit: Unpack[Dit],
    ) -> LigneDeJournal:
        """Change the état, apply `champs` to the object of the act, validate, save, write in the journal.

        `vers`: the état to go to, when the table gives several. `en_nombre`, for acts done by hundreds: keys,
        uniqueness and constraints are left to the database, which raises IntegrityError.

        Raises ActeInterdit when the table does not lead to `vers`, and ValidationError.
        """
        valeurs = dict(champs or {})
        dit["nomme"] = [*dit.get("nomme", ()), *(v for v in valeurs.values() if isinstance(v, Compte))]
        if self.partie is not None:
            _appliquer(self.partie, valeurs, en_nombre=en_nombre)
            valeurs = {}
        valeurs |= self.etat_d_arrivee(vers)
        _appliquer(self.suivi, valeurs, en_nombre=en_nombre)
        deja_marque = valeurs and isinstance(self.suivi, Dossier)  # saving a dossier renews its `modifie_le`
        if not deja_marque:
            self.suivi.porteur.marquer()
        return _ecrire(self.suivi, self.partie, self.acte, self.transition, self.par, self.etat_avant, **dit)

    def etat_d_arrivee(self, vers: str | None = None) -> dict[str, str]:
        """Return the état to write; nothing when the act changes none. Raises ActeInterdit."""
        if not self.transition.vers:
            return {}
        (arrivee,) = {vers} if vers else self.transition.vers
        if arrivee not in self.transition.vers:
            raise ActeInterdit(f"« {self.transition.libelle} » ne mène pas à cet état.")
        return {"etat": arrivee}


def _appliquer(objet: Model, valeurs: Mapping[str, Any], *, en_nombre: bool) -> None:
    if valeurs:
        _poser(objet, valeurs, en_nombre=en_nombre)
        objet.save()


def _poser(objet: Model, valeurs: Mapping[str, Any], *, en_nombre: bool) -> None:
    for champ, valeur in valeurs.items():
        setattr(objet, champ, valeur)
    if en_nombre:
        cles = {champ.name for champ in objet._meta.concrete_fields if isinstance(champ, ForeignKey)}
        objet.full_clean(exclude=cles, validate_unique=False, validate_constraints=False)
    else:
        objet.full_clean()


def enregistrer(objet: M, /, **champs: Any) -> M:
    """Write a row beside that of the act: set these fields, validate, save. Return it. Raises ValidationError."""
    _poser(objet, champs, en_nombre=False)
    objet.save()
    return objet


@dataclass(frozen=True, slots=True)
class Neuf:
    """A dossier that is not saved yet, and the act that opens it."""

    dossier: Dossier
    par: Compte | None
    champs: Mapping[str, Any]
    details: Mapping[str, Any]


@transaction.atomic
def ouvrir_en_nombre(acte: str, neufs: Sequence[Neuf]) -> None:
    """Do the act that opens these dossiers of one nature, in a few statements, each with its line of journal.

    Same checks as `exiger` and `Pas.avancer(en_nombre=True)`, and raises as they do: then none is opened.
    """
    lignes = []
    for neuf in neufs:
        pas = exiger(neuf.dossier, acte, par=neuf.par)
        _poser(neuf.dossier, {**neuf.champs, **pas.etat_d_arrivee()}, en_nombre=True)
        neuf.dossier.completer()
        lignes.append(
            {
                "acte": acte,
                "fait": pas.transition.fait,
                "etat_avant": pas.etat_avant,
                "etat_apres": neuf.dossier.etat_actuel,
                "par": neuf.par,
                "details": dict(neuf.details),
                "est_publique": pas.transition.est_public,
            }
        )
    inserer_dossiers([neuf.dossier for neuf in neufs])
    Entree.objects.bulk_create(
        Entree(dossier_id=neuf.dossier.pk, **ligne) for neuf, ligne in zip(neufs, lignes, strict=True)
    )


def inserer_dossiers(dossiers: Sequence[Dossier]) -> None:
    """Insert new dossiers of one nature. `bulk_create` refuses a model of two tables."""
    communs = [c.attname for c in Dossier._meta.concrete_fields if not c.primary_key and not c.generated]
    parents = Dossier.objects.bulk_create(
        Dossier(**{nom: getattr(dossier, nom) for nom in communs}) for dossier in dossiers
    )
    for dossier, parent in zip(dossiers, parents, strict=True):
        dossier.id = dossier.pk = parent.pk
        dossier._state.adding, dossier._state.db = False, parent._state.db
    modele = type(dossiers[0])
    siens = [champ for champ in modele._meta.local_concrete_fields if not champ.generated]
    nom = connection.ops.quote_name
    colonnes, trous = ", ".join(nom(champ.column) for champ in siens), ", ".join(["%s"] * len(siens))
    with connection.cursor() as curseur:
        curseur.executemany(
            f"INSERT INTO {nom(modele._meta.db_table)} ({colonnes}) VALUES ({trous})",  # noqa: S608 our names
            [
                [champ.get_db_prep_save(champ.pre_save(dossier, True), connection) for champ in siens]
                for dossier in dossiers
            ],
        )


@transaction.atomic
def avancer(
    objet: Suivi | Partie,
    acte: str,
    *,
    par: Compte | None,
    vers: str | None = None,
    champs: Mapping[str, Any] | None = None,
    **dit: Unpack[Dit],
) -> LigneDeJournal:
    """Do the act `acte` of the table: lock, check, apply `champs`, validate, save, write in the journal.

    `objet`: a `Suivi`, or the part of it that the act is about. `par` is None for a periodic task or a signed
    link. The rows are read again under the lock: unsaved changes on `objet` are lost, so pass values as
    `champs`.

    Raises ActeInterdit (the act is not possible in the present état), RoleInsuffisant, ErreurMetier
    (something must be done first), ValidationError.
    """
    return exiger(objet, acte, par=par).avancer(vers=vers, champs=champs, **dit)


@transaction.atomic
def ouvrir(
    dossier: Dossier, acte: str, *, par: Compte | None, champs: Mapping[str, Any], **dit: Unpack[Dit]
) -> LigneDeJournal:
    """Do the act that opens a dossier: with its reference and the hour, for the agent who opens it unless `champs` says another.

    Raises as `avancer`.
    """
    pas = exiger(dossier, acte, par=par)
    ouvert = {"reference": donner_reference(dossier), "ouvert_le": timezone.now(), "agent": par}
    return pas.avancer(champs={**ouvert, **champs}, **dit)


def exiger(objet: Suivi | Partie, acte: str, *, par: Compte | None) -> Pas:
    """Lock the row, read it again and check that `par` may do the act now. Raises as `avancer`.

    For an act that reads other rows before it writes:

        pas = exiger(petition, "prolonger", par=par)
        …
        pas.avancer(motif=motif, champs={"date_fin_collecte": date_fin})
    """
    suivi, partie = verrouiller(objet)
    transition = suivi.admettre(acte, par, partie)
    return Pas(suivi, partie, acte, par, transition, suivi.etat_actuel)


def verrouiller(objet: Suivi | Partie) -> tuple[Suivi, Partie | None]:
    """Lock the row of the `Suivi` until the end of the transaction, and read it and the part again. Return both.

    Raises TransactionManagementError outside a transaction.
    """
    suivi, partie = de_quoi(objet)
    if suivi._state.adding:
        return suivi, partie  # created by this act: no other transaction can see it
    modele = type(suivi)
    if modele is Dossier:
        raise TypeError("The état is a column of the app's row: act on `dossier.enfant`.")
    if (porteur := suivi.porteur) is not suivi:
        # The bearer of the journal is locked first, as in every act: acts wait for each other without
        # deadlock.
        list(_sous_verrou(type(porteur)).filter(pk=porteur.pk).values_list("pk"))
    suivi.refresh_from_db(from_queryset=_sous_verrou(modele))
    retenir(suivi)
    if partie is None or partie._state.adding:
        return suivi, partie
    _relire(partie)
    return partie.suivi, partie


def verrouiller_ensemble(modele: type[Dossier], numeros: Iterable[int]) -> None:
    """Lock the rows of many dossiers of one nature, in the order of their keys. Read them only afterwards."""
    list(_sous_verrou(modele).filter(pk__in=set(numeros)).order_by("pk").values_list("pk"))


def _sous_verrou(modele: type[Suivi]) -> QuerySet[Any]:
    """Lock in one order everywhere: the common row of a dossier, then the row of its app.

    `no_key`: rows that only point to this one do not wait, so that a letter or a reminder being written at
    the same time cannot deadlock with the act.
    """
    of = ("dossier_ptr", "self") if issubclass(modele, Dossier) and modele is not Dossier else ("self",)
    return modele._base_manager.select_for_update(of=of, no_key=True)


def _relire(partie: Partie) -> None:
    """Read the part again. Its loaded relations are kept if unchanged: they lead to the locked row."""
    trouves = {
        champ: champ.get_cached_value(partie)
        for champ in partie._meta.concrete_fields
        if isinstance(champ, ForeignKey) and champ.is_cached(partie)
    }
    try:
        partie.refresh_from_db()
    except type(partie).DoesNotExist as disparue:
        raise ActeInterdit("Ce que vous vouliez changer n’existe plus.") from disparue
    retenir(partie)
    for champ, trouve in trouves.items():
        if getattr(partie, champ.attname) == (trouve.pk if trouve is not None else None):
            champ.set_cached_value(partie, trouve)


def consigner(
    objet: Suivi | Partie, acte: str, *, par: Compte | None, est_lu: bool = False, **dit: Unpack[Dit]
) -> LigneDeJournal:
    """Write one line of the journal for what changes no état, or was done by another act.

    `est_lu`: something was only read, so no page has to be made again.
    """
    suivi, partie = de_quoi(objet)
    if not est_lu:
        suivi.porteur.marquer()
    return _ecrire(suivi, partie, acte, suivi.enfant.actes().get(acte), par, "", **dit)


def _ecrire(
    suivi: Suivi,
    partie: Partie | None,
    acte: str,
    transition: Transition | None,
    par: Compte | None,
    etat_avant: str,
    *,
    fait: str = "",
    motif: str = "",
    details: Mapping[str, Any] | None = None,
    est_publique: bool | None = None,
    nomme: Iterable[Compte] = (),
) -> LigneDeJournal:
    porteur = suivi.porteur
    etat, journal = porteur.etat_actuel, porteur.journal
    cites = list(dict.fromkeys(nomme)) + ([par] if par is not None else [])
    dit, raison = oter_les_noms([fait, motif], [compte.get_full_name() for compte in cites])
    nommes = {NOMMES: [compte.pk for compte in cites]} if (dit, raison) != (fait, motif) else {}
    sur = {nom: partie for nom in journal.model.SUR if partie and partie._meta.model_name == nom}
    ligne: LigneDeJournal = journal.create(
        acte=acte,
        fait=(dit or (transition.fait if transition else acte))[:200],
        etat_avant=(etat_avant if porteur is suivi else "") or etat,
        etat_apres=etat,
        par=par,
        motif=raison,
        details={**(details or {}), **nommes, **_remplacement([partie, suivi, porteur], par, transition)},
        est_publique=bool(transition and transition.est_public) if est_publique is None else est_publique,
        **suivi.cites,
        **sur,
    )
    return ligne


def _remplacement(
    objets: Sequence[Model | None], par: Compte | None, transition: Transition | None
) -> dict[str, list[int]]:
    """Return whose place the account takes: `par` stands in for the agent of the dossier; or for who answers for the
    direction or the commune that the act is about, if it is hers to do and not already that of `par`, its référent."""
    if par is None or not par.suppleances:
        return {}
    remplaces = [*par.remplace, *par.delegue_de(getattr(objets[-1], "nature", ""))]
    absent = getattr(objets[-1], "agent_id", None)
    if absent not in remplaces:
        dehors = transition is None or bool(transition.par & DEHORS)
        siennes = Appartenance.objects.en_vigueur().filter(compte__in=remplaces if dehors else [])
        tenues = siennes.exclude(direction__referents=par).order_by("pk")
        absent = next((a.compte_id for a in tenues if _corps(a) & _corps(*objets)), None)
    return {} if absent is None or absent == par.pk else {REMPLACE: [absent]}


def _corps(*objets: Model | None) -> set[tuple[str, Any]]:
    """Return the directions and the communes that these objects, or appartenances, are for."""
    cles = ("direction_id", "commune_id")
    return {(cle, getattr(objet, cle)) for objet in objets for cle in cles if getattr(objet, cle, None)}


def donner_reference(dossier: Dossier) -> str:
    """Return the next free reference of the year, such as PET-2026-0012.

    No gap and no duplicate, even when two dossiers are filed at once: a lock is held until the end of the
    transaction. Must run in the transaction that files the dossier.
    """
    return next(references_libres(dossier))


def references_libres(dossier: Dossier) -> Iterator[str]:
    """Iterate over the next free references, for a transaction that files many dossiers.

    The lock is held until the end of the transaction; a rollback frees the references.
    """
    debut = f"{dossier.enfant.PREFIXE}-{timezone.localdate().year}-"
    verrou(f"reference:{debut}")
    derniere = int((Dossier.objects.derniere_reference(debut) or "0").removeprefix(debut))
    suivante = Restauration.objects.reference_apres(debut, derniere)
    return (f"{debut}{numero:04d}" for numero in count(suivante))
