"""Order of the projets for a comité, with the reasons shown beside each."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Sum

from contrat_ville.lectures.comites import a_inscrire
from contrat_ville.lectures.grille import avec_grilles, grille_de
from contrat_ville.models import Projet
from contrat_ville.workflow.etats import AvisTechnique
from participation.socle.francais import jour_texte, montant, nombre


@dataclass(frozen=True, slots=True)
class Candidat:
    """A projet, its rank and its mark. The reasons are only written for those that a page shows."""

    projet: Projet
    rang: int
    note: Fraction | None

    @property
    def raisons(self) -> tuple[str, ...]:
        return _raisons(self.projet, self.note)


def candidats(instance: str) -> list[Candidat]:
    """Projets awaiting this comité and on no agenda: best mark first, then date of deposit."""
    return ranger(avec_grilles(a_inscrire(instance).annotate(propose=Sum("financements__propose"))))


def ranger(projets: Iterable[Projet]) -> list[Candidat]:
    """Best mark first, then those without a mark, in the order received."""
    notes = [(projet, grille_de(projet, ()).note) for projet in projets]
    notes.sort(
        key=lambda couple: (couple[1] is None, -(couple[1] or 0))
    )  # stable sort: equal marks keep the order received
    return [Candidat(projet, rang, note) for rang, (projet, note) in enumerate(notes, start=1)]


def _raisons(projet: Projet, note: Fraction | None) -> tuple[str, ...]:
    raisons = [f"note {nombre(round(note))} sur 100" if note is not None else "sans note"]
    if projet.depose_le:
        raisons.append(f"déposé le {jour_texte(projet.depose_le, 'court')}")
    raisons.append(f"demande {montant(projet.montant_demande)}")
    if projet.avis_technique:
        avis = AvisTechnique(projet.avis_technique).label
        propose = getattr(projet, "propose", None)
        dit = f", {montant(propose)} proposés" if propose else ""
        raisons.append(f"avis technique {avis}{dit}")
    if projet.etat == "ajourne":
        raisons.append("ajourné une fois déjà")
    return tuple(raisons)
