"""Pages of votes and decisions, for the facilitator."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods

from participation.seances.animation import fil_de, retour_de
from participation.seances.ecrans.blocs import dossiers_de
from participation.seances.ecrans.lectures import SeanceEnCours
from participation.seances.ecrans.vues.animer import _faire, trouver_point
from participation.seances.ecrans.vues.gestes import trouver_seance
from participation.seances.ecrans.vues.pages import vote_anime
from participation.seances.models import PointDossier
from participation.seances.points import decisions
from participation.seances.points.decisions import DeciderEnsembleForm
from participation.seances.presence.lectures import Situation
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.seances.votes.cloture import CompterMainsForm
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Dossier
from participation.socle.views.pages import Page, essayer, est_partiel, page_acte, situer
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def compter_mains(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Save the hands counted by collège. The button « Compter et clore » also closes the vote."""
    vote = vote_anime(request, pk)
    retour = retour_de(vote.point.seance_id)
    refus = vote.point.seance.refus("compter_mains", request.user, vote)
    if refus is not None and not est_partiel(request):
        return acte_depasse(request, refus.message, retour)
    colleges = votes.attendus_par_college(vote, Situation.de(vote.point.seance))
    form = CompterMainsForm(request.POST or None, vote=vote, colleges=colleges)

    def agir() -> None:
        cloture.compter_mains(vote, form.decomptes(), par=request.user)
        if "clore" in request.POST:
            cloture.clore_vote(
                vote, par=request.user, voix_du_president=form.cleaned_data.get("voix_du_president") or None
            )

    if est_partiel(request):

        def compter() -> None:
            if not form.is_valid():
                raise ErreurMetier("Un compte n’est pas un nombre : corrigez-le.")
            agir()

        return _faire(request, vote.point.seance_id, compter)
    if request.method == "POST" and form.is_valid():
        try:
            essayer(form, agir)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, retour)
        if not form.errors:
            return redirect(retour)
    return render(
        request,
        "seances/votes/compter_mains.html",
        {
            "vote": vote,
            "form": form,
            "form_mains": form,
            "retour": retour,
            "app": vote.point.seance.instance.app,
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def clore_vote(request: RequeteConnectee, pk: int) -> HttpResponse:
    vote = vote_anime(request, pk)
    if request.method != "POST":
        return redirect(retour_de(vote.point.seance_id))
    return _faire(
        request,
        vote.point.seance_id,
        lambda: cloture.clore_vote(
            vote,
            par=request.user,
            voix_du_president=request.POST.get("voix_du_president") or None,
            sans_attendre="sans_attendre" in request.POST,
        ),
    )


# Decisions
@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def decider(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show the dossiers of a point: decided, to decide one by one, or several at once with the same decision."""
    point = trouver_point(request, pk)
    dossiers = dossiers_de(point)
    a_decider = [ligne for ligne in dossiers if ligne.decisions]
    communes = {
        code: option.libelle for ligne in a_decider for code, option in ligne.decisions if not option.form
    }
    liens = [ligne.lien for ligne in a_decider if any(not option.form for _, option in ligne.decisions)]
    vote = decisions.dernier_vote(point)
    options = [option for ligne in a_decider for option in ligne.decisions]
    suivent = {code for code, option in options if vote and not decisions.ecart_du_vote(vote, code, option)}
    form = (
        DeciderEnsembleForm(
            request.POST or None,
            liens=liens,
            decisions=list(communes.items()),
            peut_s_ecarter=vote is not None and len(suivent) < len({code for code, _ in options}),
        )
        if len(liens) > 1
        else None
    )
    if form is not None and form.is_valid():
        choix = form.cleaned_data
        try:
            essayer(
                form,
                lambda: decisions.decider_ensemble(
                    point,
                    list(choix["dossiers"]),
                    choix["decision"],
                    par=request.user,
                    ecart=choix.get("ecart", ""),
                ),
            )
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, retour_de(point.seance_id))
        if not form.errors:
            return redirect(reverse("seances:decider", args=[point.pk]))
    en_cours = SeanceEnCours(point.seance)
    return render(
        request,
        "seances/ecrans/decider.html",
        {
            "point": point,
            "dossiers": dossiers,
            "form": form,
            "ecran": en_cours,
            "vote": vote,
            "suivent": suivent,
            "retour": retour_de(point.seance_id),
            "app": point.seance.instance.app,
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def decider_dossier(request: RequeteConnectee, pk: int, decision: str) -> HttpResponse:
    """Take one decision on one dossier, with the form of its app or a plain confirmation."""
    lien = get_object_or_404(PointDossier.objects.select_related("point"), pk=pk)
    lien.point.seance = trouver_seance(request.user, lien.point.seance_id)
    dossier = Dossier.objects.get(pk=lien.dossier_id).enfant
    liste = reverse("seances:decider", args=[lien.point_id])
    # Return to the list while another dossier waits; after the last one, to the screen of the séance.
    autres = PointDossier.objects.filter(point=lien.point_id, decision="").exclude(pk=lien.pk)
    retour = liste if autres.exists() else retour_de(lien.point.seance_id)
    option = dossier.decisions_en(lien.point.seance.instance.cle).get(decision)
    if option is None:
        raise Http404
    classe = import_string(option.form) if option.form else ActeForm
    vote = decisions.dernier_vote(lien.point)
    ecart = decisions.ecart_du_vote(vote, decision, option)
    sans_vote = "" if vote else " Aucun vote n’a été fermé à ce point : elle est prise sans vote."
    if not vote and (manque := decisions.manque_de_quorum(lien.point)):
        sans_vote = f" {manque}"

    def demander(*donnees: Any, objet: PointDossier, par: Compte) -> ActeForm:
        # The form of the app works on the dossier, not on the PointDossier.
        form: ActeForm = classe(*donnees, objet=dossier, par=par)
        if ecart:
            form.fields["ecart"] = decisions.champ_ecart(requis=True)
        return form

    apercu = import_string(option.apercu) if option.apercu else None
    page: Page[PointDossier] = Page(
        lambda lien, *, par, ecart="", **reponses: decisions.decider(
            lien, decision, par=par, reponses=reponses, ecart=ecart
        ),
        demander,
        apercu=(lambda lien, reponses: apercu(decision, dossier, reponses, lien.point.seance))
        if apercu
        else None,
        titre=option.libelle,
        gabarit="seances/ecrans/decider_dossier.html",
        consequence=f"La décision s’applique aussitôt au dossier.{sans_vote}",
        succes=f"{option.libelle} : la décision est enregistrée.",
        retour=retour,
        contexte=lambda *_: {
            "fil": [*fil_de(lien.point.seance), ("Décisions", liste)],
            "domaine": dossier.domaine,
            "seance": lien.point.seance,
            "avertissement": ecart,
            "faits": dossier.faits_avant_vote(lien.point.seance.instance.cle),
            "dossier": dossier,
            "obstacles": situer(
                dossier,
                [
                    *lien.point.seance.manques("decider", request.user, lien),
                    *(dossier.manques(decision, request.user) if decision in dossier.TRANSITIONS else []),
                ],
                request.user,
            ),
        },
    )
    return page_acte(request, lien, "decider", page)
