"""The committee that follows, after the mandate of a panel, what becomes of its recommendations."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.panels.models import Panel
from participation.panels.preparation.instances import ouvrir_instance
from participation.seances.models import Instance
from participation.socle.actions import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

COLLEGES_MAX, SIEGES_MAX = 8, 60


def lire_colleges(texte: str) -> list[tuple[str, int]]:
    """Return (collège, seats) of a text, one a line. Raises ValidationError, a sentence a line."""
    lus: dict[str, int] = {}
    fautes = []
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        nom, _, sieges = (case.strip() for case in brute.replace("\t", ";").rpartition(";"))
        if not nom or not (sieges.isascii() and sieges.isdigit() and len(sieges) < 4):
            fautes.append(f"Ligne {numero} : écrivez « collège ; sièges ».")
        elif not 0 < int(sieges) <= SIEGES_MAX:
            fautes.append(f"Ligne {numero} : de 1 à {SIEGES_MAX} sièges.")
        elif nom in lus:
            fautes.append(f"Ligne {numero} : « {nom[:60]} » est déjà écrit plus haut.")
        else:
            lus[nom[:80]] = int(sieges)
    if len(lus) > COLLEGES_MAX:
        fautes.append(f"{COLLEGES_MAX} collèges au plus.")
    if fautes:
        raise ValidationError(fautes[:10])
    return list(lus.items())


class ComiteForm(ActeForm):
    colleges = champ_texte(
        "Collèges",
        "Une ligne par collège : nom ; sièges. Les sièges des citoyens se donnent par une élection sans candidat, dans une séance "
        "du panel.",
        maximum=2000,
        lignes=5,
        erreur="Écrivez au moins un collège.",
        attributs={"spellcheck": "false"},
        se_relit=False,
    )
    fin = champ_jour("Jusqu’au")

    def initiales(self) -> Mapping[str, Any]:
        return {"colleges": "Citoyens du panel ; \nÉlus ; "}

    def clean_colleges(self) -> list[tuple[str, int]]:
        return lire_colleges(self.cleaned_data["colleges"])

    def clean_fin(self) -> date:
        fin: date = self.cleaned_data["fin"]
        if fin <= timezone.localdate():
            raise ValidationError("Le comité se réunit après aujourd’hui.")
        return fin


@acte(
    Page[Panel](
        form=ComiteForm,
        consequence="Le comité est une instance publique : nommez ses membres, ou donnez des sièges à qui est élu sans candidat "
        "dans une séance du panel, puis réunissez-le. Il suit ce que deviennent les recommandations.",
        succes="Le comité de suivi est ouvert. Nommez ses membres.",
        retour=lambda panel, comite: comite.get_absolute_url() if comite else panel.get_absolute_url(),
    )
)
@transaction.atomic
def ouvrir_comite(panel: Panel, *, par: Compte, colleges: list[tuple[str, int]], fin: date) -> Instance:
    pas = exiger(panel, "ouvrir_comite", par=par)
    comite = ouvrir_instance(
        panel,
        par=par,
        cle=f"suivi-{panel.cle}",
        nom=f"Comité de suivi : {panel.titre}"[:160],
        sigle=f"Suivi {panel.cle}",
        fondement=f"Comité de suivi du panel citoyen {panel.reference}.",
        est_publique=True,
        colleges=colleges,
        fin=fin,
    )
    pas.avancer(champs={"comite": comite})
    return comite
