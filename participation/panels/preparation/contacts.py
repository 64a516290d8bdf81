"""Who calls those who confirmed, and by when: a named contact for each, and what each contact owes as an échéance."""

from itertools import groupby

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from participation.panels.models import Equipier, Inscription, Panel
from participation.panels.workflow import TIRES, RoleEquipe
from participation.socle.actions import faire_echeance, fixer_echeance
from participation.socle.francais import accorder

PREFIXE = "contact-"


def tenir_contacts(panel: Panel) -> None:
    """Give a contact to each who confirmed and has none, and write what each contact owes.

    Called by each act that changes who confirmed, who was called, or the team.
    """
    attendues = list(panel.inscriptions.a_contacter()) if panel.etat in TIRES else []
    _nommer(panel, [inscription for inscription in attendues if inscription.contact is None])
    par_contact = groupby(sorted(attendues, key=_cle), key=_cle)
    dues = [_devoir(panel, cle, list(siennes)) for cle, siennes in par_contact]
    ouvertes = panel.echeances.ouvertes().filter(cle__startswith=PREFIXE)
    for cle in ouvertes.exclude(cle__in=dues).values_list("cle", flat=True):
        faire_echeance(panel, cle)


def _nommer(panel: Panel, sans_contact: list[Inscription]) -> None:
    """Each is given to who follows fewest people."""
    equipe = panel.equipe.filter(role=RoleEquipe.CONTACT).select_related("compte").order_by("pk")
    charges: dict[Equipier, int] = {e: vars(e)["suit"] for e in equipe.annotate(suit=Count("suivies"))}
    for inscription in sans_contact if charges else ():
        inscription.contact = min(charges, key=charges.__getitem__)
        charges[inscription.contact] += 1
        inscription.save(update_fields=["contact"])


def _cle(inscription: Inscription) -> str:
    return f"{PREFIXE}{inscription.contact_id or 'a-nommer'}"


def _devoir(panel: Panel, cle: str, siennes: list[Inscription]) -> str:
    """Write the échéance of one contact, due when the first of these people is. Return its key."""
    contact, premiere = siennes[0].contact, min(i.contact_du_le for i in siennes if i.contact_du_le)
    qui = accorder(len(siennes), "personne qui a confirmé", "personnes qui ont confirmé")
    fixer_echeance(
        panel,
        cle,
        libelle=f"Appeler {qui}" if contact else f"Nommer le contact de {qui}",
        date_limite=timezone.localdate(premiere),
        relances=[1],
        responsable=contact.compte if contact else panel.agent,
        page=panel.appels_url if contact else reverse("panels:ajouter_equipier", args=[panel.pk]),
    )
    return cle
