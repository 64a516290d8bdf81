"""Search of a signer by an agent, by address or name, and withdrawal asked for by telephone or letter."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.socle.adresses import canoniser
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.pages import Page
from participation.socle.workflow import Role
from petitions.actions.signatures import retirer_signataire
from petitions.forms.signatures import RetirerSignataireForm
from petitions.models import Petition, Signature
from petitions.regles.adresses import nom_canonique
from petitions.views.actes import petition_du_bureau

MONTREES = 20


@reserve_a(Role.AGENT)
@require_safe
def signataires(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    mots = request.GET.get("q", "").replace("\0", "").strip()[:200]
    trouvees = list(chercher(petition, mots)[: MONTREES + 1]) if mots else []
    return render(
        request,
        "petitions/signatures/signataires.html",
        {
            "petition": petition,
            "mots": mots,
            "trouvees": [(s, s.permet("retirer_signataire", request.user)) for s in trouvees[:MONTREES]],
            "coupee": len(trouvees) > MONTREES,
            "montrees": MONTREES,
        },
    )


def chercher(petition: Petition, mots: str) -> QuerySet[Signature]:
    """Search by whole address, or by words of the name whatever their spelling."""
    siennes = petition.signatures.exclude(nom_canonique="").select_related("commune").order_by("-demandee_le")
    if "@" in mots:
        return siennes.filter(courriel_canonique=canoniser(mots))
    canonique = nom_canonique(mots, "")
    if not canonique:
        return siennes.none()
    for mot in canonique.split()[:5]:
        siennes = siennes.filter(nom_canonique__contains=mot)
    return siennes


def signature_du_bureau(request: RequeteConnectee, pk: int) -> Signature:
    visibles = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        Signature.objects.filter(petition__in=visibles).select_related("petition", "commune"), pk=pk
    )


PAGES_DES_SIGNATAIRES: dict[str, Page[Signature]] = {
    "retirer_signataire": Page(
        retirer_signataire,
        RetirerSignataireForm,
        "La signature quitte le compte et l’adresse redevient libre. Rien n’est envoyé à la personne.",
        succes="La signature est retirée.",
    )
}
