"""What the accessibility declaration shows of an audit: what is not accessible, what was corrected, where it was looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from participation.socle.models import AuditAccessibilite, EcartAccessibilite, PageAuditee


@dataclass(frozen=True, slots=True)
class CritereEnEcart:
    """A criterion of the référentiel and its faults, in the order of their pages."""

    numero: str
    ecarts: Sequence[EcartAccessibilite]


@dataclass(frozen=True, slots=True)
class Declaration:
    """An audit as the page tells it. `restent`: faults that no version corrected."""

    audit: AuditAccessibilite
    restent: Sequence[CritereEnEcart]
    corriges: Sequence[EcartAccessibilite]
    pages: Sequence[PageAuditee]

    @classmethod
    def de(cls, audit: AuditAccessibilite) -> "Declaration":
        ecarts = sorted(audit.ecarts.select_related("page"), key=lambda ecart: (ecart.rang, ecart.pk))
        par_critere: dict[str, list[EcartAccessibilite]] = {}
        for ecart in ecarts:
            if not ecart.corrige_en:
                par_critere.setdefault(ecart.critere, []).append(ecart)
        return cls(
            audit,
            [CritereEnEcart(numero, siens) for numero, siens in par_critere.items()],
            [ecart for ecart in ecarts if ecart.corrige_en],
            list(audit.pages.all()),
        )

    def lignes(self, champ: str) -> list[str]:
        """Return the lines of a text of the audit, one an item."""
        return [ligne.strip() for ligne in getattr(self.audit, champ).splitlines() if ligne.strip()]
