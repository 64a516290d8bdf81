"""Invitations by post: the table of addresses, then letters by lots, to print and post with the other courriers."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from participation.panels.invitations import regles
from participation.panels.models import AdresseInvitee, PageInscription, Panel, RefusAdresse
from participation.socle.actions import exiger, tournees
from participation.socle.actions.documents import demander_document
from participation.socle.actions.tableaux import lire_aussitot, recevoir_tableau
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import accorder, nombre
from participation.socle.models import Compte, Courrier, Impression, Tournee
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import simplifier
from participation.socle.views.pages import Page, Reserve, acte

# What is read → the headings that say it, the first one being asked for by name.
COLONNES: dict[str, tuple[str, ...]] = {
    "adresse": ("adresse", "adresse postale", "adresse complete", "voie", "rue", "adresse 1"),
    "nom": ("nom", "nom complet", "destinataire", "nom et prénom"),
    "prenom": ("prénom",),
    "complement": ("complément", "complément d’adresse", "bâtiment", "adresse 2"),
    "code_postal": ("code postal", "cp"),
    "commune": ("commune", "ville"),
    "strate": ("strate", "secteur", "quartier"),
}
LIGNES_MAX = 400


def lire_ligne(valeurs: Mapping[str, str]) -> tuple[str, str]:
    """Return (address without the person, lines of the envelope). Raises ValueError, a sentence."""
    rue = valeurs.get("adresse", "")
    if not rue:
        raise ValueError("pas d’adresse")
    code, commune = valeurs.get("code_postal", ""), valeurs.get("commune", "")
    if code and not (code.isascii() and code.isdigit() and len(code) == 5):
        raise ValueError("le code postal n’a pas cinq chiffres")
    ville = " ".join(filter(None, (code, commune)))
    lieu = [ligne for ligne in (valeurs.get("complement", ""), rue, ville) if ligne]
    qui = " ".join(filter(None, (valeurs.get("prenom", ""), valeurs.get("nom", ""))))
    lignes = "\n".join([*([qui] if qui else []), *lieu])
    if len(lignes) > LIGNES_MAX:
        raise ValueError("l’adresse est trop longue")
    return " ".join(filter(None, (rue, ville))), lignes


LOT = 200  # letters in one file: more would take long to make, and to fold
REFUS_GARDES = 5000


class AdressesForm(ActeForm):
    """A table of addresses. A heading that is not guessed is named once, and kept for the next table."""

    fichier = Fichier(label="Tableau des adresses", help_text="CSV ou XLSX, une adresse par ligne.")

    def preparer(self) -> None:
        self.fields |= {
            f"colonne_{cle}": champ_ligne(
                f"Colonne « {noms[0]} »",
                "Son titre dans votre tableau, s’il est autre." if rang == 0 else "",
                requis=False,
                maximum=80,
            )
            for rang, (cle, noms) in enumerate(COLONNES.items())
        }

    def initiales(self) -> Mapping[str, Any]:
        return {f"colonne_{cle}": nom for cle, nom in self.objet.colonnes_adresses.items()}

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        dites = {cle: dit.pop(f"colonne_{cle}", "") for cle in COLONNES}
        return {**dit, "colonnes": {cle: nom for cle, nom in dites.items() if nom}}


def dire_l_import(panel: Panel, refusees: int) -> str:
    dit = f"{nombre(panel.adresses.count())} adresses invitées."
    if not refusees:
        return dit
    lignes = accorder(
        refusees, "ligne refusée : téléchargez-la, avec sa", "lignes refusées : téléchargez-les, avec leur"
    )
    return Reserve(f"{dit} {lignes} raison.")


@acte(
    Page[Panel](
        form=AdressesForm,
        consequence="L’adresse donnée à l’inscription est comparée avec cette liste. Elle n’écarte personne : une adresse proche ou "
        "absente est lue par un agent. Ce que dit l’enveloppe sert aux lettres, puis est effacé avec qui n’est pas du panel.",
        succes=dire_l_import,
        retour="#invitations",
    )
)
@transaction.atomic
def importer_adresses(
    panel: Panel, *, par: Compte, fichier: UploadedFile, colonnes: Mapping[str, str] | None = None
) -> int:
    """Add the addresses of a table; the same twice is kept once. Return how many rows are refused: they are kept apart."""
    pas = exiger(panel, "importer_adresses", par=par)
    octets = recevoir_tableau(fichier)
    forme = lire_aussitot(octets).forme
    relies = _relier(forme.entetes, colonnes or {})
    lues: dict[str, AdresseInvitee] = {}
    refus: list[RefusAdresse] = []
    for numero, ligne in enumerate(tableaux.lignes_de(octets, forme), 2):
        try:
            adresse, lignes = lire_ligne(valeurs := tableaux.valeurs_de(ligne, forme.entetes, relies))
        except ValueError as raison:
            if any(case.strip() for case in ligne):
                refus.append(RefusAdresse(panel=panel, numero=numero, contenu=json.dumps(ligne, ensure_ascii=False)[:400], raison=str(raison)))  # fmt: skip
            continue
        simple = simplifier(adresse)[:240]
        lues.setdefault(
            simple,
            AdresseInvitee(panel=panel, simple=simple, lignes=lignes, strate=valeurs.get("strate", "")[:80]),
        )
    AdresseInvitee.objects.bulk_create(
        (lues[simple] for simple in sorted(lues)), batch_size=2000, ignore_conflicts=True
    )
    panel.refus_adresses.all().delete()
    RefusAdresse.objects.bulk_create(refus[:REFUS_GARDES], batch_size=2000)
    dit = accorder(panel.adresses.count(), "adresse invitée", "adresses invitées")
    if refus:
        dit = f"{dit}, {accorder(len(refus), 'ligne refusée', 'lignes refusées')}"
    pas.avancer(champs={"colonnes_adresses": dict(colonnes or {})}, fait=dit)
    return len(refus)


def _relier(entetes: tuple[str, ...], dites: Mapping[str, str]) -> dict[str, str]:
    """Return what is read → its column. Raises ValidationError for a heading that is not there."""
    simples = {simplifier(entete): entete for entete in reversed(entetes)}
    if inconnues := {cle: nom for cle, nom in dites.items() if simplifier(nom) not in simples}:
        raise ValidationError(
            {
                f"colonne_{cle}": f"Ce tableau n’a pas de colonne « {nom} ». Il a : {_connues(entetes)}."
                for cle, nom in inconnues.items()
            }
        )
    siennes = {cle: simples[simplifier(nom)] for cle, nom in dites.items()}
    relies = {**tableaux.deviner(entetes, COLONNES), **siennes}
    if "adresse" not in relies:
        raise ValidationError(
            {
                "colonne_adresse": f"Aucune colonne ne s’appelle « adresse ». Ce tableau a : {_connues(entetes)}. Écrivez celle qui dit l’adresse."
            }
        )
    return relies


def _connues(entetes: tuple[str, ...]) -> str:
    return ", ".join(entete[:80] for entete in entetes[:12])


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
