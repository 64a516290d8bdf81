"""One pétition in a list: count, next threshold, days left. Used by the public list and by the home page."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from participation.socle.francais import INSECABLE, accorder
from petitions.lectures.presentation import fraction
from petitions.models import Petition, Seuil
from petitions.regles.seuils import ECRETE, Evaluation


def avec_comptes(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """Join what each line shows, so that the number of queries does not depend on the length of the list."""
    return petitions.select_related(
        "reglement", "commune_auteur", "motif_irrecevabilite", "decompte"
    ).prefetch_related("reglement__seuils", "seuils_atteints")


@dataclass(frozen=True, slots=True)
class Ligne:
    petition: Petition
    total: int
    communes: int
    plus_forte: int  # signatures of the most represented commune
    prochain: Seuil | None
    repere: float | None
    jours: int
    est_atteint: bool

    @classmethod
    def de(cls, petition: Petition) -> "Ligne":
        decompte = getattr(petition, "decompte", None)
        total = decompte.total if decompte else 0
        seuils = sorted(petition.reglement.seuils.all(), key=lambda seuil: seuil.ordre)
        tenus = {a.seuil_id for a in petition.seuils_atteints.all() if a.perdu_le is None}
        prochain = next((seuil for seuil in seuils if seuil.pk not in tenus), seuils[-1] if seuils else None)
        precedent = None
        if prochain is not None:
            precedent = next(
                (s for s in reversed(seuils) if s.pk in tenus and s.signatures < prochain.signatures), None
            )
        fin = petition.date_fin_collecte
        return cls(
            petition,
            total,
            decompte.communes if decompte else 0,
            decompte.plus_forte_nombre if decompte else 0,
            prochain,
            precedent.signatures / prochain.signatures if precedent and prochain else None,
            max(0, (fin - timezone.localdate()).days) if fin else 0,
            prochain is not None and prochain.pk in tenus,
        )

    @property
    def requis(self) -> int:
        return self.prochain.signatures if self.prochain else 0

    @property
    def part(self) -> float:
        return min(1.0, self.total / self.requis) if self.requis else 0.0

    @property
    def manque(self) -> int:
        return max(0, self.requis - self.total)

    @property
    def condition(self) -> str:
        """What the next threshold requires besides the number of signatures, as a clause without full stop,
        or ""."""
        if self.prochain is None or self.est_atteint or not self.total:
            return ""
        lecture = self.petition.reglement.lecture_du_tiers
        compte = Evaluation(self.prochain, lecture, self.total, self.total, self.communes, self.plus_forte)
        if communes := compte.communes_manquantes:
            return f"il manque {accorder(communes, 'commune', espace=INSECABLE)}"
        part = fraction(compte)
        if lecture == ECRETE:
            return f"ce qui dépasse {part} dans une commune ne compte pas"
        if ailleurs := compte.ailleurs:
            return f"il manque {accorder(ailleurs, 'signature', espace=INSECABLE)} d’autres communes, car l’une dépasse {part}"
        return ""
