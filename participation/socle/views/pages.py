"""Pages of the acts.

A page shows what will happen, the form, the obstacles, the letter to be sent and one button. Its words stand with
the action, whose typed keywords are its form:

    @acte(Page[Petition](consequence=lambda p: f"La collecte finit le {jour_texte(p.date_fin_collecte)}."))
    def prolonger(petition: Petition, *, par: Compte, motif: Annotated[str, champ_texte("Pourquoi")]) -> None: …

    urlpatterns = routes("dossiers/<int:pk>/", Petition, petition_du_bureau, collecte, conseil)

A form class, where fields depend on one another, is given as `form`; the rest comes from the table of acts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import FunctionType, ModuleType
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, URLPattern, path, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from participation.socle.bd.verrous import verrou
from participation.socle.courriels import sms
from participation.socle.courriels.ecriture import composer, situer_sujet
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque, RoleInsuffisant
from participation.socle.forms.actes import ActeForm, refuser
from participation.socle.forms.montre import exiger_montre, montre, n_a_change_que_par_l_acte
from participation.socle.forms.relecture import RELIRE, garder
from participation.socle.forms.signature import formulaire_de
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Courriel, Dossier, Partie, Suivi, de_quoi
from participation.socle.regles.versions import MONTRE, TexteDepasse, resumer
from participation.socle.workflow import Role

O = TypeVar("O", bound=Suivi | Partie)  # noqa: E741 the object of the act
# (name of the letter, context), and the channel (`moyen`) if it is not an email.
Lettre = tuple[str, Mapping[str, Any]] | tuple[str, Mapping[str, Any], str]
ROLES_DE_L_OBJET = frozenset({Role.AUTEUR, Role.MEMBRE})  # that depend on the object
# Roles that read a dossier only while something is asked of their service.
SERVICES = frozenset({Role.AGENT_DIRECTION, Role.AGENT_COMMUNE})
SECOND_CLIC = timedelta(seconds=10)


class Reserve(str):
    """Message of an act that did nothing, or left something to do. Shown as a warning instead of a success."""

    __slots__ = ()


def annoncer(request: HttpRequest, mots: str) -> None:
    """Show what an act did at the top of the next page."""
    dire = messages.warning if isinstance(mots, Reserve) else messages.success
    dire(request, mots)


def _sans_action(objet: Any, *, par: Any) -> None:
    raise NotImplementedError("The page of an act is given its action by `@acte`.")


@dataclass(frozen=True, slots=True)
class Page(Generic[O]):
    """The page of one act, done on `O`: a Suivi or a Partie.

    `action`: given by `@acte`; called as `action(objet, par=…, **answers)`; its result is passed to `succes` and `retour`.
    `form`: None for what the keywords of the action ask, or for a simple confirmation.
    `consequence`: one sentence under the title, which says what will happen.
    `lettre`: the letter, when it does not depend on the answers. `apercu`: the letter, when it does; a second
    button then shows it without doing the act. Both return (name of the letter, context), with the channel if
    it is not an email.
    `succes`: the success message; by default the words of the journal. A `Reserve` is shown as a warning.
    `retour`: the next page; by default the page of the Suivi, « #anchor » for a place on it.
    `?retour=/seances/12/` in the URL overrides it.
    `titre`: title (and button) if other than the table's. `bouton`: button if other than the title.
    `contexte`: extra context for `gabarit`; called with the request, the object and the form.
    `est_publique`: use the layout of the public pages instead of the back office's.
    `en_un_clic`: no page of its own. The button stands on another page; a POST does the act and goes back,
    with any refusal as a message.
    `ouvre`: the act creates what it is done on, so its page stands where `routes` is given its class.
    `ecran`: the response to an htmx request, instead of a redirection.
    A `gabarit` may have a button named « encore »: after the act, the same page comes again.
    """

    action: Callable[..., Any] = _sans_action
    form: Callable[..., ActeForm] | None = None
    consequence: str | Callable[[O], str] = ""
    lettre: Callable[[O], Lettre] | None = None
    apercu: Callable[[O, dict[str, Any]], Lettre] | None = None
    succes: str | Callable[[O, Any], str] = ""
    retour: str | Callable[[O, Any], str] = ""
    titre: str | Callable[[O], str] = ""
    bouton: str = ""
    gabarit: str = "socle/dossiers/acte.html"
    contexte: Callable[[RequeteConnectee, O, Any], Mapping[str, Any]] | None = None
    est_publique: bool = False
    en_un_clic: bool = False
    ouvre: bool = False
    ecran: Callable[[RequeteConnectee, O], HttpResponse] | None = None


F = TypeVar("F", bound=Callable[..., Any])
_DES_ACTES: dict[Any, Page[Any]] = {}  # by action


def acte(page: Page[Any]) -> Callable[[F], F]:
    """Give an action its page. The action keeps its own type, and is called as any function."""

    def donner(action: F) -> F:
        _DES_ACTES[action] = replace(page, action=action, form=page.form or formulaire_de(action))
        return action

    return donner


def pages_de(
    modele: type[Suivi], *modules: ModuleType, sur: str = "", ouvre: bool = False
) -> dict[str, Page[Any]]:
    """Return the pages of the acts written in these modules, on `modele` or on its part `sur`, by name.

    `ouvre`: those that create it, else the others.
    """
    return {
        nom: _DES_ACTES[action]
        for module in modules
        for nom, action in vars(module).items()
        if getattr(action, "__module__", "") == module.__name__
        and isinstance(action, FunctionType)
        and action in _DES_ACTES
        and _DES_ACTES[action].ouvre == ouvre
        and _est_sur(modele, nom, sur)
    }


def _est_sur(modele: type[Suivi], nom: str, sur: str) -> bool:
    """Whether the table of this Suivi has the act, on that part. A module may hold the acts of several."""
    try:
        return modele.acte(nom).sur == sur
    except KeyError:
        return False


def page_de(action: Callable[..., Any]) -> Page[Any]:
    """Return the page that `@acte` gave to this action. Raises KeyError if it has none."""
    return _DES_ACTES[action]


def pages(*actions: Callable[..., Any]) -> dict[str, Page[Any]]:
    """Return the pages of these actions, by name, for those that share an address."""
    return {action.__name__: page_de(action) for action in actions}


def routes(
    prefixe: str,
    modele: type[Suivi],
    trouver: type[O] | Callable[..., O],
    *pages: ModuleType | Mapping[str, Page[O]],
    sur: str = "",
) -> list[URLPattern]:
    """Return one route for each act, named as the act, at `prefixe` + the act's name with hyphens.

    `pages` are those of some acts, or the modules whose acts on `modele`, or on its part `sur`, have theirs.
    The name of the part is left out of the URL: « retirer_piece » is at `pieces/<pk>/retirer/`.
    `modele` has the table of acts. `trouver(request, **URL arguments)` returns the object of the act or
    raises Http404. The class of what they create, instead, gives those of the pages that `ouvre`.
    """
    objet = (lambda request: trouver()) if isinstance(trouver, type) else trouver
    return [
        path(f"{prefixe}{_chemin(acte, modele.acte(acte).sur)}/", _vue(modele, objet, acte, page), name=acte)
        for groupe in pages
        for acte, page in (
            pages_de(modele, groupe, sur=sur, ouvre=isinstance(trouver, type))
            if isinstance(groupe, ModuleType)
            else groupe
        ).items()
    ]


def sans_portes_fermees(fil: Sequence[tuple[str, str]], visiteur: object) -> list[tuple[str, str]]:
    """Return the breadcrumb without the pages that `reserve_a` closes to this visitor."""
    siens = visiteur.roles if isinstance(visiteur, Compte) else frozenset()

    def est_fermee(adresse: str) -> bool:
        roles = getattr(resolve(urlsplit(adresse).path).func, "roles", None)
        return roles is not None and not roles & siens

    return [(mot, adresse) for mot, adresse in fil if not est_fermee(adresse)]


def _chemin(acte: str, sur: str) -> str:
    return acte.removesuffix(f"_{sur}").replace("_", "-")


def _vue(
    modele: type[Suivi], trouver: Callable[..., O], acte: str, page: Page[O]
) -> Callable[..., HttpResponse]:
    transition = modele.acte(acte)

    def vue(request: RequeteConnectee, **adresse: Any) -> HttpResponse:
        # Check the role before the object is read, so that a refused person does not learn whether it exists.
        if not transition.par & (ROLES_DE_L_OBJET | request.user.roles):
            raise PermissionDenied
        return page_acte(
            request, trouver(request, **adresse), acte, page, lambda: trouver(request, **adresse)
        )

    vue.__name__ = acte
    vue.page, vue.modele = page, modele  # type: ignore[attr-defined]  # used by the tests that walk every act
    return require_POST(vue) if page.en_un_clic else require_http_methods(["GET", "HEAD", "POST"])(vue)


def page_acte(
    request: RequeteConnectee, objet: O, acte: str, page: Page[O], relire: Callable[[], O] | None = None
) -> HttpResponse:
    """Show the form of an act (GET), or do it (POST) and redirect.

    403 without the role; 409 with a link back if the état has changed. Any other refusal is shown in the form
    and the answers are kept. What somebody else changed since the page was shown is shown beside the answer.
    `relire`: how to find the object again.
    """
    suivi, partie = de_quoi(objet)
    refus = suivi.enfant.refus(acte, request.user, partie)
    if isinstance(refus, RoleInsuffisant):
        raise refus
    if page.en_un_clic or (page.ecran is not None and est_partiel(request)):
        return _faire_en_un_clic(request, objet, page, acte)
    if refus is not None:
        return _depasse(request, objet, acte, refus.message, _aller(request, page, objet))
    form = lier(request, page.form, objet)
    if RELIRE in request.POST and page.form is not None:
        envoyee, form = request.POST, page.form(objet=objet, par=request.user)
        garder(form, envoyee, request.FILES)
    apercu = None
    if form.is_valid():
        if "apercu" in request.POST and page.apercu is not None:
            apercu = page.apercu(objet, form.cleaned_data)
        else:
            try:
                fait = agir(page, objet, form, request.user, acte, relire)
            except ActeInterdit as erreur:
                return _depasse(request, objet, acte, erreur.message, _aller(request, page, objet))
            if not form.errors:
                annoncer(request, _succes(page, objet, fait) or f"{suivi.transition(acte).fait}.")
                if "encore" in request.POST and not _demandee_en_adresse(request):
                    return redirect(request.path)
                return redirect(_aller(request, page, objet, fait))
            objet = vars(form).get("relu", objet)
    return render(request, page.gabarit, _contexte(request, objet, acte, page, form, apercu))


def _contexte(
    request: RequeteConnectee, objet: O, acte: str, page: Page[O], form: Any, apercu: Lettre | None
) -> dict[str, Any]:
    suivi, partie = de_quoi(objet)
    lettre = page.lettre(objet) if apercu is None and page.lettre is not None else apercu
    transition = suivi.transition(acte)
    titre = (page.titre(objet) if callable(page.titre) else page.titre) or transition.libelle
    sujet, consequence = _mots(page, objet)
    return {
        "objet": objet,
        "suivi": suivi,
        "domaine": suivi.domaine,
        "fil": sans_portes_fermees(
            (page.est_publique and suivi.enfant.fil_public) or (partie or suivi.enfant).fil, request.user
        ),
        "cadre_page": "public.html" if page.est_publique else "bureau.html",
        "est_publique": page.est_publique,
        "acte": acte,
        "titre": titre,
        "bouton": page.bouton or titre,
        "sujet": sujet,
        "consequence": consequence,
        "montre": form.data.get(MONTRE) or resumer(montre(objet, form, f"{sujet} {consequence}")),
        "obstacles": situer(suivi, suivi.enfant.manques(acte, request.user, partie), request.user),
        "est_dangereux": transition.est_dangereux,
        "form": form,
        "avec_plan": hasattr(form, "helper"),
        **_composee(lettre, suivi),
        "lettre_demandee": "apercu" in request.POST,
        "apercu_sur_demande": page.apercu is not None,
        "retour": _aller(request, page, objet),
        **(page.contexte(request, objet, form) if page.contexte is not None else {}),
    }


def _mots(page: Page[O], objet: O) -> tuple[str, str]:
    """Return what the page says of its object: what it is, and what will happen."""
    consequence = page.consequence(objet) if callable(page.consequence) else page.consequence
    return objet.designation, str(consequence)  # a word of the place is lazy


def _composee(demandee: Lettre | None, suivi: Suivi) -> dict[str, Any]:
    """Compose the letter as it will be sent; for an SMS, also say its length and cost."""
    if demandee is None:
        return {"lettre": None, "longueur": ""}
    sujet, corps = composer(*demandee)
    est_un_sms = demandee[2:] == (Courriel.Moyen.SMS,)
    if isinstance(suivi, Dossier) and not est_un_sms:
        sujet = situer_sujet(sujet, suivi)
    return {"lettre": (sujet, corps), "longueur": sms.dire_longueur(corps) if est_un_sms else ""}


def lier(request: HttpRequest, form: Callable[..., ActeForm] | None, objet: Any) -> Any:
    """Return the form, bound on POST."""
    donnees = (request.POST, request.FILES) if request.method == "POST" else ()
    return form(*donnees, objet=objet, par=request.user) if form is not None else Form(*donnees)


def agir(
    page: Page[O], objet: O, form: Any, par: Any, acte: str = "", relire: Callable[[], O] | None = None
) -> Any:
    """Do the act with the answers of the form, if the object still is as the page showed it.

    `acte`: allowed to `par` when the object was found. A refusal goes into the form; `form.relu` is then the object
    as it is today, if it changed.
    """

    def faire() -> Any:
        if not form.data.get(MONTRE):
            return page.action(objet, par=par, **form.cleaned_data)
        with transaction.atomic():
            _exiger_montre(page, objet, form, par, acte, relire)
            return page.action(objet, par=par, **form.cleaned_data)

    return essayer(form, faire)


def _exiger_montre(
    page: Page[O], objet: O, form: Any, par: Any, acte: str, relire: Callable[[], O] | None
) -> None:
    """Raise TexteDepasse, or ActeInterdit when what changed was done by this act, sent twice.

    Two pages of acts on one object wait for each other until the end of the transaction.
    """
    suivi, partie = de_quoi(objet)
    lignes = [suivi, getattr(form, "ligne", suivi)]
    for nom in dict.fromkeys(f"montre.{x._meta.label}.{x.pk}" for x in lignes if isinstance(x, Model)):
        verrou(nom)
    try:
        relu: Any = relire() if relire is not None else type(objet)._base_manager.get(pk=objet.pk)
    except (Http404, ObjectDoesNotExist):
        return  # the action gives a better message
    aujourd_hui, sur = de_quoi(relu)
    # Until a column moves, what was allowed when the object was found still is.
    a_bouge = _colonnes(suivi, partie) != _colonnes(aujourd_hui, sur)
    if acte and a_bouge and aujourd_hui.enfant.refus(acte, par, sur) is not None:
        return  # as above
    frais: Any = Form()
    if isinstance(form, ActeForm):
        frais = (page.form or type(form))(objet=relu, par=par)
    mots = " ".join(_mots(page, relu))
    try:
        exiger_montre(form.data[MONTRE], relu, frais, form.cleaned_data, mots)
    except TexteDepasse as erreur:
        if n_a_change_que_par_l_acte(erreur) and _vient_de_le_faire(suivi, acte, par):
            raise ActeInterdit("") from erreur
        form.relu = relu
        form.data = form.data.copy()
        form.objet, form.ligne = getattr(frais, "objet", relu), getattr(frais, "ligne", None)
        form.data[MONTRE] = resumer(montre(relu, frais, mots))
        raise


def _colonnes(*lignes: Model | None) -> list[Any]:
    colonnes = [(une, c) for une in lignes if une is not None for c in une._meta.concrete_fields]
    return [getattr(une, c.attname) for une, c in colonnes if not c.generated]


def essayer(form: Any, acte: Callable[[], Any]) -> Any:
    """Run `acte`; a refusal goes into the form (None is returned), but ActeInterdit and RoleInsuffisant, which are raised."""
    try:
        return acte()
    except (ActeInterdit, RoleInsuffisant):
        raise
    except TexteDepasse as erreur:
        refuser(form, erreur)
        if hasattr(form, "relire"):
            form.relire(getattr(erreur, "error_dict", ()))
    except (ErreurMetier, ValidationError) as erreur:
        refuser(form, erreur)
    return None


def _faire_en_un_clic(request: RequeteConnectee, objet: O, page: Page[O], acte: str) -> HttpResponse:
    retour = _aller(request, page, objet)
    form = lier(request, page.form, objet)
    fait = None
    if form.is_valid():
        try:
            fait = agir(page, objet, form, request.user)
        except ActeInterdit as erreur:
            if page.ecran is None or not est_partiel(request):
                return _depasse(request, objet, acte, erreur.message, retour)
            messages.error(request, erreur.message)
    if form.errors:
        messages.error(request, " ".join(str(mot) for mots in form.errors.values() for mot in mots))
    elif page.succes and fait is not None:
        annoncer(request, _succes(page, objet, fait))
    if page.ecran is not None and est_partiel(request):
        return page.ecran(request, objet)
    return revenir(request, retour)


def _aller(request: RequeteConnectee, page: Page[O], objet: O, fait: Any = None) -> str:
    """Return the URL of the next page: « Ma journée » if the service may no longer read the dossier."""
    if demandee := _demandee_en_adresse(request):
        return demandee
    if callable(page.retour):
        return page.retour(objet, fait)
    if page.retour and not page.retour.startswith("#"):
        return page.retour
    enfant, qui = de_quoi(objet)[0].enfant, request.user
    if enfant.pk is None:  # not created yet: back to where it will be listed
        return enfant.fil_avant[-1][1] if enfant.fil_avant else reverse("socle:journee")
    if isinstance(enfant, Dossier) and isinstance(qui, Compte) and not qui.roles.isdisjoint(SERVICES):
        visibles = type(enfant).objects.visibles_par(qui)
        if not visibles.filter(pk=enfant.pk).exists():
            return reverse("socle:journee")
    return f"{enfant.get_absolute_url()}{page.retour}"


def _demandee_en_adresse(request: RequeteConnectee) -> str:
    """Return the `?retour=` of the address if it is a path of this site, else ""."""
    dite = request.GET.get("retour", "")
    return dite if dite[:1] == "/" and url_has_allowed_host_and_scheme(dite, allowed_hosts=None) else ""


def _succes(page: Page[O], objet: O, fait: Any) -> str:
    return page.succes(objet, fait) if callable(page.succes) else page.succes


def est_partiel(request: RequeteConnectee) -> bool:
    """Whether the request comes from htmx, which replaces only a part of the page."""
    return request.headers.get("HX-Request") == "true"


def _depasse(request: RequeteConnectee, objet: Any, acte: str, message: str, retour: str) -> HttpResponse:
    """Answer 409. If the same person has just done the same act (double click), say that it is already done."""
    suivi, _ = de_quoi(objet)
    sien = request.method == "POST" and _vient_de_le_faire(suivi, acte, request.user)
    compte = request.user if isinstance(request.user, Compte) else None
    remedes = [
        (suivi.transition(un).libelle, adresse)
        for un in suivi.remedes(acte, compte)
        if (adresse := page_de_l_acte(suivi, un))
    ]
    return acte_depasse(request, message, retour, est_le_sien=sien, remedes=remedes)


def adresse_acte(objet: Suivi | Partie, acte: str) -> str:
    """Return the URL of an act: `<app>:<acte>`, else `socle:<acte>` (not of a namesake on a part), else ""."""
    suivi, nomme = (objet, objet.dans_l_adresse) if isinstance(objet, Suivi) else (objet.suivi, objet.pk)
    commun = Dossier.ACTES_COMMUNS.get(acte)
    autre = commun is not None and commun.sur != suivi.transition(acte).sur
    for espace in (suivi.enfant._meta.app_label, *([] if autre else ["socle"])):
        try:
            return reverse(f"{espace}:{acte}", args=[nomme])
        except NoReverseMatch:
            continue
    return ""


def est_en_un_clic(adresse: str) -> bool:
    """Whether the act at this address has no page of its own: a button does it, a link cannot."""
    page = getattr(resolve(adresse).func, "page", None)
    return isinstance(page, Page) and page.en_un_clic


def page_de_l_acte(objet: Suivi | Partie, acte: str) -> str:
    """Return the address of the page of an act, where a link may lead; "" when it has none."""
    adresse = adresse_acte(objet, acte)
    return "" if not adresse or est_en_un_clic(adresse) else adresse


def situer(suivi: Suivi, phrases: Iterable[str], compte: Any) -> list[Manque]:
    """Give each sentence the address where it is mended, for `compte`, "" if there is none."""

    dits = [une if isinstance(une, Manque) else Manque(une) for une in phrases]
    return [Manque(un, un.ou or _ou_l_acte(un, suivi, compte)) for un in dits]


def _ou_l_acte(dit: Manque, suivi: Suivi, compte: Any) -> str:
    objet, partie = de_quoi(dit.objet or suivi)
    permis = dit.acte and objet.enfant.propose(dit.acte, compte, partie)
    return (page_de_l_acte(partie or objet.enfant, dit.acte) or objet.get_absolute_url()) if permis else ""


def _vient_de_le_faire(suivi: Suivi, acte: str, par: Any) -> bool:
    if not isinstance(par, Compte):
        return False
    recentes = suivi.porteur.journal.filter(le__gt=timezone.now() - SECOND_CLIC).order_by("-pk")
    return bool(recentes.values_list("acte", "par").first() == (acte, par.pk))


def revenir(request: RequeteConnectee, defaut: str) -> HttpResponseRedirect:
    """Redirect to the `retour` of the form if it is a path of this site, else to `defaut`."""
    demande = request.POST.get("retour", "")
    return HttpResponseRedirect(
        demande if url_has_allowed_host_and_scheme(demande, allowed_hosts=None) else defaut
    )
