"""Call to a member who no longer comes."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ccspl.models import PriseDeNouvelles
from ccspl.tableau.presence import assiduites
from participation.seances.models import Membre
from participation.socle.actions import exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_texte
from participation.socle.francais import de
from participation.socle.models import Compte
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, acte

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
