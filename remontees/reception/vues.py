"""Pages of reception and field agents: note a remontée, online or offline, and follow it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.calendrier import debut_du_jour
from participation.socle.collectivite import ici
from participation.socle.http import limites
from participation.socle.http.decorateurs import demande_la_position, gardable, publique, reserve_a, traduite
from participation.socle.http.menus import rubrique
from participation.socle.http.politique import PERMISSIONS
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import plus_tard as _
from participation.socle.lectures.cartes import carte
from participation.socle.models import ReglageService
from participation.socle.views.liens import papier_a_garder
from participation.socle.views.pagination import PagesBornees, Tri
from participation.socle.views.public.machines import service_hors_reseau
from participation.socle.workflow import Role
from remontees.categories import categorie_du_code, themes
from remontees.models import Categorie, Organisme, Reception, Remontee
from remontees.personne import langue_de
from remontees.reception import arrivees
from remontees.reception.actes import DireForm, NoterForm, SuivreForm
from remontees.reception.arrivees import deposer
from remontees.reception.lectures import en_attente_de, notees_par, sur_papier_par
from remontees.reception.regles import Charge
from remontees.sujets.rattachement import sujets_proches
from remontees.workflow import Canal

SAISISSENT = (Role.AGENT, Role.ACCUEIL)


PAR_PAGE = 20
NOTEES_MONTREES = 1000


def _menu(actif: str) -> list[dict[str, Any]]:
    pages = [("Noter une remontée", "remontees:noter"), ("Ma liste", "remontees:ma_liste")]
    return [rubrique("", [(mot, reverse(nom), nom == actif) for mot, nom in pages])]


@reserve_a(*SAISISSENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@demande_la_position
def noter(request: RequeteConnectee) -> HttpResponse:
    """Note a remontée. Answers JSON to the script of the page, HTML to a plain form.

    A form sent twice with the same `cle` is saved once.
    """
    par_script = request.headers.get("Accept", "").startswith("application/json")
    form = NoterForm(request.POST, request.FILES) if request.method == "POST" else NoterForm()
    if form.is_valid():
        dit = form.cleaned_data
        cle = deposer(
            form.charge(request.user), cle=form.cle_d_envoi({"par": request.user}), photo=dit["photo"]
        )
        if par_script:
            return JsonResponse({"cle": str(cle)}, status=201)
        messages.success(request, "C’est noté. La remontée est au tri.")
        return redirect("remontees:ma_liste")
    if form.is_bound and par_script:
        erreurs = {nom: [str(mot) for mot in mots] for nom, mots in form.errors.items()}
        return JsonResponse({"erreurs": erreurs}, status=422)
    reponse = render(
        request,
        "remontees/noter/noter.html",
        {"form": form, "menu_public": _menu("remontees:noter"), "compte": request.user},
        status=422 if form.is_bound else 200,
    )
    # The only page allowed to use geolocation, from a button.
    reponse["Permissions-Policy"] = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")
    return reponse


@reserve_a(*SAISISSENT)
@never_cache
@require_safe
def ma_liste(request: RequeteConnectee) -> HttpResponse:
    """Remontées noted by the account, with what became of each."""
    dernieres = Tri(("ouvert_le",), descend=True)
    pages = PagesBornees(notees_par(request.user), PAR_PAGE, NOTEES_MONTREES, dernieres)
    page = pages.get_page(request.GET.get("page"))
    return render(
        request,
        "remontees/noter/ma_liste.html",
        {
            "page": page,
            "attentes": en_attente_de(request.user) if page.number == 1 else [],
            "aujourd_hui": debut_du_jour(),
            "menu_public": _menu("remontees:ma_liste"),
        },
    )


@reserve_a(*SAISISSENT)
@never_cache
@require_safe
def remontee_sur_papier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The slip of who has no mailbox: the code with which she follows."""
    remontee = get_object_or_404(sur_papier_par(request.user), pk=pk)
    langue = langue_de(remontee)
    with translation.override(langue):
        titre = gettext("Votre remontée %(reference)s") % {"reference": remontee.reference}
    return papier_a_garder(
        request,
        Remontee.LIEN,
        remontee,
        titre=titre,
        langue=langue,
        app="remontees",
        retour=("Revenir à la remontée", remontee.get_absolute_url()),
        montre=remontee.reference or "",
    )


@reserve_a(*SAISISSENT)
@never_cache
@require_safe
def jeton_de_saisie(request: RequeteConnectee) -> HttpResponse:
    """Return the CSRF token and the account, asked before the drafts of the device are sent."""
    return JsonResponse({"jeton": get_token(request), "compte": request.user.pk})


