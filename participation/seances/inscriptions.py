"""Registrations of the members for visits and trainings: places, waiting list, attendance and feedback."""

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Avg, Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from participation.seances.calendrier import ics
from participation.seances.models import Inscription, Membre, Profil, Seance
from participation.seances.workflow import A_VENIR, Etat
from participation.socle.actions import avancer, enregistrer, exiger, verrouiller
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases, champ_parmi, champ_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.models import Compte
from participation.socle.views.colonnes import Colonne
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.exports import FORMATS
from participation.socle.views.listes import Liste, exporter
from participation.socle.views.pages import Page, acte, page_acte
from participation.socle.workflow import Role


def dire_l_inscription(inscription: Inscription) -> None:
    """Confirm a place, with the calendar event."""
    _ecrire("inscrire", inscription, avec_agenda=True)


def attendre(inscription: Inscription, rang: int) -> None:
    _ecrire("attendre_inscription", inscription, rang=rang)


def obtenir_place(inscription: Inscription) -> None:
    """Give a place to the first person of the waiting list, with the calendar event."""
    _ecrire("obtenir_place", inscription, avec_agenda=True)


def dire_la_desinscription(inscription: Inscription) -> None:
    _ecrire("desinscrire", inscription)


def deplacer(inscription: Inscription, *, ancien_debut: datetime, motif: str) -> None:
    _ecrire("deplacer_inscription", inscription, avec_agenda=True, ancien_debut=ancien_debut, motif=motif)


def annuler(inscription: Inscription, *, motif: str) -> None:
    """Tell that the visit or training is cancelled, with the cancelled calendar event."""
    _ecrire("annuler_inscription", inscription, avec_agenda=True, motif=motif)


def _ecrire(lettre: str, inscription: Inscription, *, avec_agenda: bool = False, **contexte: object) -> None:
    seance = inscription.seance
    pieces = []
    if avec_agenda:
        evenement = ics.calendrier([seance], seance.titre, avec_lien=True)
        pieces = [("rencontre.ics", ics.type_mime("PUBLISH"), evenement)]
    ecrire(
        f"seances/{lettre}",
        a=[inscription.membre.compte.courriel],
        contexte={
            "inscription": inscription,
            "seance": seance,
            "instance": seance.instance,
            "lien": reverse("seances:inscription", args=[seance.pk]),
            **contexte,
        },
        pieces=pieces,
    )


E = Inscription.Etat


def aller_aux_inscriptions(ligne: Inscription, _: object) -> str:
    return reverse("seances:inscriptions", args=[ligne.seance_id])


@transaction.atomic
def inscrire(
    seance: Seance, membre: Membre, *, par: Compte, besoins: Iterable[str] = (), precisions: str = ""
) -> Inscription:
    """Give a place, or a rank in the waiting list. The séance is locked: the last place is given once.

    Raises ActeInterdit (too late or cancelled), ErreurMetier (already registered, or not a member of the
    instance), RoleInsuffisant.
    """
    verrouiller(seance)
    inscription = Inscription.objects.filter(seance=seance, membre=membre).first()
    inscription = inscription or Inscription(membre=membre)
    inscription.seance, inscription.membre = seance, membre
    pas = exiger(inscription, "inscrire", par=par)
    etat = E.INSCRIT if places_libres(seance) != 0 else E.ATTENTE
    pas.avancer(
        champs={
            "le": timezone.now(),
            "etat": etat,
            "besoins": list(besoins),
            "precisions": precisions.strip(),
            "est_venu": None,
        },
        fait=f"{membre} : {etat.label}",
        nomme=[membre.compte],
    )
    if inscription.etat == E.INSCRIT:
        dire_l_inscription(inscription)
    else:
        attendre(inscription, rang_d_attente(inscription))
    return inscription


@acte(
    Page[Inscription](
        consequence="La personne est prévenue. La première de la liste d’attente a sa place et reçoit une lettre.",
        succes="L’inscription est annulée.",
        retour=aller_aux_inscriptions,
    )
)
@transaction.atomic
def desinscrire(inscription: Inscription, *, par: Compte) -> Inscription | None:
    """Cancel a registration. Return the first person waiting, who gets the place and a letter, or None."""
    pas = exiger(inscription, "desinscrire", par=par)
    pas.avancer(champs={"etat": E.ANNULEE}, fait=f"{inscription.membre} : inscription annulée")
    dire_la_desinscription(inscription)
    promues = _remplir(inscription.seance)
    return promues[0] if promues else None


