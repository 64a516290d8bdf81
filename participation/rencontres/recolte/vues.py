"""Pages of the harvest: the note-taker's, without network too; that of the agents; dots and evaluation of who came."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.rencontres.models import AuteurDeNote, Inscription, TableRencontre
from participation.rencontres.recolte import actes, lectures
from participation.rencontres.recolte.actes import EvaluerForm, NoterForm
from participation.rencontres.trouver import rencontre_en_ligne, trouver_rencontre
from participation.socle.actions.moderation import decisions_sur
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.protocole import Ensuite
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.views.public.machines import service_hors_reseau
from participation.socle.workflow import Role

MONTREES = 20
TROP = "Beaucoup d’adresses, ou d’avis, arrivent depuis votre réseau. Tout est toujours là : envoyez dans une heure."


def _table(jeton: str) -> TableRencontre:
    return du_lien_ou_404(TableRencontre.LIEN, jeton, TableRencontre.objects.select_related("rencontre"))


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, jeton: str) -> HttpResponse:
    """Note what is said. Answers JSON to the script of the page, HTML to a plain form."""
    trouvee = _table(jeton)
    par_script = request.headers.get("Accept", "").startswith("application/json")
    form = NoterForm(request.POST, request.FILES) if request.method == "POST" else NoterForm()
    peut_noter = trouvee.rencontre.permet("noter", None, trouvee)
    statut = 200
    if form.is_valid():
        dit = form.cleaned_data
        if dit["courriel"] and not limites.tenter(request, "recolter", dit["courriel"]):
            form.add_error("courriel", TROP)
            statut = 422 if par_script else 429
        else:
            statut = _noter(trouvee, form)
        if not form.errors:
            if par_script:
                return JsonResponse({"cle": str(dit["cle"])}, status=201)
            messages.success(request, "C’est noté. La suivante ?")
            return redirect(request.path)
    elif form.is_bound:
        statut = 422
    if form.is_bound and par_script:
        erreurs = {nom: [str(mot) for mot in mots] for nom, mots in form.errors.items()}
        return JsonResponse({"erreurs": erreurs}, status=statut)
    reponse = render(
        request,
        "rencontres/table.html",
        {
            "table": trouvee,
            "rencontre": trouvee.rencontre,
            "form": form,
            "jeton": jeton,
            "peut_noter": peut_noter,
            "notes": trouvee.notes.filter(ecartee_le=None).order_by("-pk")[:MONTREES],
        },
        status=statut,
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _noter(trouvee: TableRencontre, form: NoterForm) -> int:
    """Save the note, or say on the form why not. Return the status: with 503, the phone sends it again later."""
    dit = {nom: form.cleaned_data[nom] for nom in ("texte", "photo", "courriel", "langue")}
    try:
        actes.noter(trouvee, par=None, cle=form.cle_d_envoi({"table": trouvee}), **dit)
    except ActeInterdit as refus:
        form.add_error(None, refus.message)
        return 422
    except ErreurMetier as refus:
        form.add_error(None, refus.message)
        return 503
    except ValidationError as refus:
        form.add_error(None, refus)
        return 422
    return 200


@publique
@never_cache
@require_safe
def jeton_de_table(request: HttpRequest, jeton: str) -> HttpResponse:
    """Return the CSRF token and the name of the table, asked before what the device keeps is sent."""
    return JsonResponse({"jeton": get_token(request), "compte": f"table:{_table(jeton).pk}"})


@publique
@require_safe
def service_de_table(request: HttpRequest, jeton: str) -> HttpResponse:
    trouvee = _table(jeton)
    return service_hors_reseau(reverse("rencontres:table", args=[jeton]), prefixe=f"table-{trouvee.pk}")


@reserve_a(Role.AGENT)
@require_safe
def recolte(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver_rencontre(request, pk)
    dite = lectures.recolte(trouvee)
    for note in dite.libres:
        note.table.rencontre = trouvee
    return render(
        request,
        "rencontres/recolte.html",
        {
            "rencontre": trouvee,
            "recolte": dite,
            "libres": [(note, boutons_de(note, request.user)) for note in dite.libres],
            "groupes": [(un, boutons_de(un.groupe, request.user)) for un in dite.groupes],
            "actes": trouvee.actes_permis_a(request.user),
        },
    )


def _auteur(jeton: str) -> AuteurDeNote | None:
    return AuteurDeNote.LIEN.trouver(jeton, AuteurDeNote.objects.select_related("note__table__rencontre"))


SUIVRE = PreuveParCourriel[AuteurDeNote](
    trouver=_auteur,
    prouver=lambda request, auteur: actes.suivre_note(auteur),
    app="rencontres",
    gabarit="rencontres/suivre_note.html",
    contexte=lambda auteur, jeton: {
        "rencontre": auteur.note.table.rencontre,
        "decision": decisions_sur([auteur.note]).get(auteur.note_id) if auteur.note.ecartee_le else None,
    },
    quoi="aucune note",
    sinon="Sinon, lisez la page de la rencontre.",
    est_traduite=True,
)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gommettes(request: HttpRequest, jeton: str) -> HttpResponse:
    """The dots of somebody who has a seat, by the link of her ticket."""
    inscription: Any = du_lien_ou_404(
        Inscription.LIEN, jeton, Inscription.objects.select_related("evenement")
    )
    rencontre, refus = inscription.evenement, ""
    peut = rencontre.permet("coller_gommettes", None, inscription)
    choisies = set(inscription.gommettes.values_list("groupe", flat=True))
    if request.method == "POST" and peut:
        choisies = {int(n) for n in request.POST.getlist("groupe") if n.isdecimal() and len(n) < 12}
        try:
            actes.coller_gommettes(inscription, groupes=sorted(choisies))
            messages.success(request, "Vos gommettes sont collées. Vous pouvez encore les déplacer.")
            return Ensuite(request.path)
        except ErreurMetier as erreur:
            refus = erreur.message
    contexte = {
        "inscription": inscription,
        "rencontre": rencontre,
        "groupes": rencontre.groupes.filter(fait_le=None).order_by("titre", "pk") if peut else [],
        "choisies": choisies,
        "combien": rencontre.regle.gommettes_par_personne,
        "peut": peut,
        "refus": refus,
    }
    reponse = render(request, "rencontres/gommettes.html", contexte, status=422 if refus else 200)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluer(request: HttpRequest, pk: int) -> HttpResponse:
    """Three questions, without a name, on the day and after."""
    rencontre = rencontre_en_ligne(pk)
    if not rencontre.permet("evaluer", None) or rencontre.pas_encore_le_jour():
        raise Http404
    form = EvaluerForm(request.POST if request.method == "POST" else None)
    statut = 200
    if form.is_valid():
        if not limites.tenter_aussi_sans_boite(request, "recolter", ""):
            form.add_error(None, TROP)
            statut = 429
        else:
            dit = {nom: form.cleaned_data[nom] for nom in ("parole", "suite", "mot")}
            actes.evaluer(rencontre, cle=form.cle_d_envoi({"rencontre": rencontre}), **dit)
            messages.success(request, "Merci. Votre avis est compté, sans votre nom.")
            return Ensuite(rencontre.get_public_url())
    elif form.is_bound:
        statut = 422
    return render(request, "rencontres/evaluer.html", {"rencontre": rencontre, "form": form}, status=statut)
