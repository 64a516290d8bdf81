"""Works of a winning projet: launched, its steps, its end, its suites; their forms."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from participation.budgets.models import JalonProjet, ProjetQuartier
from participation.budgets.projets import lettres
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.pieces import joindre
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    ChampFichier,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
    propose,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, montant
from participation.socle.models import Compte, Direction
from participation.socle.views.pages import Page, acte
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from participation.suites.models import Suite


def dire_a_tous_les_auteurs(projet: ProjetQuartier) -> str:
    combien = projet.idees.count()
    return f"Les auteurs {'de l’idée' if combien == 1 else f'des {combien} idées'} et les personnes qui suivent le projet sont prévenus."


class LancerRealisationForm(ActeForm):
    direction = champ_parmi(
        "Direction qui réalise",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="Choisir une direction",
    )


class JalonForm(ActeForm):
    titre = champ_ligne("Étape", "Un nom court : « Plantation », « Pose des bancs ».", maximum=160)
    date_prevue = champ_jour("Prévue le")


class FranchirJalonForm(ActeForm):
    fait_le = champ_jour("Faite le")
    texte = champ_texte("Ce qui a été fait", "Public, et dit à qui suit le projet.", maximum=3000, lignes=4)
    depense = ChampMontant("Dépensé pour cette étape (€)", requis=False)
    ecart = champ_texte(
        "Pourquoi les étapes coûtent plus que le projet",
        "Demandé quand leur somme dépasse le coût du projet. Public.",
        maximum=1000,
        lignes=2,
        requis=False,
    )
    photo = ChampFichier(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP. Publique. Personne n’y est reconnaissable sans son accord.",
    )
    description_photo = champ_ligne(
        "Ce que montre la photo", "Lue par qui ne voit pas l’image.", maximum=200, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"fait_le": propose(timezone.localdate())}


class CorrigerJalonForm(ActeForm):
    """What is told of a step that is done, told again."""

    ACTUELS = ("fait_le", "texte", "depense")

    fait_le = champ_jour("Faite le")
    texte = champ_texte("Ce qui a été fait", "Public.", maximum=3000, lignes=4)
    depense = ChampMontant("Dépensé pour cette étape (€)", requis=False)
    ecart = champ_texte(
        "Pourquoi les étapes coûtent plus que le projet",
        "Demandé quand leur somme dépasse le coût du projet. Public.",
        maximum=1000,
        lignes=2,
        requis=False,
    )
    motif = champ_ligne("Ce qui était faux", "Dit à qui suit le projet, avec les mots corrigés.", maximum=300)


class DeplacerJalonForm(ActeForm):
    date_prevue = champ_jour("Nouvelle date")
    motif = champ_texte("Pourquoi", "Public, et dit à qui suit le projet.", maximum=1000, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {"date_prevue": self.objet.date_prevue}


@acte(Page[ProjetQuartier](form=LancerRealisationForm, consequence=dire_a_tous_les_auteurs))
@transaction.atomic
def lancer_realisation(projet: ProjetQuartier, *, par: Compte, direction: Direction) -> None:
    avancer(projet, "lancer_realisation", par=par, champs={"direction": direction})
    lettres.nouvelle(projet, "lancer_realisation")


@acte(
    Page[ProjetQuartier](form=JalonForm, consequence="L’étape et sa date sont publiques.", retour="#etapes")
)
@transaction.atomic
def ajouter_jalon(projet: ProjetQuartier, *, par: Compte, titre: str, date_prevue: date) -> JalonProjet:
    pas = exiger(projet, "ajouter_jalon", par=par)
    if date_prevue < timezone.localdate():
        raise ValidationError({"date_prevue": "Ce jour est passé. Choisissez aujourd’hui ou plus tard."})
    jalon = enregistrer(JalonProjet(projet=projet, titre=titre, date_prevue=date_prevue))
    pas.avancer(fait=f"Étape prévue : {titre}, {jour_texte(date_prevue)}")
    return jalon


@acte(
    Page[JalonProjet](
        form=FranchirJalonForm,
        consequence=lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    )
)
@transaction.atomic
def franchir_jalon(
    jalon: JalonProjet,
    *,
    par: Compte,
    fait_le: date,
    texte: str,
    depense: Decimal | None = None,
    photo: UploadedFile | None = None,
    description_photo: str = "",
    ecart: str = "",
) -> None:
    """Record a step as done, with its cost and a photo. Authors and followers are told.

    Raises ValidationError on « ecart » when the steps cost more than the projet and no reason is given.
    """
    pas = exiger(jalon, "franchir_jalon", par=par)
    _exiger_possible(jalon, fait_le, depense, ecart)
    if photo is not None and not description_photo.strip():
        raise ValidationError({"description_photo": "Dites ce que montre la photo, pour qui ne la voit pas."})
    piece = None
    if photo is not None:
        piece = joindre(
            jalon.projet, fichier=photo, titre=f"Photo : {jalon.titre}"[:160], par=par, est_publique=True
        )
        if not piece.est_image:
            raise ValidationError({"photo": "Choisissez une image : JPEG, PNG ou WebP."})
    pas.avancer(
        champs={
            "fait_le": fait_le,
            "texte": _avec_l_ecart(texte, ecart),
            "depense": depense,
            "photo": piece,
            "description_photo": description_photo,
        },
        fait=f"Étape faite : {jalon.titre}",
        motif=texte,
        details={"depense": str(depense) if depense is not None else None},
    )
    lettres.nouvelle(jalon.projet, "franchir_jalon", jalon=jalon)


@acte(
    Page[JalonProjet](
        form=CorrigerJalonForm,
        consequence=lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    )
)
@transaction.atomic
def corriger_jalon(
    jalon: JalonProjet,
    *,
    par: Compte,
    fait_le: date,
    texte: str,
    depense: Decimal | None = None,
    ecart: str = "",
    motif: str,
) -> None:
    """Correct what was told of a step. Those who were told are told the corrected words.

    Raises ValidationError as `franchir_jalon`.
    """
    pas = exiger(jalon, "corriger_jalon", par=par)
    _exiger_possible(jalon, fait_le, depense, ecart)
    avant = {"fait_le": jalon.fait_le, "texte": jalon.texte, "depense": jalon.depense}
    pas.avancer(
        champs={"fait_le": fait_le, "texte": _avec_l_ecart(texte, ecart), "depense": depense},
        fait=f"Étape corrigée : {jalon.titre}",
        motif=motif,
        details={"avant": {nom: str(valeur or "") for nom, valeur in avant.items()}},
    )
    lettres.nouvelle(jalon.projet, "corriger_jalon", jalon=jalon, motif=motif)


@acte(
    Page[JalonProjet](
        form=demander_texte("Pourquoi", erreur="Dites pourquoi : c’est écrit au journal."),
        consequence="L’étape disparaît de la page publique. Personne n’est prévenu.",
        retour=lambda jalon, _: jalon.projet.get_absolute_url() + "#etapes",
    )
)
@transaction.atomic
def retirer_jalon(jalon: JalonProjet, *, par: Compte, motif: str) -> None:
    """Withdraw a step that will not be done."""
    pas = exiger(jalon, "retirer_jalon", par=par)
    JalonProjet.objects.filter(pk=jalon.pk).delete()
    pas.avancer(fait=f"Étape retirée : {jalon.titre}", motif=motif)


def _exiger_possible(jalon: JalonProjet, fait_le: date, depense: Decimal | None, ecart: str) -> None:
    fautes = {}
    if fait_le > timezone.localdate():
        fautes["fait_le"] = "Ce jour n’est pas encore venu."
    trop = jalon.depasse_de(depense) if depense is not None else Decimal(0)
    if trop > 0 and not ecart.strip():
        fautes["ecart"] = (
            f"Les étapes coûteraient {montant(trop)} de plus que le projet ({montant(jalon.projet.cout)}). "
            "Corrigez la somme, ou dites pourquoi : c’est public."
        )
    if fautes:
        raise ValidationError(fautes)


def _avec_l_ecart(texte: str, ecart: str) -> str:
    return f"{texte.rstrip()}\n\n{ecart.strip()}" if ecart.strip() else texte


@acte(
    Page[JalonProjet](
        form=DeplacerJalonForm,
        consequence=lambda jalon: dire_a_tous_les_auteurs(jalon.projet),
        retour="#etapes",
    )
)
@transaction.atomic
def deplacer_jalon(jalon: JalonProjet, *, par: Compte, date_prevue: date, motif: str) -> None:
    pas = exiger(jalon, "deplacer_jalon", par=par)
    if date_prevue == jalon.date_prevue:
        raise ValidationError({"date_prevue": "C’est déjà le jour prévu."})
    if date_prevue < timezone.localdate():
        raise ValidationError({"date_prevue": "Ce jour est passé. Choisissez aujourd’hui ou plus tard."})
    pas.avancer(
        champs={"date_prevue": date_prevue},
        fait=f"Étape déplacée au {jour_texte(date_prevue)} : {jalon.titre}",
        motif=motif,
    )
    lettres.nouvelle(jalon.projet, "deplacer_jalon", jalon=jalon, motif=motif)


@acte(
    Page[ProjetQuartier](
        form=demander_texte("Un mot de fin, public", nom="texte", facultatif=True),
        consequence=dire_a_tous_les_auteurs,
    )
)
@transaction.atomic
def achever_projet(projet: ProjetQuartier, *, par: Compte, texte: str = "") -> None:
    maintenant = timezone.now()
    avancer(
        projet,
        "achever_projet",
        par=par,
        champs={"realise_le": maintenant, "clos_le": maintenant},
        motif=texte,
    )
    lettres.nouvelle(projet, "achever_projet")


@acte(
    Page[ProjetQuartier](
        form=AjouterSuiteForm,
        consequence="La direction reçoit un lien pour répondre. Qui l’a demandé est prévenu, maintenant puis à chaque étape. "
        "La suite est publique si le dossier l’est.",
        retour="#suites",
    )
)
@transaction.atomic
def ajouter_suite(projet: ProjetQuartier, *, par: Compte, **champs: Any) -> Suite:
    """Add a suite, asked or promised, and tell the authors of the idées and the followers."""
    suite = actes_suites.ajouter_suite(projet, par=par, **champs)
    lettres.ajouter_suite(projet, suite)
    return suite
