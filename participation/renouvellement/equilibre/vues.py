"""Page that compares the candidatures with the population."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.renouvellement.equilibre.lectures import carte_des_candidatures, dimensions
from participation.renouvellement.trouver import trouver_campagne
from participation.renouvellement.workflow import Eligibilite
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def equilibre(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Comparison of the candidatures with the population, by collège and profile."""
    trouvee = trouver_campagne(request, pk)
    colleges = [c for c in trouvee.colleges.all() if c.est_ouvert]
    numero = request.GET.get("college", "")
    choisi = next((c for c in colleges if str(c.pk) == numero), None)
    candidatures = trouvee.candidatures.deposees().exclude(eligibilite=Eligibilite.NON_ELIGIBLE)
    if choisi is not None:
        candidatures = candidatures.filter(college=choisi)
    quoi = "retenues" if request.GET.get("quoi") == "retenues" else "candidatures"
    if quoi == "retenues":
        candidatures = candidatures.filter(choix="retenue")
    return render(
        request,
        "renouvellement/equilibre.html",
        {
            "campagne": trouvee,
            "colleges": colleges,
            "choisi": choisi,
            "quoi": quoi,
            "total": candidatures.count(),
            "dimensions": dimensions(
                trouvee, candidatures, "Personnes retenues" if quoi == "retenues" else "Candidatures"
            ),
            "carte": carte_des_candidatures(candidatures),
            "parts_connues": trouvee.parts.exists(),
            "peut_noter_parts": trouvee.permet("noter_parts", request.user),
        },
    )
