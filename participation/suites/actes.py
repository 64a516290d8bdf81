"""Add a suite and change it; its forms. Each act writes the history of the suite and the journal of its dossier."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import (
    annuler_echeance,
    avancer,
    enregistrer,
    exiger,
    faire_echeance,
    fixer_echeance,
)
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import (
    ChampFichier,
    champ_case,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Compte, Direction, Dossier
from participation.socle.views.pages import Page, acte
from participation.suites import lettres
from participation.suites.models import ChangementSuite, Preuve, ReglementSuites, Suite
from participation.suites.models.suspensions import mesures_de
from participation.suites.preuves import ajouter_preuve, champ_deliberation
from participation.suites.regles import degre_apres
from participation.suites.signals import suite_changee
from participation.suites.verdicts import solliciter
from participation.suites.workflow import (
    A_JUGER,
    A_REALISER,
    ABOUTIS,
    ARRIVEES,
    MOTIVES,
    REPONSES,
    Etat,
    Origine,
)

Nature = ChangementSuite.Nature


@transaction.atomic
def ajouter_suite(
    dossier: Dossier,
    *,
    par: Compte | None,
    intitule: str,
    direction: Direction,
    date_limite: date | None = None,
    texte_public: str = "",
    origine: str = Origine.DEMANDEE,
    demandee_par: str | None = None,
    promise_le: date | None = None,
    acte_promesse: str = "",
) -> Suite:
    """Do the act `ajouter_suite` of the dossier's own table, and create the suite with its échéance.

    `origine`: asked (by `demandee_par`, by default `qui_demande` of the dossier), or promised by the Métropole; a promise
    needs `promise_le` and `acte_promesse`. `date_limite`: by default, today plus `objectif_jours` of the règlement.
    Raises ValidationError when the date is past, or when a promise lacks its day or its act.
    """
    est_promise = origine == Origine.PROMISE
    voix = dossier.enfant.qui_demande if demandee_par is None else demandee_par
    if est_promise:
        exiger_promesse(promise_le, acte_promesse)
    reglement = ReglementSuites.objects.en_vigueur()
    if date_limite is None:
        if reglement is None:
            raise ValidationError({"date_limite": "Donnez une date : aucun règlement des suites ne la fixe."})
        date_limite = timezone.localdate() + timedelta(days=reglement.objectif_jours)
    elif date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    avancer(
        dossier.enfant,
        "ajouter_suite",
        par=par,
        motif=intitule,
        details={"direction": str(direction), "date_limite": date_limite.isoformat(), "origine": origine},
    )
    if not dossier.theme and (theme := dossier.enfant.theme_propose()):
        Dossier.objects.filter(pk=dossier.pk).update(theme=majuscule(theme)[:120])
    suite = enregistrer(
        Suite(
            dossier_id=dossier.pk,
            intitule=intitule,
            direction=direction,
            date_limite=date_limite,
            date_initiale=date_limite,
            texte_public=texte_public,
            reglement=reglement,
            origine=origine,
            demandee_par="" if est_promise else voix,
            promise_le=promise_le if est_promise else None,
            acte_promesse=acte_promesse.strip() if est_promise else "",
        )
    )
    ChangementSuite.retenir(
        suite, Nature.NAISSANCE, par=par, precision=f"Attendue le {jour_texte(date_limite)}"
    )
    fixer(suite)
    lettres.ajouter_suite(suite)
    return suite


@transaction.atomic
def changer_etat(
    suite: Suite,
    *,
    par: Compte | None,
    vers: str,
    texte_public: str = "",
    motif: str = "",
    oriente_vers: str = "",
    date_limite: date | None = None,
    au_nom_de: str = "",
    fichier: UploadedFile | None = None,
    adresse: str = "",
    deliberation: str = "",
    intitule_preuve: str = "",
    preuve: Preuve | None = None,
) -> ChangementSuite:
    """Move the suite to the état `vers`. `par` is an agent of the service or of its direction; None for the system.

    `date_limite`: the day by which an accepted suite will be done. `fichier`, `adresse`, `deliberation`: evidence,
    as public as the suite; `preuve`: evidence that was added before. Who asked is asked for a verdict when it is said done, dropped or without object.
    Raises ActeInterdit when `vers` is not in ARRIVEES of its état, ValidationError when a reason or an authority is missing.
    """
    pas = exiger(suite, "changer_etat", par=par)
    exiger_arrivee(suite, vers)
    exiger_raison(vers, motif, oriente_vers)
    avant, degre_avant = suite.etat, suite.degre
    source: dict[str, Any] = {"fichier": fichier, "adresse": adresse, "deliberation": deliberation}
    a_source = preuve is not None or any(source.values())
    champs: dict[str, Any] = {
        "motif": motif if vers in MOTIVES else "",
        "oriente_vers": oriente_vers if vers == Etat.HORS_COMPETENCE else "",
        "texte_public": texte_public or suite.texte_public,
        "degre": degre_apres(avant, vers, degre_avant, a_source=a_source),
        **_dates(suite, vers, date_limite),
    }
    pas.avancer(
        vers=vers,
        fait=f"Suite {Etat(vers).label} : {suite.intitule}",
        motif=motif or texte_public,
        details={"suite": suite.pk, "etat": vers},
        est_publique=suite.est_publiee,
        champs=champs,
    )
    if preuve is None and a_source:
        preuve = ajouter_preuve(suite, par=par, intitule=intitule_preuve, **source)
    precision = f"À faire le {jour_texte(suite.date_limite)} au plus tard" if "date_limite" in champs else ""
    changement = ChangementSuite.retenir(
        suite,
        Nature.ETAT,
        par=par,
        etat_avant=avant,
        au_nom_de=au_nom_de,
        precision=precision,
        preuve=preuve,
        **le_degre(suite, degre_avant),
    )
    _suivre(suite, changement)
    return changement


def _suivre(suite: Suite, changement: ChangementSuite) -> None:
    """Move the échéance of the direction, tell authors and followers, ask who asked once it is over."""
    if suite.etat in ABOUTIS:
        faire_echeance(suite.dossier, cle(suite))
    else:
        fixer(suite)
    dire(suite, changement)
    if suite.etat in A_JUGER:
        solliciter([suite], jour=timezone.localdate())


def _dates(suite: Suite, vers: str, date_limite: date | None) -> dict[str, Any]:
    """Return the columns of the first answer, and of the day by which an accepted suite will be done."""
    dates: dict[str, Any] = {}
    if vers in REPONSES and suite.repondue_le is None:
        dates = {"repondue_le": timezone.now(), **mesures_de(suite, repondue=timezone.localdate())}
    if date_limite is not None and vers in A_REALISER:
        if date_limite < timezone.localdate():
            raise ValidationError({"date_limite": "Cette date est déjà passée."})
        dates |= date_donnee(suite, date_limite, repondue=timezone.localdate() if dates else None)
    return dates


def le_degre(suite: Suite, avant: str) -> dict[str, str]:
    """Return what the history says of the degree: nothing when it did not move."""
    return {"degre_avant": avant, "degre_apres": suite.degre} if suite.degre != avant else {}


def date_donnee(suite: Suite, date_limite: date, *, repondue: date | None = None) -> dict[str, Any]:
    """Return the columns of an expected day given today: earlier stops of the clock do not move it."""
    suite.date_limite, suite.limite_donnee = date_limite, timezone.localdate()
    return {
        "date_limite": date_limite,
        "limite_donnee": suite.limite_donnee,
        **mesures_de(suite, repondue=repondue),
    }


champ_long = partial(
    champ_texte,
    maximum=8000,
    lignes=5,
    erreur="Écrivez ce texte : il dit au public ce qui est fait, ou le sera.",
)


class CorrigerForm(ActeForm):
    ACTUELS = ("texte_public", "motif")

    texte_public = champ_long("Texte public", requis=False)
    motif = champ_long("Pourquoi (public)", lignes=3, requis=False)
    raison = champ_ligne(
        "Ce qui est corrigé",
        "Public, dans l’histoire de la suite. Par exemple « Erreur sur la date des travaux ».",
        maximum=200,
    )
    est_publiee = champ_case(
        "Montrer cette suite au public",
        "Décochée, elle n’est plus sur la page du dossier ni dans le rendu compte.",
        requis=False,
    )
    prevenir = champ_case(
        "Écrire aux personnes qui suivent le dossier",
        "Quand la correction change le sens. Inutile pour une faute de frappe.",
        requis=False,
    )

    def initiales(self) -> dict[str, Any]:
        return {**super().initiales(), "est_publiee": self.objet.est_publiee}

    def preparer(self) -> None:
        if self.objet.etat not in MOTIVES:
            self.fields["motif"].widget = forms.HiddenInput()


@acte(
    Page[Suite](
        form=CorrigerForm,
        consequence="L’histoire de la suite garde ce qui était écrit avant, avec la date et ce qui est corrigé.",
    )
)
@transaction.atomic
def corriger(
    suite: Suite,
    *,
    par: Compte,
    texte_public: str,
    motif: str = "",
    raison: str = "",
    est_publiee: bool = True,
    prevenir: bool = False,
) -> None:
    """Correct the published text; the history keeps the former one. Followers are told only with `prevenir`.

    Raises ErreurMetier when nothing changes.
    """
    pas = exiger(suite, "corriger", par=par)
    exiger_raison(suite.etat, motif, suite.oriente_vers)
    a_change = (texte_public, motif) != (suite.texte_public, suite.motif)
    if not a_change and est_publiee == suite.est_publiee:
        raise ErreurMetier("Rien n’est changé : corrigez le texte, ou revenez à la suite.")
    pas.avancer(
        fait=f"Texte corrigé : {suite.intitule}",
        motif=raison,
        details={"suite": suite.pk, "est_publiee": est_publiee},
        est_publique=est_publiee,
        champs={
            "texte_public": texte_public,
            "motif": motif if suite.etat in MOTIVES else "",
            "est_publiee": est_publiee,
        },
    )
    changement = ChangementSuite.retenir(suite, Nature.TEXTE, par=par, precision=raison[:200])
    if prevenir:
        dire(suite, changement)


def cle(suite: Suite) -> str:
    """Return the key of the échéance of the suite in its dossier."""
    return f"suite-{suite.pk}"


def exiger_arrivee(suite: Suite, vers: str) -> None:
    if vers not in ARRIVEES[suite.etat]:
        raise ActeInterdit(f"Une suite « {suite.get_etat_display()} » ne devient pas « {Etat(vers).label} ».")


def exiger_raison(vers: str, motif: str, oriente_vers: str) -> None:
    """Check what an état requires: a reason, an authority. Raises ValidationError on each missing field."""
    erreurs = {}
    if vers in MOTIVES and not motif.strip():
        erreurs["motif"] = "Dites pourquoi : cette raison est publique."
    if vers == Etat.HORS_COMPETENCE and not oriente_vers.strip():
        erreurs["oriente_vers"] = "Dites quelle autorité peut répondre, par exemple une commune ou l’État."
    if erreurs:
        raise ValidationError(erreurs)


def exiger_promesse(promise_le: date | None, acte: str) -> None:
    """Check that a promise has its act and a day that is not in the future. Raises ValidationError on each field."""
    erreurs = {}
    if promise_le is None:
        erreurs["promise_le"] = ici("Dites quand la {metropole} l’a promis.")
    elif promise_le > timezone.localdate():
        erreurs["promise_le"] = "Cette date n’est pas encore venue."
    if not acte.strip():
        erreurs["acte_promesse"] = "Dites par quel acte : une délibération, un arrêté, une réponse publique."
    if erreurs:
        raise ValidationError(erreurs)


def dire(suite: Suite, changement: ChangementSuite) -> None:
    """Tell the people of the app first (signal), then the followers it did not write to."""
    suite_changee.send(Suite, suite=suite, changement=changement)
    lettres.changer_etat(suite, changement=changement)


def fixer(suite: Suite) -> None:
    """Create or move the échéance of the direction. It stays open until the suite is closed, or its clock is stopped."""
    if suite.date_exigible is None:
        annuler_echeance(suite.dossier, cle(suite))
        return
    reglement = suite.reglement
    verbe = "Rendre la suite" if suite.repondue_le is None else "Dire si c’est fait"
    fixer_echeance(
        suite.dossier,
        cle(suite),
        libelle=f"{verbe} : {suite.intitule}"[:160],
        date_limite=suite.date_exigible,
        rappels=reglement.rappels if reglement else (),
        relances=reglement.relances if reglement else (),
        escalade=reglement.escalade if reglement else None,
        escalade_elu=reglement.escalade_elu if reglement else None,
        direction=suite.direction,
        lien=reverse("suites:repondre", args=[suite.jeton()]),
        page=suite.get_absolute_url(),
    )


def choix_etats(suite: Suite) -> list[tuple[str, str]]:
    """Return the états that the suite may reach, in the order of Etat."""
    vers = ARRIVEES[suite.etat]
    return [(e.value, majuscule(e.label)) for e in Etat if e in vers]


class EtatForm(ToutDire, ActeForm):
    """Fields common to the service and to the direction. The act checks what an état requires."""

    etat = forms.ChoiceField(
        label="Où en est la suite ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est la suite."},
    )
    texte_public = champ_long("Ce qui est fait, ou le sera", "Public : des phrases simples, sans sigle.")
    motif = champ_long(
        "Pourquoi",
        "Demandé quand la suite n’est pas donnée, ne l’est qu’en partie, s’arrête, est abandonnée, n’a plus d’objet, ou "
        "dépend d’une autre autorité. Public.",
        lignes=3,
        requis=False,
    )
    oriente_vers = champ_ligne(
        "Qui peut répondre",
        ici_plus_tard(
            "Demandé quand cela ne dépend pas de la {metropole} : une commune, le Département, l’État…"
        ),
        maximum=160,
        requis=False,
    )
    date_limite = champ_jour(
        "Ce sera fait au plus tard le",
        "Si la suite est suivie, au moins en partie, et si vous connaissez la date.",
        requis=False,
    )
    adresse = forms.URLField(
        label="Adresse d’une page qui le montre",
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text="Délibération, article, page du projet. Publique avec la réponse.",
    )
    fichier = ChampFichier(
        label="Ou un fichier",
        required=False,
        help_text="PDF, photo ou document de bureau. Public avec la réponse. Sans page, fichier ni délibération, "
        "une suite réalisée reste « pas de preuve ».",
    )

    def preparer(self) -> None:
        etat: Any = self.fields["etat"]
        etat.choices = choix_etats(self.objet)
        if not ARRIVEES[self.objet.etat] & A_REALISER:
            del self.fields["date_limite"]

    def exiger(self, dit: Mapping[str, Any]) -> None:
        exiger_raison(dit.get("etat", ""), dit.get("motif", ""), dit.get("oriente_vers", ""))


class ChangerEtatForm(EtatForm):
    field_order = (
        "etat",
        "texte_public",
        "motif",
        "oriente_vers",
        "date_limite",
        "adresse",
        "fichier",
        "deliberation",
    )

    texte_public = champ_long(
        "Ce qui est fait, ou le sera (public)", "Des phrases simples, sans sigle.", requis=False
    )
    deliberation = champ_deliberation()
    intitule_preuve = champ_ligne(
        "Ce que montre la page, le fichier ou la délibération",
        "Par exemple « Photo du carrefour refait ».",
        maximum=160,
        requis=False,
    )

    def initiales(self) -> dict[str, Any]:
        return {"texte_public": self.objet.texte_public}


class AjouterSuiteForm(ActeForm):
    """A new suite, asked by the authors of the dossier or promised by an act of the Métropole."""

    field_order = ("intitule", "origine", "promise_le", "acte_promesse")

    intitule = champ_ligne(
        "Ce qui est attendu",
        "Un verbe et un objet : « Éclairer le passage ».",
        maximum=200,
        erreur="Dites ce qui est attendu.",
    )
    direction = champ_parmi(
        "Direction qui répond",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="Choisir une direction",
    )
    date_limite = champ_jour(
        "À rendre au plus tard le", "Vide : le délai visé du règlement des suites.", requis=False
    )
    texte_public = champ_long("Précisions (publiques)", lignes=3, requis=False)
    origine = champ_choix(
        "D’où vient cette suite ?",
        [],
        ici_plus_tard(
            "« Promis » ne se dit que de ce que la {metropole} a décidé par un acte : une délibération, une réponse publique."
        ),
        boutons=True,
        initial=Origine.DEMANDEE,
        erreur="Dites si elle est demandée ou promise.",
    )
    promise_le = champ_jour(
        "Promis le", ici_plus_tard("Seulement si la {metropole} l’a promis."), requis=False
    )
    acte_promesse = champ_ligne(
        "Par quel acte",
        ici_plus_tard("Par exemple « délibération n° 12 du {conseil} »."),
        maximum=200,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"direction": self.objet.direction_id}

    def preparer(self) -> None:
        origine: Any = self.fields["origine"]
        origine.choices = [
            (Origine.DEMANDEE.value, f"Demandé par {self.objet.qui_demande}"),
            (Origine.PROMISE.value, ici("Promis par la {metropole}")),
        ]
