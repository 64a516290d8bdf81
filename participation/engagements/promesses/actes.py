"""Engagements: written, measured, published once complete, said kept or abandoned; the report of a year; their forms."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.engagements.models import Collectif, EngagementPris, Indicateur, Principe, Valeur
from participation.engagements.promesses.lectures import RAPPORT, Lue, avec_indicateurs, publies
from participation.engagements.promesses.regles import SUR_LES_SUITES
from participation.engagements.workflow import EtatEngagement, Mesure
from participation.socle.actions import avancer, enregistrer, exiger, ouvrir
from participation.socle.actions.documents import demander_document
from participation.socle.actions.echeances import faire_echeance, fixer_echeance
from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import jour_texte, majuscule, nombre, ponctuer
from participation.socle.models import Compte, Direction, Document, Dossier
from participation.socle.regles.changements import changements
from participation.socle.regles.tableaux import neutraliser
from participation.socle.views.pages import Page, acte
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from participation.suites.models import ReglementSuites, Suite

COLONNES = ("reference", "engagement", "etat", "indicateur", "valeur", "unite", "cible", "atteinte")


def demander_rapport(annee: int, *, par: Compte) -> Document:
    """Ask for the PDF of the report of a year: each engagement then published, its indicators of the year, its changes."""
    lignes = avec_indicateurs(publies().filter(Q(ouvert_le__year__lte=annee)), annee)
    return demander_document(
        nature=RAPPORT,
        titre=f"Engagements pour la participation : l’année {annee}",
        par=par,
        est_public=True,
        donnees={
            "annee": annee,
            "engagements": [_engagement(engagement, lues, annee) for engagement, lues in lignes],
            "fichier_joint": {
                "nom": f"engagements-{annee}.csv",
                "description": f"Les indicateurs de l’année {annee}",
                "texte": _csv(lignes),
            },
        },
    )


def _engagement(engagement: EngagementPris, lues: list[Lue], annee: int) -> dict[str, Any]:
    histoire = engagement.journal.filter(est_publique=True, le__year=annee).order_by("le", "pk")
    return {
        "reference": engagement.reference,
        "titre": engagement.titre,
        "principe": str(engagement.principe) if engagement.principe else "",
        "texte": engagement.texte,
        "etat": majuscule(engagement.get_etat_display()),
        "date_limite": jour_texte(engagement.date_limite) if engagement.date_limite else "",
        "source": engagement.source,
        "direction": str(engagement.direction) if engagement.direction else "",
        "bilan": engagement.bilan,
        "indicateurs": [
            {
                "intitule": lue.indicateur.intitule,
                "valeur": None if lue.valeur is None else float(lue.valeur),
                "unite": lue.unite,
                "cible": float(lue.indicateur.cible),
                "est_un_plafond": lue.indicateur.est_un_plafond,
                "atteinte": lue.atteinte,
                "comment": lue.comment,
            }
            for lue in lues
        ],
        "histoire": [[jour_texte(ligne.le), ligne.fait_en_clair, ligne.motif] for ligne in histoire],
    }


def _csv(lignes: list[tuple[EngagementPris, list[Lue]]]) -> str:
    texte = io.StringIO()
    ecrivain = csv.writer(texte)
    ecrivain.writerow(COLONNES)
    for engagement, lues in lignes:
        for lue in lues:
            ecrivain.writerow(
                [
                    engagement.reference,
                    neutraliser(engagement.titre),
                    engagement.etat,
                    neutraliser(lue.indicateur.intitule),
                    "" if lue.valeur is None else lue.valeur,
                    lue.unite,
                    lue.indicateur.cible,
                    {True: "oui", False: "non", None: ""}[lue.atteinte],
                ]
            )
    return texte.getvalue()


ECHEANCE = "tenir"


class EcrireForm(ActeForm):
    titre = champ_ligne("En une phrase", maximum=160, erreur="Dites l’engagement en une phrase.")
    principe = champ_parmi("Principe dont il relève", Principe.objects.filter(est_actif=True), requis=False)
    texte = champ_texte(
        "Ce qui sera fait, pour qui", maximum=4000, lignes=4, erreur="Dites ce qui sera fait."
    )
    verification = champ_texte(
        "Comment on saura que c’est fait", "Demandé pour publier.", maximum=2000, lignes=3, requis=False
    )
    source = champ_ligne(
        "Acte ou page qui le porte",
        "Demandé pour publier. Par exemple « délibération 2026-0412 », ou l’adresse d’une page.",
        maximum=300,
        requis=False,
    )
    date_limite = champ_jour("Fait au plus tard le", "Demandé pour publier.", requis=False)
    direction = champ_parmi(
        "Direction qui en répond", Direction.objects.filter(est_active=True), requis=False, vide="Pas encore"
    )
    suivi_par = champ_parmi(
        "Collectif qui le suit",
        Collectif.objects.all(),
        "Son association et ses membres disent, par un lien reçu, si ses suites sont faites.",
        requis=False,
        vide="Aucun",
    )


class ModifierEngagementForm(EcrireForm):
    ACTUELS = (
        "titre",
        "principe",
        "texte",
        "verification",
        "source",
        "date_limite",
        "direction",
        "suivi_par",
    )

    raison = champ_ligne(
        "Pourquoi ce changement", "Public, dans l’histoire de l’engagement.", maximum=300, requis=False
    )

    def preparer(self) -> None:
        if self.objet.etat == EtatEngagement.BROUILLON:
            del self.fields["raison"]
        else:
            for nom in ("verification", "source", "date_limite", "raison"):
                self.fields[nom].required = True


class IndicateurForm(ToutDire, ActeForm):
    intitule = champ_ligne("Ce que dit l’indicateur", maximum=160, erreur="Dites ce que dit l’indicateur.")
    mesure = champ_choix(
        "Ce qui est mesuré",
        [(m.value, majuscule(m.label)) for m in Mesure],
        boutons=True,
        erreur="Dites ce qui est mesuré.",
    )
    instrument = forms.ChoiceField(
        label="Sur quelles suites", required=False, help_text="Pour une mesure des suites."
    )
    par_commune = champ_case(
        "Montrer aussi la mesure commune par commune, tous instruments ensemble", requis=False
    )
    cible = forms.DecimalField(
        label="Valeur visée", min_value=0, max_digits=9, decimal_places=1,
        error_messages={"required": "Donnez la valeur visée."},
    )  # fmt: skip
    est_un_plafond = champ_case("La valeur doit rester en dessous, par exemple un délai", requis=False)
    unite = champ_ligne("Unité", "Pour une valeur écrite : « réunions », « € ».", maximum=20, requis=False)

    def preparer(self) -> None:
        instrument: Any = self.fields["instrument"]
        noms = Dossier.libelles_natures().items()
        instrument.choices = [("", "Tous les instruments"), *((n, majuscule(mot)) for n, mot in noms)]

    def exiger(self, dit: Mapping[str, Any]) -> None:
        exiger_portee(
            dit.get("mesure", ""), dit.get("instrument", ""), par_commune=bool(dit.get("par_commune"))
        )


def exiger_portee(mesure: str, instrument: str, *, par_commune: bool) -> None:
    """Raises ValidationError when the measure is not of the suites and is given one instrument, or the communes."""
    if not mesure or mesure in SUR_LES_SUITES:
        return
    erreurs = {}
    if instrument:
        erreurs["instrument"] = "Cette mesure ne porte pas sur les suites d’un instrument : laissez « tous »."
    if par_commune:
        erreurs["par_commune"] = "Cette mesure ne se lit pas commune par commune : décochez la case."
    if erreurs:
        raise ValidationError(erreurs)


@acte(
    Page[EngagementPris](
        ouvre=True, form=EcrireForm, consequence="Il reste au service tant qu’il n’est pas publié."
    )
)
@transaction.atomic
def ecrire_engagement(engagement: EngagementPris, *, par: Compte, **champs: Any) -> EngagementPris:
    ouvrir(engagement, "ecrire_engagement", par=par, champs=champs, est_publique=False)
    return engagement


@acte(
    Page[EngagementPris](
        form=ModifierEngagementForm,
        consequence=lambda e: (
            "L’histoire publique de l’engagement garde ce qui était écrit avant, avec la raison."
            if e.est_publie
            else "Il n’est pas encore public."
        ),
    )
)
@transaction.atomic
def modifier_engagement(engagement: EngagementPris, *, par: Compte, raison: str = "", **champs: Any) -> None:
    pas = exiger(engagement, "modifier_engagement", par=par)
    pas.avancer(
        champs=champs,
        motif=raison,
        details={"changes": changements(engagement, champs)},
        est_publique=engagement.est_publie,
    )
    if engagement.est_publie:
        _fixer(engagement)


def _fixer(engagement: EngagementPris) -> None:
    """Remind who follows it, as the règlement des suites says, that somebody must say whether it is kept."""
    assert engagement.date_limite is not None  # noqa: S101 what its constraint says
    reglement = ReglementSuites.objects.en_vigueur()
    fixer_echeance(
        engagement,
        ECHEANCE,
        libelle="Dire si l’engagement est tenu",
        date_limite=engagement.date_limite,
        rappels=reglement.rappels if reglement else (),
        relances=reglement.relances if reglement else (),
        responsable=engagement.agent,
    )


@acte(
    Page[EngagementPris](
        form=IndicateurForm,
        consequence="Calculé, sa valeur vient de ce qui est public ici. Écrit, chaque valeur a sa source.",
        retour="#indicateurs",
    )
)
@transaction.atomic
def ajouter_indicateur(engagement: EngagementPris, *, par: Compte, **champs: Any) -> Indicateur:
    """Raises ValidationError for a measure that is not of the suites and is given an instrument."""
    pas = exiger(engagement, "ajouter_indicateur", par=par)
    exiger_portee(champs["mesure"], champs.get("instrument", ""), par_commune=bool(champs.get("par_commune")))
    indicateur = enregistrer(Indicateur(engagement=engagement, **champs))
    sens = "au plus" if indicateur.est_un_plafond else "au moins"
    pas.avancer(
        fait=f"Indicateur ajouté : {indicateur.intitule}",
        motif=f"Valeur visée : {nombre(indicateur.cible)} {sens}",
        est_publique=engagement.est_publie,
    )
    return indicateur


@acte(
    Page[Indicateur](
        consequence=lambda i: (
            f"{ponctuer(i.intitule)} Il n’est plus montré ; l’histoire dit qu’il a été retiré, et pourquoi."
        ),
        retour="#indicateurs",
    )
)
@transaction.atomic
def retirer_indicateur(
    indicateur: Indicateur, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=300)]
) -> None:
    pas = exiger(indicateur, "retirer_indicateur", par=par)
    engagement, intitule = indicateur.engagement, indicateur.intitule
    indicateur.delete()
    pas.avancer(fait=f"Indicateur retiré : {intitule}", motif=motif, est_publique=engagement.est_publie)


@acte(
    Page[Indicateur](
        consequence=lambda i: (
            f"{ponctuer(i.intitule)} La valeur et sa source sont publiques ; les valeurs d’avant restent lisibles."
        ),
        retour="#indicateurs",
    )
)
@transaction.atomic
def mesurer(
    indicateur: Indicateur,
    *,
    par: Compte,
    valeur: Annotated[
        Decimal,
        forms.DecimalField(
            label="Valeur", max_digits=9, decimal_places=1, error_messages={"required": "Donnez la valeur."}
        ),
    ],
    constatee_le: Annotated[date, champ_jour("Constatée le", initial=timezone.localdate)],
    source: Annotated[
        str,
        champ_ligne("Source", "Publique : une page, un rapport.", maximum=300, erreur="Donnez la source."),
    ],
) -> Valeur:
    """Raises ValidationError for a day to come."""
    pas = exiger(indicateur, "mesurer", par=par)
    if constatee_le > timezone.localdate():
        raise ValidationError({"constatee_le": "Cette date n’est pas encore venue."})
    ecrite = enregistrer(
        Valeur(indicateur=indicateur, valeur=valeur, constatee_le=constatee_le, source=source, par=par)
    )
    pas.avancer(
        fait=f"{indicateur.intitule} : {nombre(valeur)}{f' {indicateur.unite}' if indicateur.unite else ''}",
        motif=f"Source : {source}",
        est_publique=indicateur.engagement.est_publie,
    )
    return ecrite


@acte(Page[EngagementPris](consequence="Tout le monde le lit, avec ses indicateurs et chaque changement."))
@transaction.atomic
def publier_engagement(engagement: EngagementPris, *, par: Compte) -> None:
    avancer(engagement, "publier_engagement", par=par, champs={"est_publie": True})
    _fixer(engagement)


@acte(
    Page[Dossier](
        form=AjouterSuiteForm, consequence="La direction reçoit un lien pour répondre.", retour="#suites"
    )
)
def ajouter_suite(dossier: Dossier, *, par: Compte, **champs: Any) -> Suite:
    """Of an engagement, of a proposition or of an étude."""
    return actes_suites.ajouter_suite(dossier, par=par, **champs)


@acte(Page[EngagementPris](consequence="Public. Les indicateurs restent affichés."))
def dire_tenu(
    engagement: EngagementPris,
    *,
    par: Compte,
    bilan: Annotated[str, champ_texte("Ce qui a été fait, et ce qui le montre", maximum=4000)],
) -> None:
    _finir(engagement, "dire_tenu", par=par, bilan=bilan)


@acte(Page[EngagementPris](consequence="L’engagement reste public, avec la raison. Rien n’est effacé."))
def abandonner_engagement(
    engagement: EngagementPris, *, par: Compte, bilan: Annotated[str, champ_texte("Pourquoi", maximum=4000)]
) -> None:
    _finir(engagement, "abandonner_engagement", par=par, bilan=bilan)


@transaction.atomic
def _finir(engagement: EngagementPris, acte: str, *, par: Compte, bilan: str) -> None:
    avancer(engagement, acte, par=par, motif=bilan, champs={"bilan": bilan, "clos_le": timezone.now()})
    faire_echeance(engagement, ECHEANCE)
