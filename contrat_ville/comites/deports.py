"""Who steps aside from a projet."""

from typing import Any

from django.db import transaction

from contrat_ville.comites.lectures import COMITES
from contrat_ville.models import Deport, Projet
from participation.socle.actions import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_parmi
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


class NoterDeportForm(ActeForm):
    compte = champ_parmi("Qui se déporte", Compte.objects.none(), "Parmi les membres des deux comités.")
    motif = champ_ligne("Pourquoi, si elle le dit", maximum=200, requis=False)

    def preparer(self) -> None:
        self.choisir("compte", membres_des_comites())


@acte(
    Page[Projet](
        form=NoterDeportForm,
        consequence="Un vote où cette personne figure ne décide rien sur ce projet. L’équipe du projet est déportée sans qu’il faille le noter.",
    )
)
@transaction.atomic
def noter_deport(projet: Projet, *, par: Compte, compte: Compte, motif: str = "") -> None:
    """Record that a member with an interest steps aside: a vote with them would be void."""
    pas = exiger(projet, "noter_deport", par=par)
    deport = Deport(projet=projet, compte=compte, motif=motif)
    deport.full_clean()
    deport.save()
    projet.__dict__.pop("_deportes", None)
    pas.avancer(fait=f"Déport noté : {compte}", motif=motif, details={"compte": compte.pk}, nomme=[compte])


def membres_des_comites() -> Any:
    return Compte.objects.filter(sieges__college__mandature__instance__cle__in=COMITES).distinct()
