"""Correct the postal address of a porteur."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction

from contrat_ville.models import Porteur, Projet
from contrat_ville.models.porteurs import lignes_d_adresse
from participation.socle.actions import exiger
from participation.socle.actions.avancer import consigner
from participation.socle.actions.courriers import changer_d_adresse, effacer_courriers
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne
from participation.socle.francais import accorder
from participation.socle.models import Compte, Courrier
from participation.socle.views.pages import Page, acte


def dire_l_adresse(projet: Projet) -> str:
    suite = "Les courriers qui ne sont pas encore postés sont refaits avec elle, et s’impriment de nouveau."
    oubli = (
        "Une adresse laissée vide est oubliée, avec les courriers qui la portent, sauf les décisions signées."
    )
    return f"L’adresse est celle du porteur, pour tous ses projets. {suite} {oubli}"


def dire_les_courriers(projet: Projet, combien: int) -> str:
    dit = (
        "L’adresse est enregistrée"
        if projet.porte_par and projet.porte_par.adresse
        else "L’adresse est oubliée"
    )
    return (
        f"{dit} : {accorder(combien, 'courrier se refait', 'courriers se refont')}." if combien else f"{dit}."
    )


class AdressePostaleForm(ActeForm):
    objet: Projet

    adresse = champ_ligne(
        "Numéro et rue", "Pour oublier une adresse, laissez tout vide.", maximum=200, requis=False
    )
    code_postal = forms.RegexField(
        r"^[0-9]{5}$",
        required=False,
        label="Code postal",
        widget=forms.TextInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
        error_messages={"invalid": "Un code postal a cinq chiffres."},
    )
    ville = champ_ligne("Ville", maximum=80, requis=False)

    def clean(self) -> dict[str, Any]:
        dits = super().clean() or {}
        manquent = [champ for champ in ("adresse", "code_postal", "ville") if dits.get(champ) == ""]
        for champ in manquent if len(manquent) < 3 else []:
            self.add_error(champ, ADRESSE_ENTIERE)
        return dits

    def ligne_montree(self) -> Porteur | None:
        return self.objet.porte_par

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.ligne, champ, "") for champ in ("adresse", "code_postal", "ville")}


@acte(Page[Projet](form=AdressePostaleForm, consequence=dire_l_adresse, succes=dire_les_courriers))
@transaction.atomic
def corriger_adresse_postale(
    projet: Projet, *, par: Compte, adresse: str, code_postal: str, ville: str
) -> int:
    """Change the address for all projets of the porteur. Return the number of unposted letters made again.

    An empty address is erased. The journal does not keep the former address: that of a collectif is the home
    of a person, and must be erasable.
    """
    pas = exiger(projet, "corriger_adresse_postale", par=par)
    porteur = Porteur.objects.select_for_update(of=("self",)).get(projets=projet)
    porteur.adresse, porteur.code_postal, porteur.ville = adresse, code_postal, ville
    porteur.full_clean()
    porteur.save(update_fields=["adresse", "code_postal", "ville"])
    projet.porte_par = porteur
    courriers = Courrier.objects.filter(dossier__projet__porte_par=porteur).select_related("dossier__projet")
    repris = changer_d_adresse(courriers, lignes_d_adresse(porteur), a_une_adresse=bool(adresse))
    if not adresse:
        # A signed decision is kept as it was sent.
        effacer_courriers(courriers.exclude(date_postee=None).filter(document__fige_le=None))
    pas.avancer(details={"courriers": [c.pk for c in repris if c.dossier_id == projet.pk]})
    for autre in {c.dossier_id: c.suivi for c in repris if c.dossier_id != projet.pk}.values():
        consigner(autre, "corriger_adresse_postale", par=par)
    return len(repris)


ADRESSE_ENTIERE = "Écrivez l’adresse entière, ou laissez tout vide pour l’oublier."
