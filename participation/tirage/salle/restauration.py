"""After a restore: what was published before it binds what is written after. The file that anybody kept is the proof."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions.avancer import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.tirage.models import Tirage
from participation.tirage.verification.lectures import FORMATS

OCTETS_MAX = 5 * 1024 * 1024
# What the file and the draw must not say differently, once both say it.
LIES = {
    "empreinte_liste": "l’empreinte de la liste",
    "regle": "la règle",
    "texte_graine": "la graine",
    "empreinte_panels": "l’empreinte des panels",
}


class ComparerForm(ActeForm):
    fichier = Fichier(
        label="Le fichier tirage.json publié avant",
        required=False,
        help_text="Celui que vous avez gardé, ou que quelqu’un a téléchargé. Le plus récent.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    motif = champ_texte(
        "Si personne n’a ce fichier, déclarez où en était le tirage",
        "Cette déclaration est publique.",
        requis=False,
        maximum=1000,
        lignes=3,
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        fichier = dit.pop("fichier", None)
        dit["publie"] = lire_publie(fichier.read(OCTETS_MAX + 1), self.objet) if fichier else None
        if not fichier and not dit.get("motif", "").strip():
            self.add_error("motif", "Choisissez le fichier, ou déclarez où en était le tirage.")
        return dit


def lire_publie(octets: bytes, tirage: Tirage) -> dict[str, str]:
    """Return what a published file says beyond the list. Raises ValidationError when it is not a file of this draw."""
    try:
        lu = json.loads(octets) if len(octets) <= OCTETS_MAX else None
    except ValueError:
        lu = None
    if not isinstance(lu, dict) or lu.get("format") not in FORMATS:
        raise ValidationError({"fichier": "Ce n’est pas le fichier tirage.json d’un tirage."})
    for champ, mots in LIES.items():
        dit, ici = str(lu.get(champ, "")), getattr(tirage, champ)
        if dit and ici and dit != ici:
            raise ValidationError(
                {
                    "fichier": f"Ce fichier et le site diffèrent : {mots}. Rien ne peut être écrit avant de savoir pourquoi."
                }
            )
    return {champ: str(lu.get(champ, ""))[:200] for champ in ("texte_graine", "empreinte_panels", "boules")}


@acte(
    Page[Tirage](
        form=ComparerForm,
        consequence="Ce qui était publié avant la restauration ne change pas : la graine, les panels et les boules déjà connus seront les "
        "seuls acceptés.",
        bouton="Comparer",
    )
)
@transaction.atomic
def comparer_publie(tirage: Tirage, *, par: Compte, publie: dict[str, str] | None, motif: str) -> None:
    """Keep what was published: the seed, the panels and the balls that follow must be the same. Or a public statement."""
    pas = exiger(tirage, "comparer_publie", par=par)
    gardes = {**(publie or {}), "compare_le": timezone.now().isoformat()}
    pas.avancer(
        champs={"publies": gardes},
        motif=motif,
        fait="Comparé avec le fichier publié avant la restauration"
        if publie
        else "Déclaration après une restauration",
        details=publie or {},
    )
