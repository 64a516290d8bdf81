"""Life of the commission for agents: presence, calls, visits and trainings, and the call to a member who no longer comes."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl.models import INSTANCE, DocumentBibliotheque, PriseDeNouvelles, RapportAnnuel, ReglementCommission
from ccspl.rapport import AnneeForm
from ccspl.resume import NATURES, rencontres
from ccspl.tableau.presence import SEANCES_REGARDEES, assiduites, seances_de
from participation.seances.models import Instance, Membre, Seance
from participation.socle.actions import exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_texte
from participation.socle.francais import de
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role

# Members -------------------------------------------------------------------------------------------------------------


class PrendreDesNouvellesForm(ActeForm):
    date = champ_jour("Quand", initial=timezone.localdate)
    note = champ_texte(
        "Ce qui s’est dit",
        "Lu par les agents du service seulement. N’écrivez rien sur la santé ni sur la vie privée.",
        lignes=4,
        requis=False,
        maximum=1000,
    )


@acte(
    Page[PriseDeNouvelles](
        form=PrendreDesNouvellesForm,
        consequence="Les absences jusqu’à ce jour ne demandent plus d’appel.",
        succes="L’appel est noté.",
    )
)
@transaction.atomic
def prendre_des_nouvelles(
    prise: PriseDeNouvelles, *, par: Compte, date: date | None = None, note: str = ""
) -> None:
    """Record a call to a member, on a new row. Absences up to that day no longer count to suggest a call.

    Raises ValidationError for a day to come, ActeInterdit when a call is already recorded on that day.
    """
    pas = exiger(prise, "prendre_des_nouvelles", par=par)
    membre = prise.membre
    Membre.objects.select_for_update(of=("self",)).get(pk=membre.pk)
    jour = date or timezone.localdate()
    if jour > timezone.localdate():
        raise ValidationError({"date": "Ce jour n’est pas encore venu."})
    if PriseDeNouvelles.objects.filter(membre=membre, date=jour).exists():
        raise ActeInterdit(f"Un appel à {membre} est déjà noté ce jour-là.")
    absences = next((a.de_suite for a in assiduites() if a.membre.pk == membre.pk), 0)
    pas.avancer(
        champs={"date": jour, "note": sans_controle(note), "absences": absences, "par": par},
        fait=f"Nouvelles prises {de(membre)}",
        nomme=[membre.compte],
        details={"absences": absences},
    )


PAR_PAGE = 50


@require_safe
@reserve_a(Role.AGENT)
def vie_de_la_commission(request: RequeteConnectee) -> HttpResponse:
    """What needs attention today, and links to the other pages."""
    annee = timezone.localdate().year - 1
    suivis = assiduites(sur=SEANCES_REGARDEES)
    a_venir = (
        Seance.objects.filter(instance__cle=INSTANCE, nature__in=NATURES, debut__gte=timezone.now())
        .exclude(etat="annulee")
        .order_by("debut")[:5]
    )
    limite = ReglementCommission.actuel().limite_du_rapport(annee)
    return render(
        request,
        "ccspl/membres/commission.html",
        {
            "app": "ccspl",
            "instance": Instance.objects.filter(cle=INSTANCE).first(),
            "a_appeler": [suivi for suivi in suivis if suivi.a_appeler],
            "delegues": [
                suivi.membre for suivi in suivis if suivi.membre.fonction == Membre.Fonction.DELEGUE
            ],
            "membres": len(suivis),
            "a_venir": a_venir,
            "documents": DocumentBibliotheque.objects.filter(retire_le=None).count(),
            "annee": annee,
            "rapport": RapportAnnuel.objects.filter(annee=annee).first(),
            "limite": limite,
            "dernier_jour": limite - timedelta(days=1),
        },
    )


@require_safe
@reserve_a(Role.AGENT)
def participation(request: RequeteConnectee) -> HttpResponse:
    """Presence of each member, and who to call."""
    suivis = assiduites()
    colleges = list(dict.fromkeys(str(suivi.membre.college) for suivi in suivis))
    college = request.GET.get("college", "")
    montres = [s for s in suivis if not college or str(s.membre.college) == college]
    return render(
        request,
        "ccspl/membres/participation.html",
        {
            "app": "ccspl",
            "a_appeler": [suivi for suivi in suivis if suivi.a_appeler],
            "seuil": suivis[0].seuil if suivis else 0,
            "colleges": colleges,
            "college": college,
            "page": Paginator(montres, PAR_PAGE).get_page(request.GET.get("page")),
        },
    )


def _membre(pk: int) -> Membre:
    return get_object_or_404(
        Membre.objects.avec_personne(), pk=pk, college__mandature__instance__cle=INSTANCE
    )


@require_safe
@reserve_a(Role.AGENT)
def suivi_membre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """One member: séances, visits, trainings, and calls."""
    membre = _membre(pk)
    return render(
        request,
        "ccspl/membres/suivi_membre.html",
        {
            "app": "ccspl",
            "membre": membre,
            "suivi": next((s for s in assiduites() if s.membre.pk == membre.pk), None),
            "convies": Paginator(seances_de(membre), 25).get_page(request.GET.get("page")),
            "inscriptions": membre.inscriptions.select_related("seance").order_by("-seance__debut"),
            "appels": PriseDeNouvelles.objects.filter(membre=membre).select_related("par"),
        },
    )


def prise_de_nouvelles(request: RequeteConnectee, pk: int) -> PriseDeNouvelles:
    return PriseDeNouvelles(membre=_membre(pk))


@require_safe
@reserve_a(Role.AGENT)
def visites(request: RequeteConnectee) -> HttpResponse:
    """Visits and trainings of a year: places, participants, feedback."""
    courante = timezone.localdate().year
    debut = Seance.objects.filter(instance__cle=INSTANCE, nature__in=NATURES).aggregate(n=Min("debut"))["n"]
    premiere = min(timezone.localdate(debut).year, courante) if debut else courante
    form = AnneeForm(
        request.GET or None, annees=list(range(courante + 1, premiere - 1, -1)), choisie=courante
    )
    annee = form.annee_choisie()
    faites = list(rencontres(annee))
    return render(
        request,
        "ccspl/membres/visites.html",
        {
            "app": "ccspl",
            "form": form,
            "annee": annee,
            "rencontres": faites,
            "venus": sum(rencontre.venus for rencontre in faites),
        },
    )
