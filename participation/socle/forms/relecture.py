"""Writing help under the texts of agents: the defects of their sentences, found by `regles.redaction`.

Without script, the button « Relire mes phrases » of the page of an act shows them; with htmx they come while one writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse

from participation.socle.models import Compte
from participation.socle.regles import redaction

RELIRE = "relire"  # name of the button
AUTOUR = 40  # characters shown on each side of what is marked


@dataclass(frozen=True, slots=True)
class Remarque:
    """A defect as it is shown: the words marked, between those around them."""

    genre: str
    avant: str
    marque: str
    apres: str
    conseil: str


def remarques(texte: str) -> list[Remarque]:
    return [
        _montrer(texte, marque)
        for marque in redaction.relire(texte, mots_par_phrase=settings.REDACTION_MOTS_PAR_PHRASE)
    ]


def _montrer(texte: str, marque: redaction.Marque) -> Remarque:
    if marque.genre is redaction.Genre.LONGUE:
        debut, fin = texte[marque.debut : marque.debut + AUTOUR], texte[marque.fin - 20 : marque.fin]
        return Remarque(marque.genre, "", f"{debut}… {fin}", "", marque.conseil)
    avant = texte[max(0, marque.debut - AUTOUR) : marque.debut]
    apres = texte[marque.fin : marque.fin + AUTOUR]
    if marque.debut > AUTOUR:
        avant = "…" + avant.partition(" ")[2]
    if marque.fin + AUTOUR < len(texte):
        apres = apres.rpartition(" ")[0] + "…"
    return Remarque(marque.genre, avant, texte[marque.debut : marque.fin], apres, marque.conseil)


def se_relit(champ: forms.Field) -> bool:
    """Whether this field is a text of several lines that nobody said to leave alone."""
    return isinstance(champ.widget, forms.Textarea) and getattr(champ.widget, "se_relit", True)


class ChampRelu(forms.BoundField):
    """A field of an act: its text is read again while somebody of the back office writes it."""

    @property
    def est_relu(self) -> bool:
        par = getattr(self.form, "par", None)  # who has no account is anonymous
        return se_relit(self.field) and isinstance(par, Compte) and par.a_le_bureau

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> dict[str, Any]:
        dits: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if self.est_relu:
            dits |= {
                "data-hx-post": reverse("socle:relire_texte"),
                "data-hx-params": self.html_name,
                "data-hx-trigger": "input changed delay:1500ms",
                "data-hx-target": f"#{lieu(self.auto_id)}",
                "data-relecture": self.html_name,
            }
        return dits


def lieu(identifiant: str) -> str:
    """Return the id of what is shown under the field of this id."""
    return f"{identifiant}_relecture"


def garder(form: Any, envoyees: Mapping[str, Any], fichiers: Any) -> None:
    """Show in an unbound form what was sent, with its remarks and no error: its author only asked to be read again."""
    form.data = envoyees
    for nom, champ in form.fields.items():
        form.initial[nom] = champ.widget.value_from_datadict(envoyees, fichiers, form.add_prefix(nom))
    form.relues = {
        nom: remarques(str(form.initial[nom] or "")) for nom, champ in form.fields.items() if se_relit(champ)
    }
