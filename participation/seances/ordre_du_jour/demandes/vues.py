"""Pages of points demanded by members: members write and support them, the service puts them on an agenda."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.models import DemandePoint, Instance, Membre
from participation.seances.ordre_du_jour.demandes import actes
from participation.seances.ordre_du_jour.demandes.actes import DemanderPointForm
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, page_acte, pages_de


def siege_de(request: RequeteConnectee, instance: Instance) -> Membre:
    """Return the seat of this person in the instance today. Raises 404 without one."""
    siege = Membre.objects.siege_de(request.user, instance)
    if siege is None:
        raise Http404
    return siege


@require_safe
def demandes_points(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Show the demands of the instance and their numbers of supports."""
    instance = get_object_or_404(Instance, cle=cle)
    membre = siege_de(request, instance)
    demandes = (
        DemandePoint.objects.filter(instance=instance, mandature=membre.college.mandature_id)
        .select_related("auteur__compte", "instance", "mandature", "point__seance")
        .prefetch_related("soutiens")
    )
    lignes = []
    requis = 0
    for demande in demandes:
        requis = requis or actes.requis_pour(demande)
        demande.siege, demande.instance = membre, instance
        soutiens = {soutien.membre_id for soutien in demande.soutiens.all()}
        lignes.append(
            {
                "demande": demande,
                "nombre": len(soutiens),
                "proportion": min(len(soutiens) / requis, 1.0),
                "soutenue": membre.pk in soutiens,
                "actes": demande.actes_permis_a(request.user) if membre.peut_demander else [],
            }
        )
    return render(
        request,
        "seances/demandes_points.html",
        {
            "instance": instance,
            "app": instance.app,
            "lignes": lignes,
            "requis": requis,
            "peut_demander": membre.peut_demander,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def point_a_demander(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    return page_acte(request, siege_de(request, instance), "demander_point", DEMANDER)


def demande_a_soutenir(request: RequeteConnectee, pk: int) -> DemandePoint:
    """Return the demand, with `siege` set to the seat of the person who acts."""
    demande = get_object_or_404(DemandePoint.objects.select_related("instance", "mandature", "auteur"), pk=pk)
    demande.siege = siege_de(request, demande.instance)
    return demande


def aller_aux_demandes(demande: DemandePoint, _: object) -> str:
    return reverse("seances:demandes_points", args=[demande.instance.cle])


DEMANDER: Page[Membre] = Page(
    lambda membre, par, **reponses: actes.demander_point(membre.suivi, auteur=membre, **reponses),
    DemanderPointForm,
    "Les autres membres lisent votre demande et peuvent la soutenir. Quand ils sont assez nombreux, "
    "le service doit l’inscrire à une séance.",
    bouton="Écrire la demande",
    succes="Votre demande est écrite. Vous la soutenez déjà.",
    retour=lambda membre, _: reverse("seances:demandes_points", args=[membre.suivi.cle]),
    contexte=lambda _, membre, form: {"fil": [], "sujet": membre.suivi.nom},
    est_publique=True,
)


PAGES_MEMBRES: dict[str, Page[DemandePoint]] = {
    "soutenir": Page(
        lambda demande, par: actes.soutenir(demande, membre=demande.siege),
        succes="Vous soutenez cette demande.",
        retour=aller_aux_demandes,
        en_un_clic=True,
    ),
    "ne_plus_soutenir": Page(
        lambda demande, par: actes.ne_plus_soutenir(demande, membre=demande.siege),
        succes="Votre soutien est retiré.",
        retour=aller_aux_demandes,
        en_un_clic=True,
    ),
    "retirer_demande": Page(
        lambda demande, par: actes.retirer_demande(demande, membre=demande.siege),
        succes="Votre demande est retirée.",
        retour=aller_aux_demandes,
        en_un_clic=True,
    ),
}


PAGES: dict[str, Page[DemandePoint]] = pages_de(Instance, actes, sur="demandepoint")
