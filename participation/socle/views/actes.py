"""One act, one page: what will happen, what is asked, one button. And the acts that every nature shares.

A view of an app is four lines:

    def declarer_recevable(request: RequeteConnectee, pk: int) -> HttpResponse:
        petition = get_object_or_404(Petition.objects.visibles_par(request.user), pk=pk)
        return page_acte(
            request, petition, "declarer_recevable", DeclarerRecevableForm,
            lambda reponses: actions.declarer_recevable(petition, par=request.user, **reponses),
            consequence="La pétition est publiée et ses auteurs reçoivent la décision.",
        )
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm, Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from participation.socle.courrier import composer
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.http import RequeteConnectee, saisies
from participation.socle.models import Dossier
from participation.socle.versions import TexteDepasse, VersionMixin

Lettre = tuple[str, Mapping[str, Any]]
Apercu = Lettre | Callable[[dict[str, Any]], Lettre]


def page_acte(
    request: RequeteConnectee,
    dossier: Dossier,
    acte: str,
    form: type[BaseForm] | BaseForm | None,
    agir: Callable[[dict[str, Any]], object],
    *,
    gabarit: str = "socle/acte.html",
    contexte: Mapping[str, Any] | None = None,
    titre: str = "",
    consequence: str = "",
    succes: str = "",
    apercu: Apercu | None = None,
    retour: str = "",
) -> HttpResponse:
    """GET shows the form, a valid POST calls `agir(form.cleaned_data)` and comes back to the dossier.

    `form`: a class (bound here to POST and FILES), an instance that the view has bound, or None for a plain confirmation.
    An act of the dossier's table gives its name to the page and its rule to who may come: RoleInsuffisant (403 page), 409 page
    with the way back when the état has moved. For an act outside the table give `titre` (an infinitive, also the button) and
    check the role in the view. `consequence`: one sentence under the title. `succes`: the message, else the journal's words.
    `apercu`: the letter that the act will send, `(lettre, contexte)` or a function of the answers giving that pair; the page
    shows its text, with a function only once the answers are valid (a second button asks for it, nothing is done).
    `retour`: where to go, the dossier by default. Errors of the trade (ErreurMetier, ValidationError) are shown on the form,
    what was typed is kept.
    """
    retour = retour or dossier.get_absolute_url()
    transition = dossier.enfant.TRANSITIONS.get(acte)
    if transition is not None:
        if not transition.par & dossier.roles_de(request.user):
            raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
        if dossier.etat_actuel not in transition.de:
            return acte_depasse(
                request,
                f"« {transition.libelle} » n’est plus possible : le dossier est « {dossier.libelle_etat} ».",
                retour,
            )
        if not dossier.enfant.permet(acte, request.user):
            raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert sur ce dossier.")
    lie = lier(request, form)
    lettre: tuple[str, str] | None = composer(*apercu) if isinstance(apercu, tuple) else None
    if lie.is_valid():
        reponses: dict[str, Any] = lie.cleaned_data
        if "apercu" in request.POST and callable(apercu):
            lettre = composer(*apercu(reponses))
        else:
            fait = tenter(request, lie, lambda: agir(reponses), retour)
            if fait is not None:
                return fait
            if not lie.errors:
                fait_dit = transition.fait if transition is not None else titre
                messages.success(request, succes or f"{fait_dit}.")
                return redirect(retour)
    return render(
        request,
        gabarit,
        {
            "dossier": dossier.enfant,
            "app": dossier.enfant._meta.app_label,
            "nature": dossier.enfant._meta.verbose_name,
            "suivi": dossier.enfant,
            "domaine": dossier.enfant.domaine,
            "fil": dossier.enfant.fil,
            "sujet": dossier.enfant.designation,
            "cadre_page": "bureau.html",
            "est_publique": False,
            "obstacles": [],
            "acte": acte,
            "titre": titre or (transition.libelle if transition is not None else acte),
            "bouton": titre or (transition.libelle if transition is not None else acte),
            "consequence": consequence,
            "est_dangereux": transition is not None and transition.est_dangereux,
            "form": lie,
            "avec_plan": hasattr(lie, "helper"),
            "lettre": lettre,
            "lettre_demandee": "apercu" in request.POST,
            "apercu_sur_demande": callable(apercu),
            "retour": retour,
            **(contexte or {}),
        },
    )


def lier(request: RequeteConnectee, form: type[BaseForm] | BaseForm | None) -> Any:
    """The form bound to what was posted. An instance comes back as it is."""
    if isinstance(form, BaseForm):
        return form
    classe: type[Any] = form or Form
    return classe(request.POST, request.FILES) if request.method == "POST" else classe()


def tenter(
    request: RequeteConnectee, form: Any, agir: Callable[[], object], retour: str
) -> HttpResponse | None:
    """Run an act; a refusal of the trade goes into the form, an act that is no longer possible gives the 409 page."""
    try:
        essayer(form, agir)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, retour)
    return None


def essayer(form: Any, agir: Callable[[], object]) -> bool:
    """Run an act; a refusal of the trade goes into the form, what was typed is kept. Returns whether it was done.

    Raises ActeInterdit and RoleInsuffisant, which are pages of their own.
    """
    try:
        agir()
    except (ActeInterdit, RoleInsuffisant):
        raise
    except (ErreurMetier, ValidationError) as erreur:
        refuser(form, erreur)
    return not form.errors


def refuser(form: Any, erreur: ErreurMetier | ValidationError) -> None:
    """The words of a refusal, on the form."""
    if isinstance(erreur, ErreurMetier):
        form.add_error(None, erreur.message)
    else:
        ajouter_erreurs(form, erreur)


def sans_ecraser(
    form: VersionMixin, objet: object, champs: Sequence[str], agir: Callable[[dict[str, Any]], object]
) -> Callable[[dict[str, Any]], object]:
    """`agir` for a form with a version: when the text changed meanwhile, the page comes back on today's version."""

    def essayer(reponses: dict[str, Any]) -> object:
        try:
            return agir(reponses)
        except TexteDepasse:
            form.relire(objet, champs)
            raise

    return essayer


def ajouter_erreurs(form: Any, erreur: ValidationError) -> None:
    """Each error on its field when the form asks for it, else at the top: no word of the model is lost."""
    if hasattr(erreur, "error_dict"):
        for champ, erreurs in erreur.error_dict.items():
            form.add_error(champ if champ in form.fields else None, erreurs)
    else:
        form.add_error(None, erreur)


def acte_depasse(request: RequeteConnectee, message: str, retour: str) -> HttpResponse:
    return render(
        request, "409.html", {"message": message, "retour": retour, "saisies": saisies(request)}, status=409
    )


def revenir(request: RequeteConnectee, defaut: str) -> HttpResponseRedirect:
    """Back to where the form said, when it is a path of this site; else `defaut`."""
    demande = request.POST.get("retour", "")
    return HttpResponseRedirect(
        demande if url_has_allowed_host_and_scheme(demande, allowed_hosts=None) else defaut
    )
