"""The members' space: seats, séances, directory, and their own profile."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Row
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.seances.calendrier.lectures import adresse_de_flux, seances_de
from participation.seances.instances.actes import ColonnesForm, plan
from participation.seances.instances.lectures import colleges_de
from participation.seances.instances.regles import regles
from participation.seances.models import (
    Convie,
    DemandePoint,
    Inscription,
    Membre,
    ProcesVerbal,
    Profil,
    Seance,
)
from participation.seances.workflow import Etat, EtatPV
from participation.socle.actions import enregistrer
from participation.socle.forms.champs import champ_cases, champ_ligne
from participation.socle.francais import majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import essayer, lier
from participation.socle.vitrine import recueillir


class ProfilForm(ColonnesForm):
    telephone = champ_ligne(
        "Téléphone", maximum=20, requis=False, attributs={"type": "tel", "autocomplete": "tel"}
    )
    besoins = champ_cases(
        "Ce dont vous avez besoin pour venir",
        [(valeur, majuscule(mot)) for valeur, mot in Profil.Besoin.choices],
        "Nous le prévoyons à chaque séance. Vous pouvez changer pour une séance en y répondant.",
        requis=False,
    )

    MODELE = Profil
    LIBELLES = {
        "besoins": "",
        "presentation": "Vous, en quelques mots",
        "publie_presentation": "Publier ma présentation sur la page de l’instance",
        "publie_commune": "Publier ma commune sur la page de l’instance",
        "partage_courriel": "Donner mon adresse aux autres membres",
        "partage_telephone": "Donner mon téléphone aux autres membres",
        "genre": "Genre",
        "age": "Âge",
    }
    WIDGETS = {"presentation": forms.Textarea(attrs={"rows": 4})}

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "telephone": self.objet.compte.telephone}

    def preparer(self) -> None:
        super().preparer()
        for nom, mots in (("genre", Profil.Genre.choices), ("age", Profil.Age.choices)):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                dits = [(valeur, majuscule(mot)) for valeur, mot in mots]
                champ.choices = [("", "Je ne réponds pas"), *dits]
        self.fields["presentation"].help_text = "Ce que vous faites, ce qui vous tient à cœur."
        self.helper = plan(
            self,
            Fieldset("Venir aux séances", "besoins", "telephone"),
            Fieldset("Ce que le public voit", "presentation", "publie_presentation", "publie_commune"),
            Fieldset("Ce que les autres membres voient", "partage_courriel", "partage_telephone"),
            Fieldset(
                "Pour mesurer la diversité de l’instance",
                HTML(
                    '<p class="indice">Ces deux réponses restent au service, qui n’en tire que des nombres. Vous pouvez ne pas répondre.</p>'
                ),
                Row("genre", "age"),
            ),
        )


@transaction.atomic
def modifier_profil(profil: Profil, *, telephone: str | None = None, **champs: Any) -> None:
    """Change needs, presentation and consents. `telephone` is kept on the account. Raises ValidationError."""
    profil.refresh_from_db(from_queryset=Profil.objects.select_for_update())
    enregistrer(profil, **champs)
    if telephone is not None and telephone != profil.compte.telephone:
        profil.compte.telephone = telephone
        profil.compte.save(update_fields=["telephone"])


def renouveler_agenda(profil: Profil) -> None:
    """Give the calendar a new secret URL. The former one stops working."""
    profil.cle_agenda = uuid.uuid4()
    profil.save(update_fields=["cle_agenda"])


SEANCES_MONTREES, PASSEES_MONTREES, PV_MONTRES = 12, 12, 40


RENCONTRES = (Seance.Nature.VISITE, Seance.Nature.FORMATION)


def sieges_de(request: RequeteConnectee) -> QuerySet[Membre]:
    """Return the person's mandates, current and to come."""
    return (
        Membre.objects.filter(compte=request.user)
        .filter(Q(au__isnull=True) | Q(au__gte=timezone.localdate()))
        .avec_personne()
    )


def _siege(request: RequeteConnectee, cle: str) -> Membre:
    """Return the person's mandate in this instance. Raises 404 without one."""
    siege = sieges_de(request).filter(college__mandature__instance__cle=cle).order_by("du").first()
    if siege is None:
        raise Http404
    return siege


