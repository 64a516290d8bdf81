"""The one way to change an état, and the one way to write in the journal."""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Compte, Dossier, Entree
from participation.socle.verrous import verrou

D = TypeVar("D", bound=Dossier)


@transaction.atomic
def avancer(
    dossier: D,
    acte: str,
    *,
    par: Compte | None,
    vers: str | None = None,
    motif: str = "",
    details: dict[str, Any] | None = None,
    **champs: Any,
) -> Entree:
    """Follow the arrow `acte` of the dossier's table: lock, check, apply `champs`, validate, save, journal.

    `par` is None when the clock acts. `vers` chooses among several arrival états. The row is read again under
    lock: unsaved changes on `dossier` are lost, pass values as `champs`.

    Raises ActeInterdit (no such arrow from the état now in the database), RoleInsuffisant, ValidationError.
    """
    avant = exiger(dossier, acte, par=par)
    transition = dossier.transition(acte)
    if transition.change_etat:
        (arrivee,) = {vers} if vers else transition.vers
        if arrivee not in transition.vers:
            raise ActeInterdit(f"« {transition.libelle} » ne mène pas à cet état.")
        champs["etat"] = arrivee
    for champ, valeur in champs.items():
        setattr(dossier, champ, valeur)
    dossier.full_clean()
    dossier.save()
    return consigner(dossier, acte, par=par, etat_avant=avant, motif=motif, details=details)


def exiger(dossier: Dossier, acte: str, *, par: Compte | None) -> str:
    """Lock the dossier and check that `par` may follow the arrow `acte` from its present état, which is returned.

    For an act that must look at other rows before it moves, or that `demander` journals. Raises as `avancer`.
    """
    if type(dossier) is Dossier:
        raise TypeError("The état is a column of the app's row: act on `dossier.enfant`.")
    verrouiller(dossier)
    transition = dossier.transition(acte)
    if dossier.etat_actuel not in transition.de:
        raise ActeInterdit(
            f"« {transition.libelle} » n’est plus possible : le dossier est « {dossier.libelle_etat} »."
        )
    if not transition.par & dossier.roles_de(par):
        raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
    return dossier.etat_actuel


def verrouiller(dossier: D) -> None:
    """Read the dossier again under a row lock held until the end of the transaction."""
    modele = type(dossier)
    of = ("self",) if modele is Dossier else ("self", "dossier_ptr")
    dossier.refresh_from_db(from_queryset=modele._base_manager.select_for_update(of=of))


def consigner(
    dossier: Dossier,
    acte: str,
    *,
    par: Compte | None,
    fait: str = "",
    etat_avant: str = "",
    motif: str = "",
    details: dict[str, Any] | None = None,
    est_publique: bool | None = None,
) -> Entree:
    """Write one line of the journal. The sentence comes from the table when the act is in it."""
    transition = dossier.enfant.TRANSITIONS.get(acte)
    if est_publique is None:
        est_publique = transition is not None and transition.est_public
    # Whatever hangs on the dossier changed with this line: pages kept under `modifie_le` are stale from now on.
    dossier.modifie_le = timezone.now()
    Dossier.objects.filter(pk=dossier.pk).update(modifie_le=dossier.modifie_le)
    return Entree.objects.create(
        dossier_id=dossier.pk,
        acte=acte,
        fait=fait or (transition.fait if transition else acte),
        etat_avant=etat_avant or dossier.etat_actuel,
        etat_apres=dossier.etat_actuel,
        par=par,
        motif=motif,
        details=details or {},
        est_publique=est_publique,
    )


def donner_reference(dossier: Dossier) -> str:
    """Next free reference of the year, such as PET-2026-0012: no gap, no double, even when two are filed at once.

    Must run inside the transaction that files the dossier.
    """
    debut = f"{Dossier.PREFIXES[dossier.nature or dossier.NATURE]}-{timezone.localdate().year}-"
    verrou(f"reference:{debut}")
    dernier = Dossier.objects.filter(reference__startswith=debut).aggregate(
        n=Max(Cast(Substr("reference", len(debut) + 1), IntegerField()))
    )["n"]
    return f"{debut}{(dernier or 0) + 1:04d}"
