"""Access tests: an avis in each état, and its related objects."""

from django.utils import timezone

from ccspl.models import Avis, Transmission
from ccspl.redaction.actes import proposer_paragraphe
from ccspl.workflow import Etat
from participation.socle.models import Compte
from tests.ccspl.factories import (
    AvisFactory,
    ParagrapheFactory,
    PreconisationFactory,
    ReunionDuConseilFactory,
)


def monde_des_avis(agent: Compte) -> dict[str, list[object]]:
    redaction = AvisFactory(en_redaction=True)
    paragraphe = ParagrapheFactory(avis=redaction)
    rendu = {"adopte": True, "transmis_le": timezone.now()}
    adopte = AvisFactory(adopte=True)
    transmis = AvisFactory(**rendu)
    repondu = AvisFactory(**rendu)
    Avis.objects.filter(pk=transmis.pk).update(etat=Etat.TRANSMIS)
    Avis.objects.filter(pk=repondu.pk).update(etat=Etat.REPONDU, repondu_le=timezone.now())
    proposition = proposer_paragraphe(paragraphe, par=agent, texte="Autrement dit.")
    transmission = Transmission.objects.create(avis=transmis, nature="elu", destinataire="Nadia Benali")
    a_remettre = Transmission.objects.create(
        avis=transmis, nature="conseil", destinataire="Conseil métropolitain", est_sans_adresse=True
    )
    return {
        "ecrit_saisi": [AvisFactory().pk],
        "ecrit_en_redaction": [redaction.pk],
        "ecrit_soumis": [AvisFactory(soumis=True).pk],
        "ecrit_adopte": [adopte.pk],
        "ecrit_adopte+reference": [adopte.reference],
        "ecrit_transmis": [transmis.pk],
        "ecrit_repondu": [repondu.pk],
        "ecrit_paragraphe": [paragraphe.pk],
        "ecrit_proposition": [proposition.pk],
        "ecrit_preconisation": [PreconisationFactory(avis=redaction).pk],
        "ecrit_jeton": [transmission.jeton()],
        "ecrit_a_remettre": [a_remettre.pk],
        "ecrit_reunion": [ReunionDuConseilFactory().pk],
        "json": ["json"],
    }
