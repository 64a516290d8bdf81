"""Thresholds: arithmetic, recorded once, lost, end of the collecte."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Commune, Courriel
from petitions.models import Petition, ReglementPetition, Seuil, SeuilAtteint, Signature
from petitions.seuils import actes as seuils
from petitions.seuils.regles import ECRETE, ENSEMBLE, evaluer, nombre_ecrete
from petitions.signatures import decompte
from petitions.workflow import Etat
from tests.outils import a_plusieurs, lire, lisible
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory

parts = st.integers(1, 7).flatmap(lambda d: st.tuples(st.integers(1, d), st.just(d)))


@given(st.lists(st.integers(0, 60), max_size=9), parts)
@settings(max_examples=300)
def test_the_capped_number_is_the_largest_that_holds(nombres, part):
    n, d = part
    attendu = max(t for t in range(sum(nombres) + 1) if sum(min(x, t * n // d) for x in nombres) >= t)

    assert nombre_ecrete(nombres, n, d) == attendu


@given(st.lists(st.integers(0, 400), max_size=49), parts, st.integers(1, 900), st.integers(1, 12))
@settings(max_examples=200)
def test_signatures_said_to_be_missing_elsewhere_are_enough(nombres, part, signatures, communes):
    seuil = Seuil(
        signatures=signatures, communes=communes, part_max_numerateur=part[0], part_max_denominateur=part[1]
    )
    evaluation = evaluer(seuil, nombres, ENSEMBLE)

    if evaluation.ailleurs:
        apres = evaluer(seuil, [*nombres, evaluation.ailleurs - 1], ENSEMBLE)
        assert not apres.part_respectee or apres.plus_forte > evaluation.plus_forte
    apres = evaluer(seuil, [*nombres, *[1] * evaluation.ailleurs], ENSEMBLE)
    assert apres.part_respectee


@given(st.lists(st.integers(0, 400), max_size=49), st.integers(1, 900), st.integers(1, 12))
@settings(max_examples=200)
def test_what_the_whole_reading_reaches_the_capped_one_reaches_too(nombres, signatures, communes):
    seuil = Seuil(signatures=signatures, communes=communes, part_max_numerateur=1, part_max_denominateur=3)

    if evaluer(seuil, nombres, ENSEMBLE).atteint:
        assert evaluer(seuil, nombres, ECRETE).atteint


def test_one_commune_above_a_third_blocks_the_whole_reading_not_the_capped_one():
    seuil = Seuil(signatures=800, communes=12, part_max_numerateur=1, part_max_denominateur=3)
    nombres = [500, *[50] * 14]

    ensemble, ecrete = evaluer(seuil, nombres, ENSEMBLE), evaluer(seuil, nombres, ECRETE)

    assert (ensemble.atteint, ensemble.retenu, ensemble.ailleurs) == (False, 1200, 300)
    assert (ecrete.atteint, ecrete.retenu) == (True, 1050)


def remplir(petition, par_commune=70, communes=12, **champs):
    """Add enough confirmed signatures for the first threshold, over several communes and days."""
    maintenant = timezone.now()
    lignes = []
    for commune in Commune.objects.all()[:communes]:
        for i in range(par_commune):
            cle = f"{commune.pk}@essai{i}.example"
            lignes.append(
                Signature(
                    petition=petition,
                    prenom="A",
                    nom="B",
                    nom_canonique=f"a {commune.pk} {i}",
                    courriel=cle,
                    courriel_canonique=cle,
                    commune=commune,
                    qualite="resident",
                    etat="confirmee",
                    confirmee_le=maintenant - timedelta(hours=i),
                    rang=1,
                    **champs,
                )
            )
    Signature.objects.bulk_create(lignes)


def test_a_threshold_is_noted_once_and_told_to_those_who_asked(db):
    petition = PetitionFactory(en_collecte=True)
    agent = CompteFactory(agent=True)
    remplir(petition)
    SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True, courriel="lea@exemple.fr")

    decompte.compter()
    assert seuils.constater_seuils() == 1
    assert seuils.constater_seuils() == 0

    assert SeuilAtteint.objects.get(petition=petition).seuil.signatures == 800
    assert petition.journal.filter(acte="atteindre_seuil").count() == 1
    destinataires = [a for c in Courriel.objects.all() for a in c.destinataires]
    assert sorted(destinataires) == sorted(["lea@exemple.fr", petition.auteur.courriel, agent.courriel])


def test_a_threshold_is_lost_when_signatures_are_invalidated_then_reached_again(db):
    petition = PetitionFactory(en_collecte=True)
    remplir(petition)
    decompte.compter()
    seuils.constater_seuils()

    Signature.objects.filter(petition=petition, nom_canonique__endswith=" 1").update(etat="invalidee")
    Signature.objects.filter(petition=petition, nom_canonique__endswith=" 2").update(etat="invalidee")
    Signature.objects.filter(petition=petition, nom_canonique__endswith=" 3").update(etat="invalidee")
    Signature.objects.filter(petition=petition, nom_canonique__endswith=" 4").update(etat="invalidee")
    decompte.compter()
    seuils.constater_seuils()
    assert SeuilAtteint.objects.get(petition=petition).perdu_le is not None

    Signature.objects.filter(petition=petition).update(etat="confirmee")
    decompte.compter()
    seuils.constater_seuils()
    assert SeuilAtteint.objects.filter(petition=petition, perdu_le__isnull=True).count() == 1
    actes = petition.journal.order_by("pk").values_list("acte", flat=True)
    assert list(actes) == ["atteindre_seuil", "perdre_seuil", "atteindre_seuil"]
    assert Courriel.objects.filter(acte="petitions/atteindre_seuil").count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_counters_at_once_note_a_threshold_once():
    petition = PetitionFactory(en_collecte=True)
    remplir(petition)

    def compter(_):
        decompte.compter()
        seuils.constater_seuils()

    assert a_plusieurs(8, compter) == [None] * 8
    seuils.constater_seuils()

    assert SeuilAtteint.objects.filter(petition=petition).count() == 1
    assert petition.journal.filter(acte="atteindre_seuil").count() == 1
    assert petition.decompte.total == 840


def test_a_collecte_ends_by_itself_only_after_the_last_confirmations(db):
    petition = PetitionFactory(en_collecte=True, date_fin_collecte=timezone.localdate())
    minuit = petition.fin_des_confirmations() - timedelta(hours=petition.reglement.grace_heures)

    with time_machine.travel(minuit + timedelta(hours=2), tick=False):
        assert seuils.clore_collectes() == 0
        assert petition.confirmation_possible()
        assert not petition.est_signable
    with time_machine.travel(petition.fin_des_confirmations() + timedelta(minutes=1), tick=False):
        assert not petition.confirmation_possible()
        assert seuils.clore_collectes() == 1
        assert seuils.clore_collectes() == 0
        petition.refresh_from_db()
        assert petition.etat == Etat.COLLECTE_CLOSE
        assert petition.conservation_jusqu_au is not None
        assert not petition.confirmation_possible()


def test_the_last_count_decides_the_end_of_a_collecte(db):
    petition = PetitionFactory(en_collecte=True, date_fin_collecte=timezone.localdate() - timedelta(days=3))
    remplir(petition)  # confirmed, not counted yet

    seuils.clore_collectes()

    petition.refresh_from_db()
    assert petition.etat == Etat.A_DEBATTRE
    assert petition.conservation_jusqu_au is None
    assert petition.echeances.filter(cle="debat").exists()
    assert "840 signatures sont valables" in Courriel.objects.get(acte="petitions/clore_collecte").corps


def test_an_agent_closes_early_only_when_a_threshold_is_reached(db):
    petition = PetitionFactory(en_collecte=True)
    agent = CompteFactory(agent=True)

    with pytest.raises(ErreurMetier, match="Aucun seuil"):
        seuils.clore_collecte(petition, par=agent)
    assert "Aucun seuil n’est atteint aujourd’hui" in seuils.dire_la_cloture(
        petition
    )  # shown before the reason is written
    assert Petition.objects.get(pk=petition.pk).etat == Etat.EN_COLLECTE

    remplir(petition)
    with pytest.raises(ValidationError, match="avant sa fin"):
        seuils.clore_collecte(petition, par=agent)
    seuils.clore_collecte(petition, par=agent, motif="Le conseil de juin est avancé.")
    assert petition.etat == Etat.A_DEBATTRE


def test_closing_early_says_what_is_lost_and_the_real_last_day_everywhere(client, db):
    petition = PetitionFactory(en_collecte=True)
    prevue = petition.date_fin_collecte
    remplir(petition)
    decompte.compter()
    client.force_login(CompteFactory(agent=True))
    url = reverse("petitions:clore_collecte", args=[petition.pk])

    page = client.get(url).content.decode().replace("\u00a0", " ")
    assert "60 jours pour signer seront perdus" in page
    assert "ne pourra plus être atteint" in page
    assert client.post(url).status_code == 200  # without a reason, no closing
    assert client.post(url, {"motif": "Le conseil est avancé."}).status_code == 302

    petition.refresh_from_db()
    assert petition.date_fin_collecte == timezone.localdate()
    lettre = Courriel.objects.get(acte="petitions/clore_collecte").corps
    assert f"jusqu’au {jour_texte(prevue)}. Elle s’arrête avant" in lettre
    assert "Le conseil est avancé." in lettre
    assert petition.journal.get(acte="clore_collecte").details["date_fin_prevue"] == prevue.isoformat()
    client.logout()
    publique = lire(client.get(petition.get_public_url()))
    assert "Le conseil est avancé." in publique
    fermee = lire(client.get(reverse("petitions:signer", args=[petition.pk])))
    assert lisible(jour_texte(prevue)) not in publique + fermee
    assert petition.confirmation_possible()  # pending confirmations have one more day


@pytest.mark.django_db
def test_a_threshold_that_the_communes_could_never_reach_is_refused():
    reglement = ReglementPetition.objects.en_vigueur()

    def refus(**champs):
        with pytest.raises(ValidationError) as dit:
            Seuil(
                reglement=reglement, ordre=9, signatures=800, effet=Seuil.Effet.DEBAT, **champs
            ).full_clean()
        return " ".join(dit.value.messages)

    assert refus(communes=50) == "50 communes sont demandées, et le territoire en compte 49."
    assert "49 communes et 1/60 au plus par commune" in refus(part_max_numerateur=1, part_max_denominateur=60)
