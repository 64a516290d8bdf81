"""Network of projets: which are neighbours, how strongly and why, in words that both teams read; contacts and meetings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, OuterRef

from contrat_ville.comites.enveloppes import quartiers_de
from contrat_ville.models import AdhesionReseau, Equipier, MessageReseau, Projet, Voisin
from contrat_ville.models.reseau import Methode, Public
from contrat_ville.workflow import PUBLIABLES, RESEAU_CLE
from participation.seances.models import Seance
from participation.seances.workflow import A_VENIR
from participation.socle.francais import enumerer, pluriel
from participation.socle.models import Combien, Quartier

# Weight of a shared quartier, public, method, theme or axe. One theme or axe is not enough: too many projets
# share it.
POIDS = {"quartier": 4, "public": 3, "méthode": 3, "thème": 1, "axe": 1}
SEUIL = 3


@dataclass(frozen=True, slots=True)
class Profil:
    """What a projet has, to find its neighbours.

    `traits`: {kind: {key: words}}; `porteur`: its number, or None.
    """

    numero: int
    porteur: int | None
    traits: Mapping[str, Mapping[object, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raison:
    """Something shared by two projets: « même quartier : Mistral »."""

    quoi: str
    mots: tuple[str, ...]

    @property
    def poids(self) -> int:
        """Weight of the kind, plus one for each further thing shared: two quartiers do not count double."""
        return POIDS[self.quoi] + len(self.mots) - 1

    @property
    def phrase(self) -> str:
        s = pluriel(self.mots)
        return f"même{s} {self.quoi}{s} : {enumerer(self.mots)}"


@dataclass(frozen=True, slots=True)
class Voisinage:
    numero: int
    raisons: tuple[Raison, ...]

    @property
    def force(self) -> int:
        return sum(raison.poids for raison in self.raisons)

    @property
    def phrase(self) -> str:
        return " ; ".join(raison.phrase for raison in self.raisons)


def raisons(un: Profil, autre: Profil) -> tuple[Raison, ...]:
    """Return what two projets share, the strongest kind first. Symmetric."""
    trouvees = []
    for quoi in POIDS:
        les_uns, les_autres = un.traits.get(quoi, {}), autre.traits.get(quoi, {})
        if communs := sorted(les_uns[cle] for cle in les_uns.keys() & les_autres.keys()):
            trouvees.append(Raison(quoi, tuple(communs)))
    return tuple(trouvees)


def voisins(profil: Profil, autres: Iterable[Profil], *, au_plus: int) -> list[Voisinage]:
    """Return the nearest projets, except those of the same porteur.

    The strongest first; at equal strength, the lowest number first.
    """
    proches = [
        Voisinage(autre.numero, raisons(profil, autre))
        for autre in autres
        if autre.numero != profil.numero and (autre.porteur is None or autre.porteur != profil.porteur)
    ]
    retenus = [v for v in proches if v.force >= SEUIL]
    return sorted(retenus, key=lambda v: (-v.force, v.numero))[:au_plus]


SUGGERES = 8
MESSAGES_MONTRES = 30
THEMES = {"est_participation": "participation citoyenne", "est_culture": "culture"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    adhesion: AdhesionReseau
    voisinage: Voisinage

    @property
    def projet(self) -> Projet:
        return self.adhesion.projet


def adhesions() -> Any:
    """Members: supported projets, notified, whose team agreed."""
    return AdhesionReseau.objects.filter(
        projet__etat__in=sorted(PUBLIABLES), projet__notifie_le__isnull=False
    ).select_related("projet__porte_par", "projet__axe", "projet__programmation")


def profils(lues: Iterable[AdhesionReseau]) -> list[Profil]:
    """Profiles of the members. Two queries: quartiers, then their names."""
    adherents = list(lues)
    lieux = quartiers_de(a.projet_id for a in adherents)
    noms = dict(
        Quartier.objects.filter(pk__in={q for qs in lieux.values() for q in qs}).values_list("pk", "nom")
    )
    return [
        Profil(
            a.projet_id,
            a.projet.porte_par_id,
            {
                "quartier": {q: noms[q] for q in lieux.get(a.projet_id, ())},
                "public": {p: str(Public(p).label) for p in a.publics},
                "méthode": {m: str(Methode(m).label) for m in a.methodes},
                "thème": {champ: mot for champ, mot in THEMES.items() if getattr(a.projet, champ)},
                "axe": {a.projet.axe_id: str(a.projet.axe)} if a.projet.axe_id else {},
            },
        )
        for a in adherents
    ]


def suggestions(projet: Projet) -> list[Suggestion]:
    """Suggested contacts; none if the team has not joined the network. Only members are suggested."""
    siennes = list(adhesions().filter(projet=projet.pk))
    if not siennes:
        return []
    equipes = (
        Equipier.objects.presents()
        .filter(compte__in=projet.equipe.presents().values("compte"))
        .values("projet")
    )
    deja = projet.voisins.exclude(pk__in=projet.voisins.a_suggerer_encore().values("pk")).values("autre")
    lues = {a.projet_id: a for a in adhesions().exclude(projet__in=equipes).exclude(projet__in=deja)}
    moi, *autres = profils([*siennes, *lues.values()])
    return [Suggestion(lues[v.numero], v) for v in voisins(moi, autres, au_plus=SUGGERES)]


def voisinage_de(projet: Projet, autre: Projet) -> Voisinage | None:
    """Why `autre` can be contacted; None if it is not suggested today."""
    return next((s.voisinage for s in suggestions(projet) if s.projet.pk == autre.pk), None)


@dataclass(frozen=True, slots=True)
class Echange:
    """A contact of a team, with the messages of both teams."""

    voisin: Voisin
    messages: list[MessageReseau]


def echanges_de(projet: Projet) -> list[Echange]:
    """Open contacts first, each with its last messages in order. Two queries for the messages."""
    siens = list(projet.voisins.select_related("projet", "autre__porte_par"))
    ecrits: dict[int, list[MessageReseau]] = {}
    for sens in ({"voisin__projet": projet.pk}, {"voisin__autre": projet.pk}):
        for message in MessageReseau.objects.filter(**sens).select_related(
            "par", "voisin__projet__porte_par"
        ):
            lui = message.voisin.autre_id if "voisin__projet" in sens else message.voisin.projet_id
            ecrits.setdefault(lui, []).append(message)
    return [
        Echange(v, sorted(ecrits.get(v.autre_id, ()), key=lambda m: (m.ecrit_le, m.pk))[-MESSAGES_MONTRES:])
        for v in sorted(siens, key=lambda v: not v.est_ouvert)
    ]


def membres() -> Any:
    """For the service: members of the network, with their number of `contacts`."""
    contacts = Voisin.objects.filter(projet=OuterRef("projet"), etat=Voisin.Etat.LIE)
    return adhesions().prefetch_related("projet__quartiers").annotate(contacts=Combien(contacts))


def contacts_ouverts() -> Any:
    """For the service: each open pair once, the most recent first."""
    return (
        Voisin.objects.ouverts()
        .filter(projet__lt=F("autre"))
        .select_related("projet__porte_par", "autre__porte_par")
        .order_by("-depuis_le", "-pk")
    )


def seances_du_reseau() -> Any:
    """Meetings of the network to come."""
    return (
        Seance.objects.filter(instance__cle=RESEAU_CLE, etat__in=A_VENIR)
        .select_related("instance")
        .order_by("debut")
    )
