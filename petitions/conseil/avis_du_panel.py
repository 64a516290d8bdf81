"""The form of the opinion of a panel, which begins with what its members adopted."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from participation.panels.models import Recommandation
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_jour, champ_texte


class RecevoirAvisForm(ActeForm):
    date = champ_jour("Date de l’avis", initial=timezone.localdate)
    avis = champ_texte("L’avis du panel (public)", maximum=8000, lignes=10)
    fichier = Fichier(
        label="L’avis en fichier", required=False, help_text="PDF, image ou document de bureau."
    )

    def initiales(self) -> Mapping[str, Any]:
        adoptees = Recommandation.objects.filter(panel__origine=self.objet.pk, est_adoptee=True)
        dites = [f"{r}\n{r.texte}".strip() for r in adoptees.order_by("panel", "ordre")]
        return {"avis": "\n\n".join(dites)}