@publique
@gardable(3600)
@require_safe
def manifeste_de_saisie(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse(
        {
            "name": ici("Noter une remontée, {nom}"),
            "short_name": "Remontées",
            "description": "Noter ce que disent les habitantes et habitants, avec ou sans réseau.",
            "lang": "fr",
            "id": reverse("remontees:noter"),
            "start_url": reverse("remontees:noter"),
            "scope": reverse("remontees:noter"),
            "display": "standalone",
            "background_color": "#fcfbf9",
            "theme_color": "#8a5000",
            "icons": [
                {"src": static(f"img/icone-{cote}.png"), "sizes": f"{cote}x{cote}", "type": "image/png"}
                for cote in (192, 512)
            ],
        },
        content_type="application/manifest+json",
    )


@publique
@require_safe
def service_de_saisie(request: HttpRequest) -> HttpResponse:
    """The service worker of the page."""
    return service_hors_reseau(reverse("remontees:noter"), prefixe="remontees")


AUTRE = "autre-chose"


ETAPES = (_("Quoi et où"), _("Déjà connu ?"), _("C’est reçu"))


TROP = _(
    "Beaucoup de messages arrivent depuis votre réseau, ou pour cette adresse. "
    "Votre texte est toujours là : envoyez-le de nouveau dans une heure, ou appelez-nous."
)


@traduite
@publique
@gardable(60)
@require_safe
def dire(request: HttpRequest) -> HttpResponse:
    """Choice of the category, by links: the advice before writing depends on it, even without script."""
    return render(request, "remontees/dire/dire.html", {"themes": themes(), "autre": AUTRE})


@traduite
@publique
@demande_la_position
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dire_sur(request: HttpRequest, code: str) -> HttpResponse:
    """Both form steps at one URL. The second carries the answers of the first; nothing is saved between."""
    categorie = categorie_du_code(code)
    if categorie is None and code != AUTRE:
        raise Http404
    page = {
        "categorie": categorie,
        "code": code,
        "etapes_dire": ETAPES,
        "carte_du_point": carte([]),
        **_avant_d_ecrire(categorie),
    }
    form = DireForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or "revenir" in request.POST or not form.is_valid():
        if "revenir" in request.POST:
            form = DireForm(initial={nom: request.POST.get(nom, "") for nom in form.fields})
        statut = 422 if form.is_bound and form.errors else 200
        return render(request, "remontees/dire/quoi.html", {**page, "form": form}, status=statut)
    dit = form.cleaned_data
    numero = categorie.pk if categorie else None
    proches = sujets_proches(dit["verbatim"], categorie=numero, commune=dit["commune"])
    envoi = "envoyer" in request.POST
    suite = SuivreForm(request.POST, request.FILES, proches=proches) if envoi else SuivreForm(proches=proches)
    statut = 200
    if suite.is_valid():
        cle = suite.cle_d_envoi(dit, {"code": code})
        recue = Ensuite(reverse("remontees:recue", args=[cle]))
        if suite.est_piege:
            return recue
        if limites.tenter_aussi_sans_boite(request, "dire", suite.cleaned_data["courriel"]):
            deposer(suite.charge(dit, numero), cle=cle, photo=suite.cleaned_data["photo"])
            return recue
        suite.add_error(None, TROP)
        statut = 429
    elif suite.is_bound:
        statut = 422
    return render(
        request,
        "remontees/dire/connu.html",
        {
            **page,
            "dit": form,
            "form": suite,
            "proches": proches,
            "choisi": suite["sujet"].value() if proches else "",
        },
        status=statut,
    )


def _avant_d_ecrire(categorie: Categorie | None) -> dict[str, Any]:
    """Return the advice shown before writing: other competent body, online procedure."""
    organisme = categorie.organisme if categorie else None
    est_ailleurs = categorie is not None and not categorie.est_metropolitaine
    return {
        "est_ailleurs": est_ailleurs,
        "est_de_la_mairie": est_ailleurs
        and (organisme is None or organisme.nature == Organisme.Nature.COMMUNE),
        "organisme": organisme,
        "service": ReglageService.actuel(),
    }


@traduite
@publique
@never_cache
@require_safe
def recue(request: HttpRequest, cle: uuid.UUID) -> HttpResponseBase:
    """Receipt, at a URL that only the person has.

    The page is the same whether the remontée exists or not yet. Only the channel of the site: keys of other
    channels are known to others or can be computed.
    """
    recues = Reception.objects.filter(remontee__canal=Canal.SITE).select_related("remontee")
    reception = recues.filter(pk=cle).first()
    remontee = reception.remontee if reception else None
    ouverte_le = remontee.ouvert_le if remontee else None
    reponse = render(
        request,
        "remontees/dire/recue.html",
        {
            "remontee": remontee,
            "annee": timezone.localdate(ouverte_le).year if ouverte_le else None,
            "qui": f"remontee:{remontee.pk}" if remontee else "",
            "etapes_dire": ETAPES,
        },
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


MONTREES = 50


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def receptions(request: RequeteConnectee) -> HttpResponse:
    attente = Reception.objects.en_panne()
    if request.method == "POST":
        _agir(request)
        return redirect("remontees:receptions")
    lues = [(reception, Charge.de_json(reception.charge)) for reception in attente[:MONTREES]]
    return render(
        request, "remontees/reception/receptions.html", {"receptions": lues, "combien": attente.count()}
    )


def _agir(request: RequeteConnectee) -> None:
    repere = request.POST.get("reception", "")
    cle = next((lue.cle for lue in Reception.objects.en_panne() if lue.repere == repere), None)
    if cle is None:
        return
    if "abandonner" in request.POST:
        arrivees.abandonner(cle)
        messages.success(request, "C’est noté : elle n’attend plus ici.")
        return
    remontee = arrivees.recevoir(cle)
    if remontee is not None:
        messages.success(request, f"Remontée {remontee.reference} enregistrée.")
    else:
        messages.error(request, "Elle ne peut toujours pas être lue : notez-la à la main.")
