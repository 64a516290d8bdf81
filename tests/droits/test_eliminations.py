"""Nothing is eliminated without a slip that the archives answered line by line; the slip is kept for ever."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from participation.droits.eliminations import actes
from participation.droits.models import Bordereau
from participation.socle import vitrine
from participation.socle.actions.chiffres import tenir_les_chiffres
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from petitions.models import Signature
from petitions.pseudonymisation import pseudonymiser
from tests.budgets.factories import forum_le, inscription_a
from tests.outils import fautes_pdf, lire, requetes
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


@pytest.fixture
def petition():
    close = PetitionFactory(close=True, conservation_jusqu_au=timezone.localdate() - timedelta(days=1))
    SignatureFactory(petition=close, confirmee=True)
    return close


@pytest.fixture
def forum():
    ancien = forum_le(-100, etat="tenu")
    inscription_a(ancien)
    return ancien


def test_the_archives_answer_by_their_link_and_what_they_refuse_stays(client, agent, petition, forum):
    with pytest.raises(ErreurMetier, match="visa"):
        pseudonymiser(petition, par=agent)
    bordereau = actes.preparer_bordereau(Bordereau(), par=agent)
    with pytest.raises(ErreurMetier, match="n’attend un bordereau"):
        actes.preparer_bordereau(Bordereau(), par=agent)
    actes.demander_visa(bordereau, par=agent, courriel="archives@example.org")
    assert fautes_pdf(fabriquer(bordereau), "ua1") == []
    (signataires, inscrits) = bordereau.lignes.order_by("-nature")
    lettre = Courriel.objects.get(destinataires=["archives@example.org"])
    lien = re.search(r"/eliminations/visa/\S+", lettre.corps)[0]
    dit = {
        "acte": "viser_bordereau",
        "visa": "AD38-2027-12",
        "vise_par": "Une archiviste",
        "date_visa": timezone.localdate().isoformat(),
        f"avis_{signataires.pk}": "visa",
        f"avis_{inscrits.pk}": "refus",
    }
    assert "Dites pourquoi" in lire(client.post(lien, dit))
    client.post(lien, {**dit, f"motif_{inscrits.pk}": "Échantillon à garder"})
    bordereau.refresh_from_db()
    assert (bordereau.etat, bordereau.visa) == ("vise", "AD38-2027-12")

    actes.eliminer_bordereau(bordereau, par=agent)
    actes.poursuivre_elimination(bordereau.pk)

    bordereau.refresh_from_db()
    assert bordereau.etat == "elimine"
    assert list(Signature.objects.values_list("nom", flat=True)) == [""]
    assert forum.inscriptions.get().nom
    with pytest.raises(ErreurMetier, match="n’attend un bordereau"):
        actes.preparer_bordereau(Bordereau(), par=agent)
    assert fautes_pdf(fabriquer(bordereau), "ua1") == []
    actes.reprendre_eliminations()
    bordereau.certificat.refresh_from_db()
    assert bordereau.certificat.fige_le is not None
    assert "Certificat d’élimination" in lire(client.get(lien))
    pdf = client.get(f"{lien}bordereau.pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    client.force_login(agent)
    assert "Refus : à garder. Échantillon à garder" in lire(client.get(bordereau.get_absolute_url()))


def fabriquer(bordereau):
    assert fabriquer_document(bordereau.certificat_id)
    bordereau.certificat.refresh_from_db()
    with bordereau.certificat.fichier.open("rb") as fichier:
        return fichier.read()


def test_the_page_reads_what_is_kept_and_a_slip_takes_its_lots_off_at_once(client, agent, petition):
    tenir_les_chiffres()
    client.force_login(agent)
    adresse = reverse("droits:bordereaux")

    assert not [sql for sql in requetes(client, adresse) if "petitions_signature" in sql]
    assert petition.titre in lire(client.get(adresse))
    actes.preparer_bordereau(Bordereau(), par=agent)
    assert petition.titre not in lire(client.get(adresse))


def test_the_database_keeps_a_slip_and_what_the_archives_answered(agent, petition):
    bordereau = actes.preparer_bordereau(Bordereau(), par=agent)
    lignes = bordereau.lignes.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        lignes.update(eliminee_le=timezone.now())
    lignes.update(avis="refus", motif="À garder")

    for geste in (lambda: lignes.update(avis="visa"), lignes.delete, Bordereau.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()


def test_each_kind_of_data_that_an_agent_purges_says_its_delay_and_what_stays():
    sortes = list(vitrine.recueillir("eliminations"))

    assert len({s.cle for s in sortes}) == len(sortes) >= 8
    for sorte in sortes:
        assert sorte.genre
        assert sorte.dua
        assert sorte.reste
        assert list(sorte.lots()) == []
