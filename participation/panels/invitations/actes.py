"""Invitations: letters by lots, to print and post with the other courriers; phone numbers for who calls."""

import secrets
from collections.abc import Mapping
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from participation.panels.invitations import regles
from participation.panels.models import AdresseInvitee, PageInscription, Panel
from participation.socle.actions import exiger, tournees
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_parmi, champ_texte
from participation.socle.francais import accorder
from participation.socle.models import Compte, Courrier, Impression, Tournee
from participation.socle.views.pages import Page, acte

LOT = 200  # letters in one file: more would take long to make, and to fold


class NumerosForm(ActeForm):
    tranches = champ_texte(
        "Formes des numéros",
        "Une par ligne, avec combien : « 06 12 xx xx xx ; 500 ». Chaque « x » est tiré au sort.",
        maximum=2000,
        lignes=4,
        erreur="Écrivez au moins une forme.",
        attributs={"spellcheck": "false"},
        se_relit=False,
    )

    def clean_tranches(self) -> list[regles.Tranche]:
        try:
            return regles.lire_tranches(self.cleaned_data["tranches"])
        except ValueError as faute:
            raise ValidationError(str(faute)) from None


@acte(
    Page[Panel](
        form=NumerosForm,
        consequence="La liste se télécharge en CSV, pour qui appelle. Rien n’est gardé d’elle que la graine dont elle vient : "
        "elle se refait, la même. Tirée de nouveau, une autre la remplace.",
        retour="#invitations",
    )
)
@transaction.atomic
def tirer_numeros(panel: Panel, *, par: Compte, tranches: list[regles.Tranche]) -> None:
    """Keep the seed of the phone numbers that the provider calls; `lectures.numeros_tires` writes them."""
    pas = exiger(panel, "tirer_numeros", par=par)
    combien = sum(tranche.combien for tranche in tranches)
    pas.avancer(
        fait=f"{accorder(combien, 'numéro de téléphone tiré', 'numéros de téléphone tirés')} au sort",
        details={"graine": secrets.token_hex(16), "tranches": [str(tranche) for tranche in tranches]},
    )


class InvitationsForm(ActeForm):
    page = champ_parmi("Lettre", None, "Dans la langue de cette page d’inscription.", vide=None)
    strate = champ_choix("Strate", [], requis=False)
    combien = forms.IntegerField(
        label="Nombre de lettres",
        min_value=1,
        max_value=10_000,
        help_text="Le calcul de l’envoi est sur la page du panel.",
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Dites combien de lettres."},
    )

    def preparer(self) -> None:
        self.choisir("page", self.objet.pages.exclude(lettre=""))
        attendent = self.objet.adresses.filter(courrier=None).exclude(lignes="")
        strates = attendent.exclude(strate="").order_by("strate").values_list("strate", flat=True).distinct()
        choix: Any = self.fields["strate"]
        choix.choices = [("", "Toutes"), *((strate, strate) for strate in strates)]
        if not strates:
            del self.fields["strate"]

    def initiales(self) -> Mapping[str, Any]:
        return {"combien": a_inviter(self.objet).count()}


@acte(
    Page[Panel](
        form=InvitationsForm,
        consequence=lambda panel: (
            f"{accorder(a_inviter(panel).count(), 'adresse attend sa lettre', 'adresses attendent leur lettre')}. Les lettres se font "
            f"par lots de {LOT}, l’adresse dans la fenêtre de l’enveloppe. Chaque lot s’affiche dans « Courriers à poster »."
        ),
        bouton="Imprimer",
        succes="Les lettres se préparent, par lots, à poster depuis « Courriers à poster ».",
        retour="#invitations",
    )
)
@transaction.atomic
def imprimer_invitations(
    panel: Panel, *, par: Compte, page: PageInscription, combien: int, strate: str = ""
) -> Tournee:
    """Have a worker write so many letters, to addresses that had none, in lots, in the order of the table.

    Raises ValidationError when too few addresses wait.
    """
    pas = exiger(panel, "imprimer_invitations", par=par)
    if combien > (reste := a_inviter(panel, strate).count()):
        raise ValidationError(
            {"combien": f"{accorder(reste, 'adresse attend sa lettre', 'adresses attendent leur lettre')}."}
        )
    if not page.lettre:
        raise ValidationError({"page": "Cette page n’a pas de lettre : écrivez-la."})
    tournee = tournees.commencer(imprimer_lot, panel, par=par, total=combien, page=page.pk, strate=strate)
    dit = f"{accorder(combien, 'invitation à imprimer', 'invitations à imprimer')}, {page}"
    pas.avancer(fait=f"{dit}, {strate}" if strate else dit)
    return tournee


def a_inviter(panel: Panel, strate: str = "") -> Any:
    attendent = panel.adresses.filter(courrier=None).exclude(lignes="")
    return attendent.filter(strate=strate) if strate else attendent


def imprimer_lot(tournee: Tournee) -> int:
    """Write the letters of the next addresses in one file. Return how many."""
    page = PageInscription.objects.select_related("panel").get(pk=tournee.arguments["page"])
    reste = max(0, tournee.total - tournee.faits)
    lot = list(a_inviter(page.panel, tournee.arguments["strate"]).order_by("pk")[: min(LOT, reste)])
    if lot:
        _ecrire_lot(page, lot, tournee.par)
    return len(lot)


def _ecrire_lot(page: PageInscription, lot: list[AdresseInvitee], par: Compte | None) -> Courrier:
    """Make one file of these letters, ready to post as a courrier printed with others."""
    panel = page.panel
    adresse_courte = settings.SITE_URL + reverse("panels:entree", args=[panel.cle])
    objet = f"Invitations, {panel.titre} : {accorder(len(lot), 'lettre')}"[:255]
    document = demander_document(
        nature="panels/invitations",
        titre=objet[:160],
        dossier=panel,
        par=par,
        est_interne=True,
        donnees={
            "destinataires": [adresse.lignes.splitlines() for adresse in lot],
            "titre": page.titre,
            "lettre": page.lettre,
            "langue": page.html,
            "de_droite": page.se_lit_de_droite,
            "adresse_courte": adresse_courte,
            "qr": segno.make(adresse_courte, error="m", micro=False).svg_data_uri(border=0),
        },
    )
    courrier = Courrier.objects.create(
        dossier_id=panel.pk,
        lettre="panels/invitation",
        objet=objet,
        nombre=len(lot),
        a_une_adresse=True,
        document=document,
        impression=Impression.objects.create(document=document, par=par),
    )
    AdresseInvitee.objects.filter(pk__in=[adresse.pk for adresse in lot]).update(courrier=courrier)
    return courrier
