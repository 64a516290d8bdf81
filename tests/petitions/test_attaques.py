"""Attacks tried on a running copy: false signatures, at the request, the confirmation and the threshold."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Commune, Courriel
from petitions import tasks
from petitions.fraude import actes as fraude
from petitions.models import (
    Decompte,
    DomaineSurveille,
    ReglageFraude,
    ReglementPetition,
    ReseauConnu,
    SeuilEnAttente,
    Signature,
)
from petitions.seuils import actes as seuils
from petitions.signatures import actes as signatures
from petitions.signatures import decompte, envois
from petitions.workflow import Etat
from tests.petitions.factories import SignatureFactory
from tests.petitions.test_seuils import remplir
from tests.socle.factories import CompteFactory


def demander(petition, i, courriel, ip):
    communes = list(Commune.objects.values_list("pk", flat=True)[:15])
    signatures.demander_signature(
        petition.pk,
        prenom="Anne",
        nom=f"Fausse{'abcdefghij'[i % 10]}{'abcdefghij'[i // 10 % 10]}{'abcdefghij'[i // 100]}",
        courriel=courriel,
        commune=communes[i % 15],
        qualite="resident",
        accord_nouvelles=False,
        ip=ip,
    )


def test_a_catch_all_domain_behind_200_addresses_is_set_aside(petition):
    for i in range(400):
        demander(petition, i, f"x{i}@boite{i % 7}.attrape-tout.example", f"203.{i // 2}.113.9")
    envois.ecrire_aux_signataires()

    reglage = ReglageFraude.actuel()
    ecrites = Courriel.objects.filter(acte="petitions/signer").count()
    assert ecrites <= max(reglage.domaine_rafale_nombre, reglage.domaine_nombre)
    assert Signature.objects.filter(etat="ecartee", motif_ecart="nombreux").count() == 400 - ecrites


def test_a_shared_provider_and_an_admitted_domain_have_no_limit_of_their_own(petition):
    DomaineSurveille.objects.create(domaine="usine.example", regle="admis")
    for i in range(60):
        demander(petition, i, f"x{i}@{'orange.fr' if i % 2 else 'usine.example'}", f"203.{i}.113.9")
    envois.ecrire_aux_signataires()

    assert not Signature.objects.filter(etat="ecartee").exists()


def test_confirming_everything_from_one_place_is_set_aside_and_shown_to_nobody(client, petition):
    confirmees = [SignatureFactory(petition=petition, courriel=f"p{i}@d{i}.example") for i in range(12)]
    for signature in confirmees:
        client.post(f"/petitions/signature/{signature.jeton()}/confirmer/")
    tasks.compter()
    tasks.compter()

    limite = ReglageFraude.actuel().rafale_nombre
    assert Decompte.objects.get(petition=petition).total == limite
    ecartees = Signature.objects.filter(etat="ecartee", motif_ecart="confirmations")
    assert ecartees.count() == 12 - limite
    ecartee = ecartees.last()
    jeton = ecartee.jeton()
    assert "votre signature compte" in client.get(f"/petitions/signature/{jeton}/confirmer/").content.decode()
    assert client.get(f"/petitions/signature/{jeton}/corriger/").status_code == 200
    Signature.objects.update(demandee_le=timezone.localtime() - timedelta(days=90))
    assert effacer_sans_preuve() == 0  # it waits for an agent, without limit of time

    # An agent who accepts it makes it count at once: the address was already proved.
    fraude.admettre_signatures(petition, par=CompteFactory(agent=True), signatures=[ecartee.pk])
    tasks.compter()
    assert Decompte.objects.get(petition=petition).total == limite + 1


def test_a_library_and_ordinary_confirmations_count(client, petition):
    ReseauConnu.objects.create(plage="127.0.0.0/8", libelle="Bibliothèque")
    for i in range(12):
        signature = SignatureFactory(petition=petition, courriel=f"p{i}@d{i}.example")
        signatures.confirmer_signature(signature, ip="127.0.0.1", reseau_connu=1)
    tasks.compter()

    assert Decompte.objects.get(petition=petition).total == 12


def attendre(petition, **champs):
    """Reach a threshold within an hour, so that it waits for an agent."""
    remplir(petition, **champs)
    Signature.objects.filter(petition=petition).update(confirmee_le=timezone.now() - timedelta(minutes=5))
    decompte.compter()
    seuils.constater_seuils()
    seuils.constater_seuils()
    return SeuilEnAttente.objects.get(petition=petition)


def test_a_threshold_met_in_an_hour_waits_for_an_agent_and_nobody_else_knows(client, petition):
    agent = CompteFactory(agent=True)
    attente = attendre(petition, accord_nouvelles=True)

    assert not petition.seuils_atteints.exists()
    assert not petition.journal.exists()
    [courriel] = Courriel.objects.all()
    assert courriel.destinataires == [agent.courriel]
    assert "840 signatures en ligne confirmées en 24 heures" in courriel.corps.replace("\xa0", " ")
    page = client.get(petition.get_public_url()).content.decode().lower()
    assert "attend" not in page.split("<main", 1)[1].split("</main", 1)[0].replace("attendre", "")
    client.force_login(petition.auteur)
    assert (
        "seuil"
        not in client.get(f"/petitions/mes-petitions/{petition.pk}/")
        .content.decode()
        .lower()
        .split("journal")[-1]
    )

    client.force_login(agent)
    assert "Attend votre décision" in client.get(petition.get_absolute_url()).content.decode()
    url = f"/petitions/seuils/{attente.pk}/confirmer-seuil/"
    assert "840" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert petition.seuils_atteints.filter(perdu_le__isnull=True).count() == 1
    assert list(petition.journal.order_by("pk").values_list("acte", "par")) == [
        ("confirmer_seuil", agent.pk),
        ("atteindre_seuil", None),
    ]


def test_what_an_agent_does_not_retain_stays_unreached_until_it_is_sorted_out(client, petition):
    agent = CompteFactory(agent=True)
    attente = attendre(petition)
    client.force_login(agent)

    client.post(f"/petitions/seuils/{attente.pk}/ecarter-seuil/", {"motif": "Un seul réseau."})
    seuils.constater_seuils()
    assert not petition.seuils_atteints.exists()
    assert petition.journal.get().motif == "Un seul réseau."

    Signature.objects.filter(nom_canonique__endswith="1").update(etat="invalidee")
    decompte.compter()
    seuils.constater_seuils()
    attente.refresh_from_db()
    assert attente.fini_le is not None
    with pytest.raises(ErreurMetier):
        seuils.confirmer_seuil(attente, par=agent)


def test_a_collecte_does_not_end_while_a_threshold_waits(petition):
    agent = CompteFactory(agent=True)
    attente = attendre(petition)
    with pytest.raises(ErreurMetier, match="attend votre décision"):
        seuils.clore_collecte(petition, par=agent)
    type(petition).objects.update(date_fin_collecte=timezone.localdate() - timedelta(days=4))

    assert seuils.clore_collectes() == 0
    seuils.confirmer_seuil(attente, par=agent)
    assert seuils.clore_collectes() == 1

    petition.refresh_from_db()
    assert petition.etat == Etat.A_DEBATTRE


def test_a_slow_crowd_of_one_domain_waits_too(petition):
    remplir(petition)
    for i, signature in enumerate(Signature.objects.order_by("pk")[:200]):
        Signature.objects.filter(pk=signature.pk).update(courriel_canonique=f"p{i}@m.attrape-tout.example")
    decompte.compter()
    seuils.constater_seuils()

    [raison] = SeuilEnAttente.objects.get(petition=petition).raisons
    assert "@attrape-tout.example" in raison


def test_the_page_for_agents_says_the_figures_and_the_reasons_of_the_settings():
    page = (Path(settings.BASE_DIR) / "docs" / "fraude.md").read_text(encoding="utf-8")
    page = page.replace("\xa0", " ")
    reglage, reglement = ReglageFraude(), ReglementPetition()
    champs = [
        (reglage, champ.name)
        for champ in ReglageFraude._meta.fields
        if champ.name not in {"id", "ecarte_les_jetables"}
    ]
    champs += [
        (reglement, nom)
        for nom in (
            "signatures_par_adresse",
            "courriels_par_nom",
            "courriels_max",
            "refus_jours",
            "purge_jours",
        )
    ]
    for objet, nom in champs:
        ligne = f"| {objet._meta.get_field(nom).verbose_name} | {getattr(objet, nom)} |"
        assert ligne in page, ligne
    for motif in Signature.MotifEcart.labels:
        assert f"| {motif} |" in page, motif
    assert "fraude.md" in (Path(settings.BASE_DIR) / "docs" / "README.md").read_text(encoding="utf-8")
