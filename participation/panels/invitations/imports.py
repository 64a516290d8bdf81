"""The table of the addresses invited: its columns, its rows, those refused with their reason, and how it is taken back."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from participation.panels.invitations.lectures import bilan
from participation.panels.models import AdresseInvitee, ImportDAdresses, Panel, RefusAdresse
from participation.panels.models.manques import a_retirer, dernier_tableau
from participation.panels.workflow import EtatPanel
from participation.socle.actions import imports
from participation.socle.actions.avancer import consigner, exiger, verrouiller_ensemble
from participation.socle.actions.imports import Etat, Lecture
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_ligne
from participation.socle.francais import accorder, majuscule, nombre
from participation.socle.models import Compte
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import simplifier
from participation.socle.regles.textes import sans_controle
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
LIGNES_MAX, STRATE_MAX = 400, 80


def lire_ligne(valeurs: Mapping[str, str]) -> tuple[str, str]:
    """Return (address without the person, as it is compared; lines of the envelope). Raises ValueError, a sentence."""
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
    if len(valeurs.get("strate", "")) > STRATE_MAX:
        raise ValueError(f"la strate a plus de {STRATE_MAX} caractères")
    simple = simplifier(" ".join(filter(None, (rue, ville))))[:240]
    if not simple:
        raise ValueError("l’adresse n’a ni lettre latine ni chiffre")
    return simple, lignes


class AdressesForm(ActeForm):
    """A table of addresses. A heading that is not guessed is named once, and kept for the next table."""

    fichier = ChampFichier(
        label="Tableau des adresses",
        help_text=f"CSV ou XLSX, une adresse par ligne. {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus : au-delà, plusieurs fichiers.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv,.xlsx,.ods"}),
    )

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


def dire_l_import(panel: Panel, choisi: ImportDAdresses) -> str:
    if choisi.etat == Etat.EN_COURS:
        return "Le tableau est reçu. Cette page dit où en est sa lecture."
    dit = f"{majuscule(bilan(choisi))}."
    return Reserve(f"{dit} Téléchargez ce qui est refusé, avec la raison.") if choisi.refusees else dit


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
) -> ImportDAdresses:
    """Add the addresses of a table, at once or by a worker; the same twice is kept once, a row refused is kept apart."""
    pas = exiger(panel, "importer_adresses", par=par)
    panel.colonnes_adresses = dict(colonnes or {})
    panel.refus_adresses.all().delete()
    nouveau = ImportDAdresses(panel=panel, par=par)
    imports.recevoir_import(nouveau, fichier)
    dit = bilan(nouveau) if nouveau.etat == Etat.FINI else "tableau d’adresses reçu"
    pas.avancer(champs={"colonnes_adresses": panel.colonnes_adresses}, fait=majuscule(dit))
    return nouveau


def dire_le_retrait(panel: Panel) -> str:
    tableau = dernier_tableau(panel)
    if tableau is None:
        return ""
    if tableau.etat == Etat.EN_COURS:  # their number moves
        return f"La lecture de « {tableau} » s’arrête, et aucune de ses adresses ne reste dans la liste."
    combien = accorder(a_retirer(tableau).count(), "adresse quitte", "adresses quittent")
    return f"« {tableau} » : {combien} la liste. Celles qui ont déjà leur lettre y restent."


@acte(
    Page[Panel](
        consequence=dire_le_retrait,
        bouton="Annuler le tableau",
        succes="Le tableau est annulé : ses adresses ne sont plus dans la liste.",
        retour="#invitations",
    )
)
@transaction.atomic
def annuler_adresses(panel: Panel, *, par: Compte) -> None:
    """Stop the reading of the last table, and take back the addresses that it added and that have no letter."""
    pas = exiger(panel, "annuler_adresses", par=par)
    tableau = dernier_tableau(panel)
    assert tableau is not None  # noqa: S101 the condition of the act
    retirees, _ = a_retirer(tableau).delete()
    if tableau == panel.imports_adresses.first():  # the rows refused are those of the last one
        panel.refus_adresses.all().delete()
    tableau.finir(Etat.ANNULE)
    dites = accorder(retirees, "adresse retirée", "adresses retirées", aucun="aucune")
    pas.avancer(fait=f"Tableau d’adresses annulé, {dites}")


class _Lecteur:
    def __init__(self, choisi: ImportDAdresses, forme: tableaux.Forme) -> None:
        self.choisi, self.entetes = choisi, forme.entetes
        self.relies = _relier(forme.entetes, choisi.panel.colonnes_adresses)

    def recevoir(self, lot: list[list[str]]) -> None:
        choisi, lues, refus = self.choisi, list[AdresseInvitee](), list[RefusAdresse]()
        for numero, ligne in enumerate(lot, choisi.lues + 2):  # the header is row 1 of a spreadsheet
            if not any(case.strip() for case in ligne):
                continue
            try:
                lues.append(self._lire(ligne))
            except ValueError as raison:
                cases = [case[: imports.CELLULE_GARDEE] for case in ligne[: len(self.entetes)]]
                contenu = json.dumps(cases, ensure_ascii=False)
                refus.append(
                    RefusAdresse(panel=choisi.panel, numero=numero, contenu=contenu, raison=str(raison))
                )
        AdresseInvitee.objects.bulk_create(lues, batch_size=imports.LOT, ignore_conflicts=True)
        RefusAdresse.objects.bulk_create(refus, batch_size=imports.LOT)
        ajoutees = choisi.adresses.count()
        choisi.doublons += len(lues) - (ajoutees - choisi.ajoutees)
        choisi.ajoutees = ajoutees
        choisi.refusees += len(refus)

    def _lire(self, ligne: list[str]) -> AdresseInvitee:
        dites = tableaux.valeurs_de(ligne, self.entetes, self.relies)
        valeurs = {cle: " ".join(sans_controle(dite).split()) for cle, dite in dites.items()}
        simple, lignes = lire_ligne(valeurs)
        return AdresseInvitee(
            panel=self.choisi.panel, import_fichier=self.choisi, simple=simple, lignes=lignes,
            strate=valeurs.get("strate", ""),
        )  # fmt: skip


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


def _verrouiller(choisi: ImportDAdresses) -> str:
    verrouiller_ensemble(Panel, [choisi.panel_id])
    etat = Panel.objects.values_list("etat", flat=True).get(pk=choisi.panel_id)
    if etat in {EtatPanel.PREPARATION, EtatPanel.INSCRIPTION}:
        return ""
    return "Les inscriptions sont closes : la lecture du tableau s’est arrêtée là."


LECTURE = Lecture(
    ouvrir=_Lecteur,
    verrouiller=_verrouiller,
    consigner=lambda choisi: consigner(
        choisi.panel, "importer_adresses", par=choisi.par, fait=majuscule(bilan(choisi))
    ),
)


def refus_en_lignes(panel: Panel) -> Iterator[dict[str, Any]]:
    """Yield the refused rows as they were, with their number and the reason."""
    for refus in panel.refus_adresses.order_by("numero").iterator(chunk_size=1000):
        yield {"valeurs": json.loads(refus.contenu), "ligne": refus.numero, "raison": refus.raison}