def _ce_qu_elle_a_dit(
    request: RequeteConnectee, seances: Sequence[Seance]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return her answers in words, and the états of her registrations, by séance."""
    convies = Convie.objects.filter(membre__compte=request.user, seance__in=seances, retire_le__isnull=True)
    inscriptions = Inscription.objects.filter(membre__compte=request.user, seance__in=seances)
    return (
        {convie.seance_id: convie.get_reponse_display() for convie in convies.order_by("pk")},
        dict(inscriptions.exclude(etat=Inscription.Etat.ANNULEE).values_list("seance", "etat")),
    )


@require_safe
def espace(request: RequeteConnectee) -> HttpResponse:
    """Show a member's home page: convocations to answer, coming séances, seats."""
    if not Membre.objects.filter(compte=request.user).exists():
        raise Http404
    sieges = list(sieges_de(request).order_by("college__mandature__instance__nom", "du"))
    profil = Profil.de(request.user)
    maintenant = timezone.now()
    a_repondre = (
        Convie.objects.filter(
            membre__compte=request.user,
            retire_le__isnull=True,
            convoque_le__isnull=False,
            reponse="",
            # For a visit or a training, members register: do not also ask for an answer to the invitation.
            seance__etat=Etat.CONVOQUEE,
            seance__fin__gte=maintenant,
            seance__nature__in=Seance.DELIBERANTES,
        )
        .select_related("seance__instance", "membre")
        .order_by("seance__debut", "pk")
    )
    a_venir = (
        seances_de(request.user).a_venir().filter(fin__gte=maintenant).avec_instance().order_by("debut", "pk")
    )
    seances = list(a_venir[: 2 * SEANCES_MONTREES])
    reponses, inscriptions = _ce_qu_elle_a_dit(request, seances)
    return render(
        request,
        "seances/espace/espace.html",
        {
            "sieges": sieges,
            "a_repondre": a_repondre,
            "ouvertes": [
                porte
                for cle in {siege.college.mandature.instance.cle: None for siege in sieges}
                for porte in recueillir("portes_des_membres", request.user, cle)
                if porte.attend
            ],
            "en_cours": [s for s in seances if s.est_en_cours],
            "seances": [
                (s, reponses.get(s.pk, ""))
                for s in seances
                if s.nature not in RENCONTRES and not s.est_en_cours
            ][:SEANCES_MONTREES],
            "rencontres": [
                (s, inscriptions.get(s.pk, ""))
                for s in seances
                if s.nature in RENCONTRES and not s.est_en_cours
            ],
            "profil": profil,
            "flux": adresse_de_flux("seances:agenda_personnel", profil.cle_agenda),
            "a_completer": not (profil.besoins or profil.presentation or profil.age or profil.genre),
            "url_autres": reverse(settings.ACCUEIL_RESIDENT),
        },
    )


@require_safe
def mon_instance(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Show an instance to one of its members: members, séances, procès-verbaux, demands of points."""
    siege = _siege(request, cle)
    instance = siege.college.mandature.instance
    mandature = instance.mandature_du() or siege.college.mandature
    reglement = instance.reglement_du()
    seances = Seance.objects.visibles_par(request.user).filter(instance=instance).avec_instance()
    pvs = (
        ProcesVerbal.objects.visibles_par(request.user)
        .filter(etat__in=[EtatPV.SOUMIS, EtatPV.APPROUVE], seance__instance=instance)
        .select_related("seance")
        .defer("texte")
        .order_by("-seance__debut")[:PV_MONTRES]
    )
    return render(
        request,
        "seances/espace/mon_instance.html",
        {
            "siege": siege,
            "instance": instance,
            "app": instance.app,
            "colleges": colleges_de(mandature),
            "a_venir": seances.a_venir()
            .filter(fin__gte=timezone.now())
            .exclude(pk__in=Seance.objects.entre_autres_que(request.user).values("pk"))[:SEANCES_MONTREES],
            "passees": seances.passees().order_by("-debut")[:PASSEES_MONTREES],
            "pvs": pvs,
            "demandes": DemandePoint.objects.filter(
                instance=instance, etat__in=[DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE]
            )
            .select_related("auteur__compte")
            .annotate(
                combien=Count("soutiens", distinct=True),
                est_soutenue=Count(
                    "soutiens", filter=Q(soutiens__membre__compte=request.user), distinct=True
                ),
            ),
            "peut_demander": siege.peut_demander,
            "portes": list(recueillir("portes_des_membres", request.user, instance.cle)),
            "regles": regles(reglement) if reglement else [],
            "reglement": reglement,
        },
    )


@require_safe
def annuaire(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Show how to reach the other members, with only what each agreed to share."""
    siege = _siege(request, cle)
    instance = siege.college.mandature.instance
    mandature = instance.mandature_du() or siege.college.mandature
    return render(
        request,
        "seances/espace/annuaire.html",
        {"instance": instance, "app": instance.app, "colleges": colleges_de(mandature)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def profil(request: RequeteConnectee) -> HttpResponse:
    """Let members change their needs, presentation and consents."""
    if not Membre.objects.filter(compte=request.user).exists():
        raise Http404
    profil = Profil.de(request.user)
    profil.compte = request.user
    form = lier(request, ProfilForm, profil)
    retour = reverse("seances:espace")
    if form.is_valid():
        essayer(form, lambda: modifier_profil(profil, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "Votre profil est enregistré.")
            return redirect(retour)
    return render(request, "seances/espace/profil.html", {"form": form, "retour": retour})


@require_POST
def mon_agenda(request: RequeteConnectee) -> HttpResponse:
    """Give the calendar a new secret URL. The member must give it again to their calendars."""
    if not Membre.objects.filter(compte=request.user).exists():
        raise Http404
    renouveler_agenda(Profil.de(request.user))
    messages.success(
        request,
        "Votre agenda a une nouvelle adresse. L’ancienne ne marche plus : donnez la nouvelle à vos appareils.",
    )
    return redirect(f"{reverse('seances:espace')}#agenda")
