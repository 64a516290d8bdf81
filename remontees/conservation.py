"""Erasure of people at the term of the règlement: proposed in batches, done by an agent."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from participation.droits.eliminations.actes import eliminee
from participation.droits.models import LigneBordereau, lignes_visees, sans_visa
from participation.socle.actions import exiger
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.actions.documents import effacer_documents
from participation.socle.actions.pieces import retirer_piece
from participation.socle.calendrier import ajouter_mois, debut_du_jour
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import Lot
from participation.socle.models import Compte, Courriel, Courrier, Document
from participation.socle.models.dossiers import hors_reserve
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role
from remontees.models import CourrielRecu, Message, Rapporteur, ReglementRemontees, Remontee, Satisfaction
from remontees.models.remontees import EFFACE, EFFACE_AVANT, EFFACES
from remontees.workflow import FINIS

COMPTEES = 1000  # beyond, pages say « plus de »


def finies() -> Any:
    return Remontee.objects.filter(etat__in=sorted(FINIS)).order_by()


def _au_terme() -> list[tuple[Any, str]]:
    """Return the remontées to erase, by what they still hold: (queryset, field that orders it, the oldest first).

    Those finished before the term, unless a message is unread or more recent than it. A message or comment
    written after a first erasure counts too. Each queryset is read along the partial index of what is not
    erased: after some years nearly all is, and before the first erasure nothing.
    """
    jour = _terme()
    debut = debut_du_jour(jour)
    messages = Message.objects.exclude(texte__in=EFFACES)
    recents = messages.filter(
        Q(ecrit_le__gte=debut) | Q(pk__in=Message.objects.non_lus().values("pk")), remontee=OuterRef("pk")
    )
    sans_recents = finies().filter(~Exists(recents))
    dites = sans_recents.exclude(verbatim__in=EFFACES)
    anciennes = sans_recents.filter(Q(repondue_le__lt=debut) | Q(repondue_le=None, modifie_le__lt=debut))
    anciens = messages.filter(ecrit_le__lt=debut).order_by()
    return [
        (dites.filter(repondue_le__lt=debut), "repondue_le"),
        # Nobody is heard after the end: the index of the day spares the others.
        (dites.filter(repondue_le=None, entendue_le__lte=jour, modifie_le__lt=debut), "entendue_le"),
        (anciennes.filter(pk__in=anciens.values("remontee")), "pk"),
        (anciennes.filter(pk__in=Satisfaction.objects.exclude(mot="").values("remontee")), "pk"),
    ]


def est_au_terme(remontee: Remontee) -> bool:
    return any(siennes.filter(pk=remontee.pk).exists() for siennes, _ in _au_terme())


def _compter_au_terme() -> int:
    """Count the remontées to erase, up to COMPTEES + 1."""
    premieres, *autres = (siennes.values("pk")[: COMPTEES + 1] for siennes, _ in _au_terme())
    combien: int = premieres.union(*autres).count()
    return min(combien, COMPTEES + 1)


AU_TERME = Tenu("remontees.au_terme", _compter_au_terme)


def au_terme(combien: int, *parmi: Q) -> list[Any]:
    """Return at most so many remontées to erase, the oldest first, with `finie_le`."""
    lues = {
        remontee.pk: remontee
        for siennes, ordre in _au_terme()
        for remontee in siennes.filter(*parmi)
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .order_by(ordre)[:combien]
    }
    return sorted(lues.values(), key=lambda remontee: (remontee.finie_le, remontee.pk))[:combien]


REMONTEES = "remontees.remontees"


def lots() -> list[Lot]:
    """One lot: all that is at its term today, until the midnight that `terme_de` gives back."""
    premieres, *autres = (siennes.values("pk") for siennes, _ in _au_terme())
    jour = timezone.localdate()
    combien = premieres.union(*autres).count()
    return (
        [Lot(jour.toordinal(), f"Remontées répondues, au terme le {jour_texte(jour)}", combien, fin=_terme())]
        if combien
        else []
    )


def _terme() -> date:
    return ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)


def finies_avant(jour: date) -> Q:
    """Condition: finished before what was at its term on this day."""
    limite = debut_du_jour(ajouter_mois(jour, -ReglementRemontees.actuel().conservation_mois))
    return Q(repondue_le__lt=limite) | Q(repondue_le=None, modifie_le__lt=limite)


LOT = 200


@acte(
    Page[Remontee](
        consequence="Qui l’a dit, ce qui a été dit mot pour mot et le lieu exact sont effacés. La catégorie, la commune, le titre "
        "et la réponse restent : les nombres ne changent pas."
    )
)
@transaction.atomic
def anonymiser(remontee: Remontee, *, par: Compte) -> None:
    """Erase the person, their words, the exact place, the photo and the letters. What is counted stays."""
    pas = exiger(remontee, "anonymiser", par=par)
    efface = EFFACE if est_au_terme(remontee) else EFFACE_AVANT
    Rapporteur.objects.filter(remontee=remontee.pk).update(
        nom="", courriel="", telephone="", adresse="", efface_le=timezone.now()
    )
    for piece in remontee.pieces.all():
        if piece.retiree_le is None:
            retirer_piece(piece, par=par, motif="Personne effacée")
        transaction.on_commit(partial(piece.fichier.storage.delete, piece.fichier.name), robust=True)
    CourrielRecu.objects.filter(remontee=remontee.pk).update(expediteur="", boite="", objet="", preuve="")
    messages = Message.objects.filter(remontee=remontee.pk)
    messages.update(cite="", de="", numero="", preuve="")
    messages.exclude(texte__in=EFFACES).update(texte=efface)
    Satisfaction.objects.filter(remontee=remontee.pk).update(mot="")
    Courriel.objects.filter(dossier=remontee.pk).delete()
    effacer_courriers(Courrier.objects.filter(dossier=remontee.pk))
    # The unfrozen PDF of the whole dossier is deleted: it is made again on demand.
    effacer_documents(Document.objects.filter(dossier=remontee.pk, nature="socle/audit", fige_le=None))
    pas.avancer(
        champs={
            "verbatim": remontee.verbatim if remontee.verbatim in EFFACES else efface,
            "resume": "",
            "lieu": "",
            "latitude": None,
            "longitude": None,
            "source": "",
        }
    )


def anonymiser_lot(*, par: Compte) -> int:
    """Erase one batch of what the archives allowed, one transaction per remontée; return how many.

    Raises ErreurMetier without a visa: nothing is erased.
    """
    if refus := sans_visa(REMONTEES):
        raise ErreurMetier(refus[0])
    return sum(_anonymiser_lot(ligne, par) for ligne in lignes_visees(REMONTEES))


def _anonymiser_lot(ligne: LigneBordereau, par: Compte) -> int:
    """Erase what was at its term when the slip was written, and note on it when nothing is left."""
    permises, faites = finies_avant(date.fromordinal(ligne.objet)), 0
    for remontee in au_terme(LOT, permises):
        try:
            anonymiser(remontee, par=par)
            faites += 1
        except ActeInterdit:
            continue  # reopened meanwhile
    if not au_terme(1, permises):
        eliminee(REMONTEES, ligne.objet, ligne.nombre)
    AU_TERME.oublier()
    return faites


def eliminer(numero: int, par: Compte) -> int:
    """Erase all that a line of a slip allows, batch after batch."""
    total = 0
    for ligne in lignes_visees(REMONTEES, numero):
        while faites := _anonymiser_lot(ligne, par):
            total += faites
    return total


MONTREES = 20


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def conservation(request: RequeteConnectee) -> HttpResponse:
    if request.method == "POST":
        try:
            faites = anonymiser_lot(par=request.user)
        except ErreurMetier as refus:  # the visa was taken back since the page was drawn
            messages.error(request, refus.message)
            return redirect("remontees:conservation")
        messages.success(
            request,
            f"{accorder(faites, 'remontée effacée', 'remontées effacées')} de ce qui disait qui parlait.",
        )
        return redirect("remontees:conservation")
    premieres = au_terme(MONTREES, hors_reserve(request.user))
    combien, compte_le = AU_TERME.lire()
    combien = max(combien, len(premieres))  # the count may be older than the list
    return render(
        request,
        "remontees/conservation.html",
        {
            "combien": min(combien, COMPTEES),
            "est_au_dela": combien > COMPTEES,
            "lot": min(LOT, combien),
            "mois": ReglementRemontees.actuel().conservation_mois,
            "compte_le": compte_le,
            "premieres": premieres,
            "refus": sans_visa(REMONTEES),
        },
    )
