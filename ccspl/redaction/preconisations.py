"""What an avis asks of the metropolis, and the positions noted beside it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ccspl.avis import membre_de
from ccspl.models import Avis, PositionMinoritaire, Preconisation
from ccspl.redaction.actes import du_texte, page_du_texte, refaire_le_pdf, un_geste, versionner
from participation.seances.models import Membre
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_parmi, champ_texte
from participation.socle.models import Compte, Direction
from participation.socle.views.pages import acte
from participation.socle.workflow import Role


def vers_les_preconisations(objet: Avis | Preconisation, fait: Any) -> str:
    return page_du_texte(objet if isinstance(objet, Avis) else objet.suivi, "preconisations")


class PreconiserForm(ActeForm):
    objet: Avis

    texte = champ_texte(
        "Préconisation",
        ici_plus_tard("Une seule demande par ligne : la {metropole} répond à chacune."),
        lignes=4,
        maximum=2000,
        erreur="Écrivez la préconisation.",
    )
    direction = champ_parmi(
        "Direction qui répondra",
        Direction.objects.filter(est_active=True),
        requis=False,
        vide="Celle du service, ou à choisir plus tard",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"direction": self.objet.service.direction_id}


@acte(
    du_texte(
        form=PreconiserForm,
        consequence="Chaque préconisation est une ligne à part, à laquelle une direction répondra.",
        titre="Ajouter une préconisation",
        succes="Préconisation ajoutée.",
        retour=vers_les_preconisations,
    )
)
# Préconisations and positions
@transaction.atomic
def preconiser(avis: Avis, *, par: Compte, texte: str, direction: Direction | None = None) -> Preconisation:
    """Add a préconisation."""
    pas = exiger(avis, "preconiser", par=par)
    numero = (avis.preconisations.aggregate(n=Max("numero"))["n"] or 0) + 1
    preconisation = Preconisation(avis=avis, numero=numero)
    _preconiser(pas, preconisation, texte, direction)
    return preconisation


class ModifierPreconisationForm(PreconiserForm):
    objet: Preconisation  # type: ignore[assignment]  # the same questions, about a préconisation

    def initiales(self) -> Mapping[str, Any]:
        return {"texte": self.objet.texte, "direction": self.objet.direction_id}


@acte(
    du_texte(
        form=ModifierPreconisationForm,
        titre=lambda preconisation: f"Réécrire la préconisation {preconisation.numero}",
        succes="Préconisation réécrite.",
        retour=vers_les_preconisations,
    )
)
@transaction.atomic
def modifier_preconisation(
    preconisation: Preconisation, *, par: Compte, texte: str, direction: Direction | None = None
) -> None:
    pas = exiger(preconisation, "modifier_preconisation", par=par)
    _preconiser(pas, preconisation, texte, direction)


def _preconiser(pas: Pas, preconisation: Preconisation, texte: str, direction: Direction | None) -> None:
    avis = preconisation.avis
    enregistrer(preconisation, texte=texte.strip(), direction=direction or avis.service.direction)
    versionner(avis, par=pas.par, origine=f"Préconisation {preconisation.numero} écrite par le service")
    pas.avancer(motif=texte, details={"preconisation": preconisation.numero})


@acte(un_geste(succes="Préconisation retirée.", retour=vers_les_preconisations))
@transaction.atomic
def retirer_preconisation(preconisation: Preconisation, *, par: Compte) -> None:
    """Delete a préconisation and renumber the next ones."""
    avis = preconisation.avis
    pas = exiger(preconisation, "retirer_preconisation", par=par)
    texte = preconisation.texte
    preconisation.delete()
    for numero, autre in enumerate(avis.preconisations.order_by("numero"), start=1):
        if autre.numero != numero:
            Preconisation.objects.filter(pk=autre.pk).update(numero=numero)
    versionner(avis, par=par, origine="Préconisation retirée par le service")
    pas.avancer(motif=texte, details={"retiree": True})


class NoterPositionForm(ActeForm):
    """Position of the member who writes, or of a member chosen by an agent."""

    objet: Avis

    membre: Any = champ_parmi(
        "Membre",
        Membre.objects.none(),
        erreur="Dites de quel membre est cette position.",
        vide="Choisir un membre",
    )
    texte = champ_texte(
        "Position minoritaire",
        "Elle est publiée avec l’avis, avec le nom de la personne.",
        lignes=5,
        maximum=2000,
        erreur="Écrivez la position.",
    )

    def preparer(self) -> None:
        if self.par is not None and self.par.est_agent:
            self.choisir(
                "membre",
                Membre.objects.filter(college__mandature__instance=self.objet.mandature.instance)
                .en_fonction()
                .select_related("compte", "college")
                .order_by("compte__nom", "compte__prenom"),
            )
            return
        del self.fields["membre"]
        membre = membre_de(self.par) if self.par is not None else None
        position = self.objet.positions.filter(membre=membre).first() if membre is not None else None
        if position is not None:
            self.initial["texte"] = position.texte


@acte(
    du_texte(
        form=NoterPositionForm,
        consequence="Toute personne de la commission peut faire noter son désaccord. Il est publié avec l’avis, jusqu’à sa transmission.",
        succes="Position notée.",
        retour=lambda avis, _: page_du_texte(avis, "positions"),
    )
)
@transaction.atomic
def noter_position(
    avis: Avis, *, par: Compte, texte: str, membre: Membre | None = None
) -> PositionMinoritaire:
    """Save the minority position of a member, in place of the former one.

    Members write their own; agents may write one for a member.
    """
    pas = exiger(avis, "noter_position", par=par)
    sienne = membre_de(par)
    if membre is None:
        membre = sienne
    if membre is None:
        raise ValidationError({"membre": "Dites de quel membre est cette position."})
    if Role.AGENT not in par.roles and membre != sienne:
        raise ErreurMetier("Vous ne pouvez noter que votre position.")
    if not texte.strip():
        raise ValidationError({"texte": "Écrivez la position."})
    position = avis.positions.filter(membre=membre).first() or PositionMinoritaire(avis=avis, membre=membre)
    enregistrer(position, texte=texte.strip(), le=timezone.now())
    pas.avancer(motif=texte, details={"membre": membre.pk})
    refaire_le_pdf(avis, par=par)
    return position
