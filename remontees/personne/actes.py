"""Correction of what a person left to be reached."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from participation.socle.actions import exiger
from participation.socle.actions.courriers import changer_d_adresse, effacer_courriers
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.francais import accorder
from participation.socle.models import Compte, Courrier
from participation.socle.views.pages import Page, acte
from remontees.models import Rapporteur, Remontee
from remontees.personne.lettres import lignes_d_adresse
from remontees.personne.regles import erreurs_du_contact


class CorrigerCoordonneesForm(ActeForm):
    """Name, mail, telephone and means of the person; the postal address has its own act."""

    objet: Remontee

    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel("Adresse de courriel", requis=False)
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "off", "inputmode": "tel"}
    )
    prefere = champ_choix("À prévenir", Rapporteur.Prefere.choices, erreur="Choisissez comment la prévenir.")

    def ligne_montree(self) -> Rapporteur | None:
        return getattr(self.objet, "rapporteur", None)

    def initiales(self) -> Mapping[str, Any]:
        ligne = self.ligne_montree()
        return {nom: getattr(ligne, nom) for nom in self.base_fields} if ligne else {}

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        adresse = self.ligne.adresse if isinstance(self.ligne, Rapporteur) else ""
        for champ, dite in erreurs_du_contact({**dit, "adresse": adresse}).items():
            ou = champ if champ in self.fields else "prefere"
            if ou not in self.errors:
                self.add_error(ou, dite)
        return dit


def dire_l_adresse(remontee: Remontee, combien: int) -> str:
    dit = "L’adresse est enregistrée" if remontee.rapporteur.adresse else "L’adresse est oubliée"
    return (
        f"{dit} : {accorder(combien, 'courrier se refait', 'courriers se refont')}." if combien else f"{dit}."
    )


class CorrigerAdressePostaleForm(ActeForm):
    objet: Remontee

    adresse = champ_texte(
        "Adresse postale",
        "Numéro et rue, puis code postal et ville. Pour oublier une adresse, laissez vide.",
        maximum=300,
        lignes=3,
        requis=False,
    )

    def ligne_montree(self) -> Rapporteur | None:
        return getattr(self.objet, "rapporteur", None)

    def initiales(self) -> Mapping[str, Any]:
        return {"adresse": self.ligne.adresse if self.ligne else ""}


@acte(
    Page[Remontee](
        form=CorrigerAdressePostaleForm,
        consequence="Les courriers qui ne sont pas encore postés sont refaits avec la nouvelle adresse, et s’impriment de nouveau. "
        "Une adresse laissée vide est oubliée, avec les courriers postés qui la portent.",
        succes=dire_l_adresse,
    )
)
@transaction.atomic
def corriger_adresse_postale(remontee: Remontee, *, par: Compte, adresse: str) -> int:
    """Change the address and remake the courriers not posted yet; return how many.

    An empty address also erases the courriers already posted. The journal says that it changed, without the
    address, since the person is erased one day.
    """
    pas = exiger(remontee, "corriger_adresse_postale", par=par)
    rapporteur = Rapporteur.objects.select_for_update().get(remontee=remontee.pk)
    rapporteur.adresse = adresse
    rapporteur.full_clean()
    rapporteur.save(update_fields=["adresse"])
    remontee.rapporteur = rapporteur
    courriers = Courrier.objects.filter(dossier=remontee.pk)
    repris = changer_d_adresse(courriers, lignes_d_adresse(rapporteur), a_une_adresse=bool(adresse))
    if not adresse:
        effacer_courriers(courriers.exclude(date_postee=None))
    pas.avancer(details={"courriers": [courrier.pk for courrier in repris]})
    return len(repris)


@acte(
    Page[Remontee](
        form=CorrigerCoordonneesForm,
        consequence="Ce qui est déjà parti ne repart pas : renvoyez-le depuis les lettres du dossier. Le journal dit que c’est corrigé, sans dire quoi.",
        succes="Coordonnées corrigées.",
    )
)
@transaction.atomic
def corriger_coordonnees(
    remontee: Remontee, *, par: Compte, nom: str, courriel: str, telephone: str, prefere: str
) -> Rapporteur:
    """Change the name, the mail, the telephone and the means; the journal says so without them."""
    pas = exiger(remontee, "corriger_coordonnees", par=par)
    rapporteur = Rapporteur.objects.select_for_update().filter(remontee=remontee.pk).first() or Rapporteur(
        remontee=remontee
    )
    rapporteur.nom, rapporteur.courriel = nom, courriel.strip().lower()
    rapporteur.telephone, rapporteur.prefere = telephone, prefere
    rapporteur.full_clean()
    rapporteur.save()
    remontee.rapporteur = rapporteur
    pas.avancer()
    return rapporteur