@transaction.atomic
def remplir(seance: Seance) -> list[Inscription]:
    """Give the free places to those who wait, after a cancellation or when places were added."""
    verrouiller(seance)
    return _remplir(seance) if seance.inscriptions_ouvertes else []


def remplir_rencontres() -> int:
    """Periodic task: give the free places of all coming visits and trainings. Return how many were given."""
    seances = Seance.objects.filter(
        etat__in=A_VENIR, debut__gt=timezone.now(), inscriptions__etat=E.ATTENTE
    ).distinct()
    return sum(len(remplir(seance)) for seance in seances)


def achever(seance: Seance) -> None:
    """Close a visit or a training. Raises ActeInterdit before its end, and for a deliberating séance."""
    avancer(seance, "achever", par=None, champs={"levee_le": seance.fin})


def achever_rencontres() -> int:
    """Periodic task: close visits and trainings whose end has passed. Return how many.

    One that was moved in the meantime is left for the next run.
    """
    combien = 0
    passees = Seance.objects.filter(etat__in=A_VENIR, fin__lte=timezone.now())
    for seance in passees.exclude(nature__in=Seance.DELIBERANTES):
        with contextlib.suppress(ActeInterdit):
            achever(seance)
            combien += 1
    return combien


@transaction.atomic
def noter_venues(seance: Seance, *, venus: Collection[int], par: Compte) -> int:
    """Note who came among those who had a place. `venus`: pk of inscriptions. Return how many came."""
    pas = exiger(seance, "noter_venues", par=par)
    inscrites = seance.inscriptions.filter(etat=E.INSCRIT)
    inscrites.filter(pk__in=venus).update(est_venu=True)
    inscrites.exclude(pk__in=venus).update(est_venu=False)
    combien = inscrites.filter(est_venu=True).count()
    pas.avancer(fait=f"Présences notées : {combien}")
    return combien


@transaction.atomic
def donner_retour(inscription: Inscription, *, par: Compte, note: int, retour: str = "") -> None:
    """Keep the person's mark (out of 5) and feedback, after the visit or training. They may change them."""
    exiger(inscription, "donner_retour", par=par)
    enregistrer(inscription, note=note, retour=retour.strip())


def places_libres(seance: Seance) -> int | None:
    """Return the number of free places, or None when there is no limit."""
    if seance.capacite is None:
        return None
    return max(0, seance.capacite - seance.inscriptions.filter(etat=E.INSCRIT).count())


def rang_d_attente(inscription: Inscription) -> int:
    devant = inscription.seance.inscriptions.filter(etat=E.ATTENTE, le__lt=inscription.le)
    return devant.count() + 1


def prevenir_inscrits(seance: Seance, ecrire: Callable[..., None], **ce_qui_change: object) -> None:
    """Write one letter to each person registered or waiting who is not also convened."""
    convoques = seance.convies.filter(retire_le=None).values("membre")
    for inscription in (
        seance.inscriptions.exclude(etat=E.ANNULEE)
        .exclude(membre__in=convoques)
        .select_related("membre__compte")
    ):
        inscription.seance = seance
        ecrire(inscription, **ce_qui_change)


def _remplir(seance: Seance) -> list[Inscription]:
    libres = places_libres(seance)
    attente = seance.inscriptions.filter(etat=E.ATTENTE).select_related("membre__compte").order_by("le", "pk")
    promues = list(attente if libres is None else attente[:libres])
    for inscription in promues:
        inscription.seance = seance
        avancer(
            inscription,
            "obtenir_place",
            par=None,
            champs={"etat": E.INSCRIT},
            fait=f"{inscription.membre} : une place s’est libérée",
        )
        obtenir_place(inscription)
    return promues


ETOILES = [(5, "5, très utile"), (4, "4"), (3, "3"), (2, "2"), (1, "1, peu utile")]


