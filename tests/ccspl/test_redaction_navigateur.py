"""Joint writing in a browser: a member proposes on a phone, the agent accepts, the page shows the change."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ccspl.models import INSTANCE
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.greffons.navigateur import TELEPHONE, controler, suivre
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory, MembreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wording_goes_from_a_phone_to_the_text(entrer, live_server):
    agent = CompteFactory(agent=True)
    membre = MembreFactory(
        college=CollegeFactory(mandature=MandatureFactory(instance=InstanceFactory(cle=INSTANCE)))
    ).compte
    avis = AvisFactory(en_redaction=True, agent=agent)
    ParagrapheFactory(avis=avis, texte="La commission demande un bilan annuel.")
    PreconisationFactory(avis=avis)
    texte = live_server.url + reverse("ccspl:redaction", args=[avis.pk])

    # The member has no JavaScript: pages and forms must be enough.
    telephone = entrer(membre, TELEPHONE, java_script_enabled=False)
    telephone.goto(texte)
    suivre(telephone.get_by_role("link", name="Proposer une rédaction du paragraphe 1"))
    telephone.get_by_label("Votre rédaction").fill("La commission demande un bilan public chaque année.")
    suivre(telephone.get_by_role("button", name="Proposer une rédaction"))
    expect(telephone.get_by_text("Votre proposition est enregistrée")).to_be_visible()

    autre = entrer(membre, TELEPHONE)
    autre.goto(texte)
    controler(autre)

    bureau = entrer(agent)
    bureau.goto(texte)
    controler(bureau)
    suivre(bureau.get_by_role("link", name="Accepter la proposition"))
    controler(bureau)
    bureau.get_by_label("Texte retenu").fill("La commission demande un bilan public, chaque année.")
    suivre(bureau.get_by_role("button", name="Accepter la proposition"))
    expect(bureau.get_by_text("La commission demande un bilan public, chaque année.").first).to_be_visible()

    expect(autre.get_by_role("link", name="Lire le texte d’aujourd’hui")).to_be_visible()
    suivre(autre.get_by_role("link", name="Lire le texte d’aujourd’hui"))
    expect(autre.get_by_text("La commission demande un bilan public, chaque année.").first).to_be_visible()
