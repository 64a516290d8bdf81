"""The external management control, by service, with its saisine and séance. Written in the journal of the instance."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl.models import INSTANCE, Avis, Controle, ServiceSuivi
from participation.seances.models import Seance
from participation.seances.ordre_du_jour.actes import SeanceChamp
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.actions import exiger
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role

AVIS_PROPOSES = 300  # some ten years of them
SEANCES_PROPOSEES = 40


def _derniers(objets: QuerySet[Any], combien: int, choisi: int | None) -> list[int]:
    return [*objets.values_list("pk", flat=True)[:combien], *([choisi] if choisi else [])]


class ControleForm(ActeForm):
    objet: Controle

    nature = champ_choix("Nature", [(v, majuscule(t)) for v, t in Controle.Nature.choices])
    service = champ_parmi(
        "Service",
        ServiceSuivi.objects.filter(est_actif=True),
        erreur="Choisissez le service.",
        vide="Choisir",
    )
    intitule = champ_ligne(
        "Intitulé",
        "Par exemple « Délégation du chauffage urbain ».",
        maximum=160,
        erreur="Donnez un intitulé.",
    )
    par_qui = champ_ligne(
        "Titulaire, ou qui contrôle", "Délégataire, cabinet, chambre régionale…", maximum=160, requis=False
    )
    date_debut = champ_jour("Depuis le", requis=False)
    date_echeance = champ_jour("Échéance", "Fin du contrat, remise de l’audit, date à tenir.", requis=False)
    avis = champ_parmi("Saisine liée", Avis.objects.none(), requis=False, vide="Aucune")
    seance = SeanceChamp(
        label="Séance liée", queryset=Seance.objects.none(), required=False, empty_label="Aucune"
    )
    note = champ_texte("À savoir", maximum=2000, lignes=3, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return (
            {champ: getattr(self.objet, champ, None) for champ in self.base_fields} if self.objet.pk else {}
        )

    def preparer(self) -> None:
        # The last ones: a list of thousands would weigh more than the page. What is already chosen stays.
        avis = Avis.objects.filter(reference__isnull=False).order_by("-pk")
        self.choisir("avis", avis.filter(pk__in=_derniers(avis, AVIS_PROPOSES, self.objet.avis_id)))
        seances = Seance.objects.filter(instance__cle=INSTANCE).order_by("-debut")
        utiles = seances.exclude(etat=EtatSeance.ANNULEE)  # a cancelled séance examined nothing
        proposees = _derniers(utiles, SEANCES_PROPOSEES, self.objet.seance_id)
        self.choisir("seance", seances.filter(pk__in=proposees))


@acte(
    Page[Controle](
        ouvre=True,
        form=ControleForm,
        succes="L’élément est suivi.",
        retour=lambda element, fait: (fait or element).get_absolute_url(),
    )
)
@transaction.atomic
def ajouter_controle(controle: Controle, *, par: Compte, **champs: Any) -> Controle:
    """Add an element. `champs`: its fields (nature, service, intitule…). Raises ValidationError."""
    pas = exiger(controle, "ajouter_controle", par=par)
    pas.avancer(champs=champs, fait=f"Contrôle de gestion, suivi : {champs['intitule']}"[:160])
    return controle


@acte(Page[Controle](form=ControleForm, succes="L’élément est modifié."))
@transaction.atomic
def modifier_controle(controle: Controle, *, par: Compte, **champs: Any) -> None:
    pas = exiger(controle, "modifier_controle", par=par)
    pas.avancer(champs=champs, fait=f"Contrôle de gestion, modifié : {champs['intitule']}"[:160])


@acte(Page[Controle](succes="L’élément est terminé."))
@transaction.atomic
def finir_controle(
    controle: Controle,
    *,
    par: Compte,
    le: Annotated[date, champ_jour("Terminé le", initial=timezone.localdate)],
) -> None:
    """Mark an element as ended (contract over, audit delivered, deadline met).

    Raises ValidationError for a day to come.
    """
    pas = exiger(controle, "finir_controle", par=par)
    if le > timezone.localdate():
        raise ValidationError({"le": "Cette date n’est pas encore arrivée."})
    pas.avancer(champs={"fini_le": le}, fait=f"Contrôle de gestion, terminé : {controle}"[:160])


@acte(
    Page[Controle](
        consequence="Il n’est plus montré sur la page. Le journal de la commission en garde la trace.",
        succes="L’élément n’est plus suivi.",
        retour=lambda *_: reverse("ccspl:controle"),
    )
)
@transaction.atomic
def retirer_controle(controle: Controle, *, par: Compte) -> None:
    pas = exiger(controle, "retirer_controle", par=par)
    pas.avancer(champs={"retire_le": timezone.now()}, fait=f"Contrôle de gestion, retiré : {controle}"[:160])


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def controle(request: RequeteConnectee) -> HttpResponse:
    """Elements by service, nearest deadline first; ended ones are folded at the end of each service."""
    suivis = Controle.objects.suivis().select_related("service", "avis", "seance")
    return render(
        request,
        "ccspl/controle.html",
        {
            "app": "ccspl",
            "services": [
                (service, sorted(siens, key=lambda c: c.fini_le is not None))
                for service, siens in groupby(suivis, key=lambda c: c.service)
            ],
            "en_retard": sum(c.est_en_retard for c in suivis),
            "est_agent": request.user.est_agent,
        },
    )


element = par_numero(Controle, "service", "avis", "seance")