class InscrireForm(ActeForm):
    besoins = champ_cases("De quoi avez-vous besoin pour venir ?", Profil.Besoin.choices, requis=False)
    precisions = champ_texte(
        "Précisions", "Lues par les agents du service seulement.", maximum=600, requis=False, lignes=2
    )

    def initiales(self) -> Mapping[str, Any]:
        """Return the usual needs of the person."""
        profil = Profil.objects.filter(compte__sieges=self.objet.membre_id).first()
        return {"besoins": profil.besoins if profil else []}


class AjouterForm(InscrireForm):
    """Registration by an agent, for a member who called."""

    field_order = ("membre", "besoins", "precisions")
    membre = champ_parmi("Membre", Membre.objects.none())

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def preparer(self) -> None:
        champ: Any = self.fields["membre"]
        seance = self.objet.seance
        inscrits = seance.inscriptions.exclude(etat="annulee").values("membre")
        possibles = Membre.objects.de_l_instance(seance.instance).en_fonction().exclude(pk__in=inscrits)
        self.choisir(
            "membre", possibles.select_related("compte", "college").order_by("compte__nom", "compte__prenom")
        )
        champ.label_from_instance = lambda m: f"{m} ({m.college})"
        self.fields["besoins"].label = "Besoins"


class RetourForm(ActeForm):
    note = forms.TypedChoiceField(
        label="Cette rencontre vous a-t-elle été utile ?",
        choices=ETOILES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    retour = champ_texte("Ce que vous en retenez, ce qui manquait", maximum=2000, requis=False, lignes=4)

    def initiales(self) -> Mapping[str, Any]:
        return {"note": self.objet.note, "retour": self.objet.retour}


BESOINS = dict(Profil.Besoin.choices)


DITS: dict[str, str] = {
    E.INSCRIT: "Votre place est réservée. Une lettre vous le confirme.",
    E.ATTENTE: "Vous êtes sur la liste d’attente. Nous vous écrivons si une place se libère.",
}


def _rencontre(pk: int) -> Seance:
    return get_object_or_404(Seance.objects.avec_instance().exclude(nature__in=Seance.DELIBERANTES), pk=pk)


def _membre(request: RequeteConnectee, seance: Seance) -> Membre | None:
    """Return the mandate with which the person registered, or else their mandate today."""
    siens = Membre.objects.filter(compte=request.user).de_l_instance(seance.instance).avec_personne()
    return siens.filter(inscriptions__seance=seance).first() or siens.en_fonction().order_by("-du").first()


@require_http_methods(["GET", "HEAD", "POST"])
def inscription(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Let a member register, cancel, or give feedback: one of them at a time."""
    return LA_MIENNE.page(request, lambda: _la_mienne(request, pk))


def _la_mienne(request: RequeteConnectee, pk: int) -> Inscription:
    """Return the registration of the person, not saved if she has none. Raises Http404."""
    seance = _rencontre(pk)
    membre = _membre(request, seance)
    if membre is None or seance.etat == Etat.PROGRAMMEE:
        raise Http404
    siennes = Inscription.objects.filter(seance=seance, membre=membre).select_related("membre__compte")
    sienne = siennes.first() or Inscription(membre=membre)
    sienne.seance = seance
    return sienne


def _contexte(request: HttpRequest, ligne: Inscription) -> dict[str, Any]:
    seance = ligne.seance
    return {
        "seance": seance,
        "app": seance.instance.app,
        "inscription": ligne if ligne.pk and ligne.etat != E.ANNULEE else None,
        "rang": rang_d_attente(ligne) if ligne.pk and ligne.etat == E.ATTENTE else 0,
        "est_ouverte": seance.inscriptions_ouvertes,
        "est_passee": seance.fin <= timezone.now(),
        "libres": places_libres(seance),
    }


LA_MIENNE = Ensemble[Inscription](
    pages={
        "inscrire": Page(
            lambda ligne, par, **reponses: inscrire(ligne.seance, ligne.membre, par=par, **reponses),
            InscrireForm,
            succes=lambda _, faite: DITS[faite.etat],
        ),
        "desinscrire": Page(desinscrire, succes="Votre inscription est annulée. Merci de l’avoir dit."),
        "donner_retour": Page(donner_retour, RetourForm, succes="Merci, votre retour est enregistré."),
    },
    gabarit="seances/inscriptions/inscription.html",
    contexte=_contexte,
)


COLONNES = [
    Colonne("nom", "Nom", lambda i: str(i.membre)),
    Colonne("qualite", "Qualité", lambda i: i.membre.qualite),
    Colonne("college", "Collège", lambda i: str(i.membre.college)),
    Colonne("courriel", "Courriel", lambda i: i.membre.compte.boite),
    Colonne("telephone", "Téléphone", lambda i: i.membre.compte.telephone),
    Colonne("etat", "État", lambda i: capfirst(i.get_etat_display())),
    Colonne("le", "Depuis le", lambda i: i.le),
    Colonne("besoins", "Besoins", lambda i: en_mots(i.besoins)),
    Colonne("precisions", "Précisions", lambda i: i.precisions),
    Colonne("est_venu", "Présence", lambda i: i.est_venu),
    Colonne("note", "Note sur 5", lambda i: i.note),
    Colonne("retour", "Retour", lambda i: i.retour),
]


def en_mots(besoins: list[str]) -> str:
    return ", ".join(str(BESOINS.get(besoin, besoin)) for besoin in besoins)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def inscriptions(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Show who has a place, who waits and their needs; afterwards attendance and feedback. Also exports."""
    seance = _rencontre(pk)
    toutes = seance.inscriptions.exclude(etat=E.ANNULEE).select_related(
        "membre__compte", "membre__college", "membre__commune"
    )
    if request.GET.get("export") in FORMATS:
        liste = Liste(
            cle=f"inscriptions-{seance.pk}",
            titre="Inscriptions",
            objets=toutes,
            filtres=object,
            colonnes=COLONNES,
            tri="le",
            singulier="inscription",
            pluriel="inscriptions",
        )
        return exporter(request, liste, toutes.order_by("etat", "le", "pk"), request.GET["export"])
    if request.method == "POST":
        venus = {int(numero) for numero in request.POST.getlist("venu") if est_un_numero(numero)}
        try:
            combien = noter_venues(seance, venus=venus, par=request.user)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, request.path)
        messages.success(request, f"Présences notées : {combien}.")
        return redirect(request.path)
    inscrites: list[tuple[Inscription, str]] = []
    attente: list[tuple[Inscription, str]] = []
    for ligne in toutes.order_by("le", "pk"):
        (inscrites if ligne.etat == E.INSCRIT else attente).append((ligne, en_mots(ligne.besoins)))
    besoins: dict[str, int] = {}
    for ligne, _ in inscrites:
        for besoin in ligne.besoins:
            besoins[besoin] = besoins.get(besoin, 0) + 1
    contexte: dict[str, Any] = {
        "seance": seance,
        "app": seance.instance.app,
        "inscrites": inscrites,
        "attente": attente,
        "besoins": [(BESOINS.get(cle, cle), combien) for cle, combien in sorted(besoins.items())],
        "libres": places_libres(seance),
        "est_ouverte": seance.inscriptions_ouvertes,
        "est_commencee": seance.debut <= timezone.now(),
        "avis": seance.inscriptions.filter(note__isnull=False).aggregate(
            moyenne=Avg("note"), combien=Count("pk")
        ),
        "retours": [ligne for ligne, _ in inscrites if ligne.note or ligne.retour],
    }
    return render(request, "seances/inscriptions/inscriptions.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Let an agent register a member who called."""
    page: Page[Inscription] = Page(
        lambda ligne, par, membre, **reponses: inscrire(ligne.seance, membre, par=par, **reponses),
        AjouterForm,
        "La personne reçoit une lettre, avec le rendez-vous pour son agenda. S’il n’y a plus de place, elle entre "
        "en liste d’attente.",
        succes=lambda _, faite: f"{faite.membre} : {faite.get_etat_display()}.",
        retour=aller_aux_inscriptions,
    )
    return page_acte(request, Inscription(seance=_rencontre(pk)), "inscrire", page)
