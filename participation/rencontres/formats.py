"""The library of formats, which agents extend."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.rencontres.models import Format
from participation.rencontres.trouver import trouver_format
from participation.socle.actions import avancer
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_nombre, champ_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import boutons_de, pages_du_journal
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


class FormatForm(ActeForm):
    CHAMPS = ("nom", "but", "personnes_min", "personnes_max", "minutes", "materiel", "etapes")

    nom = champ_ligne("Nom", maximum=80)
    but = champ_texte("À quoi il sert", "Ce qu’il permet, et ce qu’il ne permet pas.", maximum=600, lignes=3)
    personnes_min = champ_nombre("Personnes, au moins", minimum=2, maximum=5000)
    personnes_max = champ_nombre("Personnes, au plus", minimum=2, maximum=5000)
    minutes = champ_nombre("Durée (minutes)", minimum=5, maximum=1440)
    materiel = champ_texte("Matériel", maximum=1000, lignes=2, requis=False)
    etapes = champ_texte("Étapes", "Une par ligne.", maximum=4000, lignes=8)

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.CHAMPS} if self.objet.pk else {}


@acte(
    Page[Format](
        ouvre=True, form=FormatForm, consequence="Tous les agents pourront le choisir pour une rencontre."
    )
)
@transaction.atomic
def ecrire_format(un: Format, *, par: Compte, **champs: Any) -> Format:
    avancer(un, "ecrire_format", par=par, champs=champs)
    return un


@acte(Page[Format](form=FormatForm, bouton="Enregistrer"))
def modifier_format(un: Format, *, par: Compte, **champs: Any) -> None:
    avancer(un, "modifier_format", par=par, champs=champs)


@acte(Page[Format](consequence="Les rencontres qui l’ont choisi le gardent ; il n’est plus proposé."))
def retirer_format(un: Format, *, par: Compte) -> None:
    avancer(un, "retirer_format", par=par)


@acte(Page[Format]())
def remettre_format(un: Format, *, par: Compte) -> None:
    avancer(un, "remettre_format", par=par)


@reserve_a(Role.AGENT)
@require_safe
def formats(request: RequeteConnectee) -> HttpResponse:
    return render(request, "rencontres/formats.html", {"formats": Format.objects.order_by("etat", "nom")})


@reserve_a(Role.AGENT)
@require_safe
def un_format(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_format(request, pk)
    return render(
        request,
        "rencontres/format.html",
        {
            "format": trouve,
            "apparence": trouve.apparence,
            "boutons": boutons_de(trouve, request.user),
            "journal": pages_du_journal(request, trouve),
        },
    )
