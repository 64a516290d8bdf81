"""Destination of a remontée by the routing rules and why, simulation of a changed rule, competent body."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.francais import a_qui, enumerer, jour_texte
from participation.socle.models import Commune, Compte, Direction, Dossier
from remontees.models import (
    Attribution,
    Categorie,
    Organisme,
    RegleDeRoutage,
    ReglementRemontees,
    Remontee,
    Sujet,
)
from remontees.routage.classement import Proposee, proposees
from remontees.workflow import PARTS_VIVANTES


@dataclass(frozen=True, slots=True)
class Regle:
    """Routing rule. None or empty: any value. A rule on a theme applies to all its categories."""

    cle: int
    nom: str
    categorie: int | None = None
    commune: str | None = None
    quartier: int | None = None
    canal: str = ""
    directions: tuple[int, ...] = ()
    referent: int | None = None
    delai_jours: int | None = None


@dataclass(frozen=True, slots=True)
class Cas:
    """Values that routing rules compare."""

    categorie: int | None = None
    theme: int | None = None
    commune: str | None = None
    quartier: int | None = None
    canal: str = ""


def convient(regle: Regle, cas: Cas) -> bool:
    return (
        regle.categorie in {None, cas.categorie, cas.theme}
        and regle.commune in {None, cas.commune}
        and regle.quartier in {None, cas.quartier}
        and regle.canal in {"", cas.canal}
    )


def premiere(regles: Iterable[Regle], cas: Cas) -> Regle | None:
    """Return the first rule that fits, in the order given; None without any."""
    return next((regle for regle in regles if convient(regle, cas)), None)


ESSAYEES, MONTREES = 500, 50


@dataclass(frozen=True, slots=True)
class Destination:
    """`pourquoi`: reason kept in the journal.

    `vu`: fingerprint, to detect a change since the page was shown. `deja`: how many services have a part already.
    """

    directions: list[Direction]
    referent: Compte | None
    date_limite: date
    regle: RegleDeRoutage | None
    pourquoi: str
    deja: int = 0

    @property
    def en_phrase(self) -> str:
        return enumerer(direction.en_phrase for direction in self.directions)

    @property
    def vu(self) -> str:
        cles = ",".join(str(direction.pk) for direction in self.directions)
        return f"{self.regle.pk if self.regle else 0}:{cles}:{self.date_limite.isoformat()}:{self.deja}"


def en_regle(regle: RegleDeRoutage) -> Regle:
    directions = tuple(sorted(d.pk for d in regle.directions.all())) if regle.pk else ()
    return Regle(
        regle.pk or 0,
        str(regle),
        regle.categorie_id,
        regle.commune_id,
        regle.quartier_id,
        regle.canal,
        directions,
        regle.referent_id,
        regle.delai_jours,
    )


def appliquees() -> list[RegleDeRoutage]:
    """Return the active rules, in order."""
    return list(
        RegleDeRoutage.objects.filter(est_active=True)
        .select_related("categorie", "commune", "quartier__commune", "referent")
        .prefetch_related("directions")
    )


def cas_de(remontee: Remontee) -> Cas:
    categorie = remontee.categorie
    return Cas(
        remontee.categorie_id,
        categorie.parent_id if categorie else None,
        remontee.commune_id,
        remontee.quartier_id,
        remontee.canal,
    )


def delai_du_service(dossier: Remontee | Sujet) -> int:
    """Return the default delay of a service, in working days; 0 for an urgent dossier."""
    return 0 if dossier.est_urgente else ReglementRemontees.actuel().delai_service_jours


def destination_de(remontee: Remontee) -> Destination | None:
    """Return the destination by the rules, else the direction of the category; None: an agent chooses.

    Services that already have a part are left out.
    """
    if remontee.est_discrimination:
        return None
    regles = appliquees()
    trouvee = premiere(map(en_regle, regles), cas_de(remontee))
    regle = next((r for r in regles if trouvee and r.pk == trouvee.cle), None)
    categorie = remontee.categorie
    if regle is not None:
        directions = list(regle.directions.all())
        pourquoi = f"Règle « {regle} »"
    elif categorie is not None and categorie.direction is not None:
        directions, pourquoi = [categorie.direction], f"Direction de la catégorie « {categorie.chemin} »"
    else:
        return None
    pourvues = list(
        remontee.attributions.filter(etat__in=sorted(PARTS_VIVANTES)).values_list("direction", flat=True)
    )
    directions = [d for d in directions if d.est_active and d.pk not in pourvues]
    if not directions:
        return None
    jours = regle.delai_jours if regle is not None else None
    if jours is None or remontee.est_urgente:
        jours = delai_du_service(remontee)
    return Destination(
        directions,
        regle.referent if regle is not None else None,
        ajouter_jours_ouvres(timezone.localdate(), jours),
        regle,
        pourquoi,
        len(pourvues),
    )


def deja_donnee(remontee: Remontee) -> str:
    """Say to which services it is given, when and by whom; empty when no service has a part."""
    parts = remontee.attributions.filter(etat__in=sorted(PARTS_VIVANTES)).select_related(
        "direction", "commune", "organisme", "par"
    )
    donnees = [
        f"{a_qui(part.en_phrase)} le {jour_texte(part.envoyee_le)}{f' par {part.par}' if part.par else ''}"
        for part in parts
    ]
    return f"{remontee.reference} est déjà donnée {enumerer(donnees)}." if donnees else ""


# Simulation
@dataclass(frozen=True, slots=True)
class Deplacee:
    remontee: Remontee
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Essai:
    lues: int
    concernees: int
    deplacees: list[Deplacee]

    @property
    def montrees(self) -> list[Deplacee]:
        return self.deplacees[:MONTREES]


def essayer_regle(regle: RegleDeRoutage, directions: Sequence[Direction]) -> Essai:
    """Simulate a rule on the last remontées and list those that it would move. Nothing is saved."""
    en_vigueur = appliquees()
    essayee = replace(en_regle(regle), directions=tuple(sorted(d.pk for d in directions)))
    autres = [(r.ordre, r.pk, en_regle(r)) for r in en_vigueur if r.pk != regle.pk]
    nouvelle = [(regle.ordre, regle.pk or float("inf"), essayee)] if regle.est_active else []
    avant = [en_regle(r) for r in en_vigueur]
    apres = [r for _, _, r in sorted([*autres, *nouvelle], key=lambda ligne: ligne[:2])]
    noms: dict[int, str] = dict(Direction.objects.values_list("pk", "nom"))
    deplacees, concernees, lues = [], 0, 0
    recentes: Any = (
        Remontee.objects.filter(est_discrimination=False)
        .select_related("categorie")
        .order_by("-pk")[:ESSAYEES]
    )
    for remontee in recentes:
        cas, lues = cas_de(remontee), lues + 1
        defaut = remontee.categorie.direction_id if remontee.categorie else None
        ancienne, prochaine = premiere(avant, cas), premiere(apres, cas)
        concernees += prochaine is essayee
        vers = [_vers(r, defaut) for r in (ancienne, prochaine)]
        if vers[0] != vers[1]:
            deplacees.append(Deplacee(remontee, _dire(vers[0], noms), _dire(vers[1], noms)))
    return Essai(lues, concernees, deplacees)


def _vers(regle: Regle | None, defaut: int | None) -> tuple[int, ...]:
    if regle is not None:
        return regle.directions
    return (defaut,) if defaut else ()


def _dire(directions: Iterable[int], noms: dict[int, str]) -> str:
    return enumerer(noms.get(d, "") for d in directions) or "au choix de l’agent"


ACTES = ("router", "attribuer", "attribuer_sujet")


@dataclass(frozen=True, slots=True)
class Raison:
    service: str
    le: datetime
    pourquoi: str


def pourquoi_ici(dossier: Dossier, parts: list[Attribution]) -> list[Raison]:
    """Return the reasons, in one query.

    They are the words of that day: a later change of rule does not alter them.
    """
    par_part: dict[int, str] = {}
    for ligne in dossier.journal.filter(acte__in=ACTES).select_related("par"):
        details = ligne.details or {}
        dites = details.get("attributions") or [details.get("attribution")]
        dit = details.get("pourquoi") or f"Choisie par {ligne.par or 'le service'}, sans règle"
        par_part.update({int(part): dit for part in dites if part})
    return [
        Raison(part.en_phrase, part.envoyee_le, par_part[part.pk]) for part in parts if part.pk in par_part
    ]


DEFENSEUR = "Défenseur des droits"


def organisme_de(categorie: Categorie | None, commune: Commune | None) -> Organisme | None:
    """Return the body of the category; when it is a commune, the mairie of the place."""
    if categorie is None or categorie.est_metropolitaine:
        return None
    organisme = categorie.organisme
    if organisme is not None and organisme.nature == Organisme.Nature.COMMUNE and commune is not None:
        mairie = Organisme.objects.filter(
            nature=Organisme.Nature.COMMUNE, commune=commune, est_actif=True
        ).first()
        return mairie or organisme
    return organisme


def organisme_propose(
    remontee: Remontee, vraisemblables: Sequence[Proposee] | None = None
) -> Organisme | None:
    """Return the body for a remontée; without category, from its most likely one.

    `vraisemblables`: proposed categories, when already computed.
    """
    if remontee.est_discrimination:
        return Organisme.objects.filter(nom=DEFENSEUR, est_actif=True).first()
    if remontee.categorie is not None:
        return organisme_de(remontee.categorie, remontee.commune)
    premiere = next(iter(proposees(remontee) if vraisemblables is None else vraisemblables), None)
    return organisme_de(premiere.categorie, remontee.commune) if premiere else None
