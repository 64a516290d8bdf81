"""Messages of a remontée: office pages, and follow-up page of the person."""

from typing import Any

from django.contrib import messages as avis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from participation.socle.calendrier import debut_du_jour
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer
from remontees.messages import actes
from remontees.messages.actes import MessageParLienForm, Recu
from remontees.models import Message, Remontee
from remontees.personne import ce_qui_suit, comment_elle_l_apprend, titre_pour_elle
from remontees.trouver import remontee_du_bureau
from remontees.workflow import Etat, Issue

MONTRES = 100


PAR_JOUR = 20  # messages of a person on a remontée per day, at most


def message_du_bureau(request: RequeteConnectee, pk: int) -> Message:
    message = get_object_or_404(Message.objects.select_related("suspension"), pk=pk)
    message.remontee = remontee_du_bureau(request, message.remontee_id)
    return message


def echanges_de(request: RequeteConnectee, remontee: Remontee) -> list[tuple[Message, Any]]:
    """Return the last messages, oldest first, with their buttons; none for readers other than agents."""
    if not request.user.est_agent:
        return []
    derniers = list(remontee.messages.select_related("par").order_by("-ecrit_le", "-pk")[:MONTRES])
    lignes = []
    for message in reversed(derniers):
        message.remontee = remontee
        actifs = message.est_a_lire or message.est_attendu or message.est_a_attribuer
        lignes.append((message, boutons_de(message, request.user) if actifs else []))
    return lignes


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suivi(request: HttpRequest, jeton: str) -> HttpResponse:
    """Follow-up page of the person, by signed link: état, answer, messages. 404 for an invalid link."""
    remontees: Any = Remontee.objects.select_related(
        "sujet_commun", "organisme", "categorie", "agent", "rapporteur"
    )
    remontee: Remontee = du_lien_ou_404(Remontee.LIEN, jeton, remontees)
    lus = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MessageParLienForm(*lus, objet=remontee)
    reouvertures = remontee.reouvertures
    if form.is_valid():
        if _trop(remontee):
            form.add_error(
                None, gettext("Vous avez beaucoup écrit aujourd’hui : attendez demain, ou appelez-nous.")
            )
        else:
            recu = Recu(
                form.cleaned_data["texte"],
                Message.Moyen.SITE,
                cle=form.cle_d_envoi({"remontee": remontee}),
                rouvre=form.cleaned_data.get("rouvre", False),
            )
            photo = form.cleaned_data["photo"]
            essayer(form, lambda: actes.recevoir_avec_photo(remontee, recu, photo=photo))
        if not form.errors:
            est_rouverte = remontee.reouvertures > reouvertures
            avis.success(
                request,
                gettext("Votre message est arrivé : nous reprenons votre remontée.")
                if est_rouverte
                else gettext("Votre message est arrivé. Le service le lit."),
            )
            return redirect("remontees:suivi", jeton)
    return render(
        request,
        "remontees/publiques/suivi.html",
        {
            "remontee": remontee,
            "titre": titre_pour_elle(remontee),
            "reponse_passee": remontee.reponse_passee(),
            "echanges": remontee.messages.pour_la_personne(),
            "question": remontee.messages.attentes().first(),
            "form": form,
            "suite": ce_qui_suit(remontee),
            "comment": comment_elle_l_apprend(remontee),
            "peut_regler": "dire_regle" in remontee.actes_permis_a(None),
        },
    )


@publique
@never_cache
@require_POST
def dire_que_c_est_regle(request: HttpRequest, jeton: str) -> HttpResponse:
    """After a second click the act is no longer allowed: same words."""
    remontees: Any = Remontee.objects.all()
    remontee: Remontee = du_lien_ou_404(Remontee.LIEN, jeton, remontees)
    if "dire_regle" not in remontee.actes_permis_a(None) and remontee.etat != Etat.CLOSE:
        avis.warning(request, gettext("Votre remontée a avancé depuis : lisez ci-dessous où elle en est."))
        return redirect("remontees:suivi", jeton)
    if remontee.etat != Etat.CLOSE:
        actes.dire_regle(remontee, par=None)
    avis.success(
        request,
        gettext("C’est noté : pour vous, c’est réglé. Merci de nous l’avoir dit.")
        if remontee.issue == Issue.TRAITE
        else gettext("C’est noté : notre réponse vous convient. Merci de nous l’avoir dit."),
    )
    return redirect("remontees:suivi", jeton)


def _trop(remontee: Remontee) -> bool:
    recents = remontee.messages.filter(moyen=Message.Moyen.SITE, ecrit_le__gte=debut_du_jour())
    return recents.count() >= PAR_JOUR
