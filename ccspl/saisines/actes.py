"""Acts on saisines: register, give a basis, put on an agenda, open the drafting, abandon; dates of the
council."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from ccspl.avis import au_demandeur, aux_membres
from ccspl.models import INSTANCE, Avis, ReunionDuConseil, ServiceSuivi
from ccspl.saisines.regles import date_limite_avis
from ccspl.transmission import restitution
from ccspl.workflow import VIVANTS, Etat
from participation.seances.models import Instance, Point, Seance
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.socle.actions import (
    annuler_echeance,
    avancer,
    consigner,
    donner_reference,
    enregistrer,
    exiger,
    fixer_echeance,
)
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

UN_JOUR = timedelta(days=1)


MINUTES_D_EXAMEN = 20  # default duration of the point


RAPPELS = (30, 14, 7)  # days before the limit of the avis


def _dates(*_: Any) -> dict[str, Any]:
    jour = timezone.localdate()
    toutes = ReunionDuConseil.objects.annotate(n=Count("avis"))
    return {
        "a_venir": toutes.filter(date__gte=jour).order_by("date", "nature", "pk"),
        "passees": toutes.filter(date__lt=jour).order_by("-date", "nature", "pk")[:20],
    }


class FonderForm(ActeForm):
    """Basis of the saisine, and council that decides."""

    objet: Avis

    saisine = champ_choix(
        "Qui saisit la commission ?",
        [
            ("deliberation", "Le conseil, par une délibération"),
            ("delegation", "L’exécutif, par délégation du conseil"),
            ("loi", "La loi : examen annuel d’un rapport"),
            ("auto", "La commission elle-même (auto-saisine)"),
            ("a_dire", "À préciser plus tard"),
        ],
        erreur="Dites qui saisit la commission.",
        boutons=True,
        initial=Avis.Saisine.A_DIRE,
    )
    fondement = champ_ligne(
        "Numéro et date de l’acte",
        "Obligatoire pour une délibération ou une délégation. Pour une auto-saisine : la séance, ou les membres qui la demandent.",
        maximum=200,
        requis=False,
    )
    conseil: Any = champ_parmi(
        "Conseil qui doit en délibérer",
        ReunionDuConseil.objects.none(),
        "L’avis doit être rendu avant ce jour.",
        requis=False,
        vide="Pas encore connu",
    )

    autres_services = forms.ModelMultipleChoiceField(
        label="Autres services concernés",
        queryset=ServiceSuivi.objects.filter(est_actif=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Quand une même question porte sur plusieurs services : l’avis est lu sous chacun.",
    )

    def initiales(self) -> Mapping[str, Any]:
        siens = list(self.objet.autres_services.all()) if self.objet.pk else []
        return {
            **{champ: getattr(self.objet, champ) for champ in ("saisine", "fondement", "conseil")},
            "autres_services": siens,
        }

    def preparer(self) -> None:
        self.choisir("conseil", conseils_a_venir(self.objet.conseil))
        if self.objet.pk:
            autres = ServiceSuivi.objects.filter(est_actif=True).exclude(pk=self.objet.service_id)
            self.choisir("autres_services", autres)


class SaisirForm(FonderForm):
    service = champ_parmi(
        "Service concerné",
        ServiceSuivi.objects.filter(est_actif=True),
        erreur="Choisissez le service.",
        vide="Choisir un service",
    )
    objet = forms.ChoiceField(  # type: ignore[assignment]  # a question too, on what the avis is about
        label="Sur quoi porte l’avis ?",
        choices=[("", "Choisir"), *((v, capfirst(t)) for v, t in Avis.Objet.choices)],
        error_messages={"required": "Dites sur quoi porte l’avis."},
    )
    titre = champ_ligne(
        "Titre", "Court et compréhensible par tous : il sera public.", maximum=160, erreur="Donnez un titre."
    )
    contexte = champ_texte(
        "Ce qui est demandé à la commission", "La question posée, en mots simples.", lignes=5, requis=False
    )
    date_saisine = champ_jour(
        "Saisie le", erreur="Dites quand la commission a été saisie.", initial=timezone.localdate
    )
    demandeur = champ_ligne("Personne ou service qui saisit", maximum=160, requis=False)
    adresse_demandeur = champ_courriel(
        "Son courriel", "Un accusé de réception y est envoyé, puis l’avis.", requis=False
    )
    field_order = [
        "service",
        "autres_services",
        "objet",
        "titre",
        "contexte",
        "date_saisine",
        "saisine",
        "fondement",
        "conseil",
        "demandeur",
        "adresse_demandeur",
    ]

    def initiales(self) -> Mapping[str, Any]:
        avis: Any = self.objet
        return {**super().initiales(), "service": avis.service_id, "objet": avis.objet}


@acte(
    Page[Avis](
        form=SaisirForm,
        consequence="La saisine reçoit sa référence. Si vous donnez une adresse, un accusé de réception part.",
        bouton="Enregistrer la saisine",
        succes=lambda avis, _: f"Saisine {avis.reference} enregistrée.",
        retour=lambda avis, fait: avis.get_absolute_url() if fait else reverse("ccspl:tableau"),
        gabarit="ccspl/saisir.html",
        contexte=lambda *_: {"sujet": "Une question posée à la commission"},
    )
)
@transaction.atomic
def saisir(
    avis: Avis,
    *,
    par: Compte,
    service: ServiceSuivi,
    autres_services: Iterable[ServiceSuivi] = (),
    objet: str,
    titre: str,
    contexte: str = "",
    saisine: str = Avis.Saisine.A_DIRE,
    fondement: str = "",
    date_saisine: date | None = None,
    conseil: ReunionDuConseil | None = None,
    demandeur: str = "",
    adresse_demandeur: str = "",
) -> Avis:
    """Register a saisine, on a new row: reference, échéance before the council, receipt to the requester.

    Raises ErreurMetier when the commission has no mandature on that day, ValidationError on the fields.
    """
    pas = exiger(avis, "saisir", par=par)
    jour = date_saisine or timezone.localdate()
    if jour > timezone.localdate():
        raise ValidationError({"date_saisine": "Cette date n’est pas encore arrivée."})
    instance = Instance.objects.filter(cle=INSTANCE).first()
    mandature = instance.mandature_du(jour) if instance is not None else None
    if mandature is None:
        raise ErreurMetier(
            "La commission n’a pas de mandature à cette date. Créez-la dans « Instances », puis enregistrez la saisine."
        )
    exiger_fondement(objet, saisine, fondement)
    pas.avancer(
        champs={
            "reference": donner_reference(avis),
            "service": service,
            "mandature": mandature,
            "objet": objet,
            "titre": titre,
            "contexte": contexte,
            "resume": contexte,
            "saisine": saisine,
            "fondement": fondement,
            "date_saisine": jour,
            "conseil": conseil,
            "demandeur": demandeur,
            "adresse_demandeur": adresse_demandeur,
            "direction": service.direction,
            "agent": par,
            "ouvert_le": timezone.now(),
        },
        motif=contexte,
        details={"saisine": saisine, "fondement": fondement},
    )
    avis.autres_services.set(autre for autre in autres_services if autre != service)
    fixer_date_limite(avis)
    # Send the receipt to the requester.
    au_demandeur(avis, "saisir", f"saisir:{avis.pk}", avis.agent.courriel if avis.agent else "")
    return avis


def exiger_fondement(objet: str, saisine: str, fondement: str) -> None:
    """Raise ValidationError when the basis is not valid (L1413-1).

    A deliberation or a delegation needs its number; the yearly examination is only for annual reports.
    """
    if saisine in {Avis.Saisine.DELIBERATION, Avis.Saisine.DELEGATION} and not fondement:
        raise ValidationError(
            {"fondement": "Donnez le numéro et la date de la délibération ou de la délégation."}
        )
    if saisine == Avis.Saisine.LOI and objet != Avis.Objet.RAPPORT:
        raise ValidationError({"saisine": "L’examen prévu par la loi ne concerne que les rapports annuels."})


def fixer_date_limite(avis: Avis) -> None:
    """Set the échéance of the avis: before the council; for a report without a council, before the end of the
    year."""
    limite = date_limite_avis(
        objet=avis.objet, date_saisine=avis.date_saisine, conseil=avis.conseil.date if avis.conseil else None
    )
    if avis.est_rendu:
        return
    if limite is None:
        annuler_echeance(avis, "avis")
        return
    fixer_echeance(
        avis,
        "avis",
        libelle="Rendre l’avis avant le conseil" if avis.conseil else "Examiner le rapport dans l’année",
        date_limite=limite,
        est_legale=True,
        rappels=RAPPELS,
        escalade=1,
        responsable=avis.agent,
    )


@acte(
    Page[Avis](
        form=FonderForm,
        consequence="La loi veut que le conseil saisisse la commission, ou qu’il en ait chargé l’exécutif par délégation.",
    )
)
@transaction.atomic
def fonder(
    avis: Avis,
    *,
    par: Compte,
    saisine: str,
    fondement: str = "",
    conseil: ReunionDuConseil | None = None,
    autres_services: Iterable[ServiceSuivi] | None = None,
) -> None:
    """Save the basis of the saisine and the council that decides; the échéance follows.

    `autres_services`: None leaves them unchanged.
    """
    exiger_fondement(avis.objet, saisine, fondement)
    avancer(
        avis,
        "fonder",
        par=par,
        details={"saisine": saisine, "fondement": fondement, "conseil": str(conseil or "")},
        champs={"saisine": saisine, "fondement": fondement, "conseil": conseil},
    )
    if autres_services is not None:
        avis.autres_services.set(autre for autre in autres_services if autre.pk != avis.service_id)
    fixer_date_limite(avis)


@acte(
    Page[Avis](
        form=restitution.SeanceAVenirForm,
        consequence="L’avis devient un point de l’ordre du jour. Si les membres sont déjà convoqués, prévenez-les ensuite.",
        retour=lambda avis, point: (
            f"{point.seance.get_absolute_url()}#ordre-du-jour" if point else avis.get_absolute_url()
        ),
    )
)
@transaction.atomic
def inscrire_en_seance(avis: Avis, *, par: Compte, seance: Seance) -> Point:
    """Put the avis on the agenda of a séance to come."""
    avancer(
        avis,
        "inscrire_en_seance",
        par=par,
        fait=f"À l’ordre du jour de la séance du {jour_texte(seance.debut)}",
        details={"seance": seance.pk},
    )
    return ajouter_point(
        seance,
        par=par,
        dossiers=[avis],
        nature=Point.Nature.AVIS,
        titre=avis.titre,
        direction=avis.direction,
        duree=MINUTES_D_EXAMEN,
    )


OuvrirRedactionForm = demander_texte(
    "Ce qui est demandé aux membres",
    nom="contexte",
    aide="Ils lisent ces mots dans leur courriel et en tête du texte.",
    maximum=6000,
    lignes=5,
    facultatif=True,
    actuel=True,
)


@acte(
    Page[Avis](
        form=OuvrirRedactionForm,
        consequence="Chaque membre reçoit le lien du texte et peut proposer une rédaction depuis son téléphone.",
        apercu=lambda avis, _: (
            "ccspl/ouvrir_redaction",
            {"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk])},
        ),
    )
)
@transaction.atomic
def ouvrir_redaction(avis: Avis, *, par: Compte, contexte: str = "") -> None:
    """Open the drafting to members, who each get a link. `contexte`: new wording of the question, if any."""
    champs: dict[str, Any] = {"contexte": contexte, "resume": contexte} if contexte else {}
    avancer(avis, "ouvrir_redaction", par=par, champs=champs)
    aux_membres(avis, "ouvrir_redaction")


AbandonnerForm = demander_texte(
    "Pourquoi",
    aide="Écrit dans le journal et dans les lettres.",
    maximum=600,
    erreur="Dites pourquoi la saisine est sans objet.",
)


@acte(Page[Avis](form=AbandonnerForm, consequence="La commission ne rendra pas d’avis. Le dossier est clos."))
@transaction.atomic
def abandonner(avis: Avis, *, par: Compte, motif: str) -> None:
    """Close a saisine without an avis: project withdrawn, or saisine made by mistake."""
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la saisine est sans objet."})
    avant = avis.etat
    avancer(avis, "abandonner", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(avis)
    _dire_abandonner(avis, motif=motif, en_cours=avant != Etat.SAISIE)


class ReunionForm(ActeForm):
    """A date of the council, or of one of its commissions."""

    objet: ReunionDuConseil

    nature = champ_choix("Nature", ReunionDuConseil.Nature.choices)
    intitule = champ_ligne("Intitulé", maximum=160)
    date = champ_jour("Date")
    lieu = champ_ligne("Lieu", maximum=160, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in self.base_fields}


# Dates of the council
@acte(
    Page[ReunionDuConseil](
        form=ReunionForm, succes="Date ajoutée.", gabarit="ccspl/reunions.html", contexte=_dates
    )
)
@transaction.atomic
def ajouter_reunion(reunion: ReunionDuConseil, *, par: Compte, **champs: Any) -> ReunionDuConseil:
    """Add a date of the council. Raises ValidationError when it already exists."""
    exiger(reunion, "ajouter_reunion", par=par)
    return enregistrer(reunion, **champs)


@acte(
    Page[ReunionDuConseil](
        form=ReunionForm,
        consequence="Les avis attendus pour cette réunion suivent la nouvelle date.",
        bouton="Enregistrer",
        succes="Date changée. Les échéances des avis suivent.",
    )
)
@transaction.atomic
def modifier_reunion(reunion: ReunionDuConseil, *, par: Compte, **champs: Any) -> None:
    """Change a date of the council; the échéances of its avis follow."""
    exiger(reunion, "modifier_reunion", par=par)
    enregistrer(reunion, **champs)
    attendus: Any = reunion.avis.filter(etat__in=VIVANTS).select_related("conseil", "agent")
    for avis in attendus:
        limite = avis.echeances.ouvertes().filter(cle="avis").first()
        fixer_date_limite(avis)
        if limite is not None and limite.date_limite != reunion.date - UN_JOUR:
            consigner(
                avis,
                "modifier_reunion",
                par=par,
                fait=f"Date du conseil changée : {jour_texte(reunion.date)}",
            )


@acte(Page[ReunionDuConseil](consequence="Elle disparaît du calendrier.", succes="Date supprimée."))
@transaction.atomic
def supprimer_reunion(reunion: ReunionDuConseil, *, par: Compte) -> None:
    """Delete a date of the council, which no avis may be waiting for."""
    exiger(reunion, "supprimer_reunion", par=par)
    reunion.delete()


def conseils_a_venir(garder: ReunionDuConseil | None = None) -> Any:
    """Return the meetings an avis may still precede, and the one already chosen."""
    reunions = ReunionDuConseil.objects.filter(date__gte=timezone.localdate() - timedelta(days=1))
    if garder is not None:
        reunions = reunions | ReunionDuConseil.objects.filter(pk=garder.pk)
    return reunions.order_by("date", "nature", "pk")


def _dire_abandonner(avis: Avis, *, motif: str, en_cours: bool) -> None:
    """Write to the requester and, if the drafting had begun, to the members."""
    if en_cours:
        aux_membres(avis, "abandonner", motif=motif)
    au_demandeur(avis, "abandonner", motif=motif, lien="")
