"""Review of signatures mise à l’écart; invalidations previewed, run in batches, reversible."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from petitions.fraude import actes as fraude
from petitions.models import (
    Decompte,
    DomaineSurveille,
    FeuillePapier,
    Invalidation,
    ReglageFraude,
    ReseauConnu,
    SeuilEnAttente,
    Signature,
)
from petitions.signatures import decompte, envois
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory, commune


def test_an_admitted_signature_gets_its_letter_and_is_not_judged_again(client, petition, agent):
    signature = SignatureFactory(
        petition=petition, etat="ecartee", courriel="x@yopmail.com", motif_ecart="jetable"
    )
    client.force_login(agent)
    url = f"/petitions/{petition.pk}/signatures/ecartees/"
    assert "Adresse de courriel jetable" in client.get(url).content.decode()

    client.post(url, {"signatures": [signature.pk], "decision": "admettre"})
    envois.ecrire_aux_signataires()

    signature.refresh_from_db()
    assert signature.etat == "demandee"
    assert Courriel.objects.filter(acte="petitions/signer").count() == 1
    assert petition.journal.filter(acte="admettre_signatures", par=agent).count() == 1


def test_a_rejected_signature_never_gets_a_letter(client, petition, agent):
    signature = SignatureFactory(petition=petition, etat="ecartee", motif_ecart="rafale")
    client.force_login(agent)

    client.post(
        f"/petitions/{petition.pk}/signatures/ecartees/",
        {"signatures": [signature.pk], "decision": "rejeter"},
    )
    envois.ecrire_aux_signataires()

    signature.refresh_from_db()
    assert signature.etat == "invalidee"
    assert not Courriel.objects.exists()


def test_an_invalidation_is_previewed_run_then_undone(client, petition, agent, monkeypatch):
    monkeypatch.setattr(fraude, "LOT", 4)
    vraies = SignatureFactory.create_batch(3, petition=petition, confirmee=True)
    fausses = [
        SignatureFactory(petition=petition, confirmee=True, courriel=f"robot{i}@faux.example")
        for i in range(10)
    ]
    SignatureFactory(petition=petition, courriel="robot10@faux.example")
    decompte.compter()
    client.force_login(agent)

    reponse = client.post(
        f"/petitions/{petition.pk}/signatures/invalider/",
        {"domaine": "faux.example", "motif": "Un seul robot."},
        follow=True,
    )
    assert "Invalider 11&nbsp;signatures" in reponse.content.decode()
    invalidation = Invalidation.objects.get()
    assert Signature.objects.filter(etat="invalidee").count() == 0

    client.post(reverse("petitions:lancer_invalidation", args=[invalidation.pk]))
    tardive = SignatureFactory(petition=petition, courriel="robot11@faux.example")
    fraude.poursuivre_invalidation(invalidation.pk)
    fraude.poursuivre_invalidation(invalidation.pk)
    decompte.compter()

    invalidation.refresh_from_db()
    assert (invalidation.etat, invalidation.traitees) == ("faite", 11)
    assert Decompte.objects.get(petition=petition).total == len(vraies)
    tardive.refresh_from_db()
    assert tardive.etat == "demandee"

    client.post(reverse("petitions:retablir_invalidation", args=[invalidation.pk]))
    fraude.poursuivre_invalidation(invalidation.pk)
    decompte.compter()

    invalidation.refresh_from_db()
    assert invalidation.etat == "retablie"
    assert Decompte.objects.get(petition=petition).total == len(vraies) + len(fausses)
    assert Signature.objects.filter(etat="demandee").count() == 2
    assert list(petition.journal.order_by("pk").values_list("acte", flat=True)) == [
        "invalider_signatures",
        "retablir_signatures",
    ]
    assert client.get(f"/petitions/invalidations/{invalidation.pk}/").status_code == 200


def test_stopping_an_invalidation_puts_back_what_it_took(petition, agent):
    SignatureFactory.create_batch(3, petition=petition, confirmee=True)
    invalidation = fraude.preparer_invalidation(
        petition, par=agent, motif="x", criteres={"nom": "signataire"}
    )
    fraude.lancer_invalidation(invalidation, par=agent)
    Signature.objects.filter(pk=Signature.objects.first().pk).update(
        etat="invalidee", invalidation=invalidation
    )

    fraude.abandonner_invalidation(invalidation, par=agent)
    fraude.poursuivre_invalidation(invalidation.pk)

    assert Signature.objects.valables().count() == 3
    with pytest.raises(ActeInterdit):
        fraude.retablir_invalidation(invalidation, par=agent)


@pytest.mark.parametrize(
    ("criteres", "visees"),
    [
        ({"nom": "Éva"}, {"Éva"}),
        ({"domaine": "@a.example"}, {"Éva", "Bo"}),
        ({"courriel": "bo*@*.example"}, {"Bo"}),
        ({"courriel": "bo.@a.example"}, set()),
        ({"commune": "vif"}, {"Cy"}),
        ({"origine": "papier"}, {"Cy"}),
        ({"reseau": "r1"}, {"Éva"}),
        ({"domaine": "a.example", "nom": "bo"}, {"Bo"}),
        ({"fin": "2020-01-01"}, set()),
    ],
)
def test_each_criterion_narrows(petition, criteres, visees):
    SignatureFactory(
        petition=petition,
        prenom="Éva",
        nom_canonique="eva un",
        courriel="eva@a.example",
        empreinte_reseau="r1",
    )
    SignatureFactory(
        petition=petition, prenom="Bo", nom_canonique="bo deux", courriel="bob@a.example", confirmee=True
    )
    SignatureFactory(petition=petition, prenom="Cy", commune=commune("Vif"), origine="papier", courriel=None)
    SignatureFactory(petition=petition, prenom="Déjà", nom_canonique="eva trois", etat="retiree")
    SignatureFactory(prenom="Ailleurs", nom_canonique="eva autre", courriel="eva@a.example")
    if criteres.get("commune"):
        criteres = {"commune": commune("Vif").pk}

    assert {s.prenom for s in fraude.signatures_visees(petition, criteres)} == visees


def test_an_invalidation_needs_a_criterion_that_aims_at_something(petition, agent):
    with pytest.raises(ErreurMetier, match="au moins un critère"):
        fraude.preparer_invalidation(petition, par=agent, motif="x", criteres={})
    with pytest.raises(ErreurMetier, match="Aucune signature"):
        fraude.preparer_invalidation(petition, par=agent, motif="x", criteres={"nom": "personne"})


def test_only_an_agent_invalidates(client, petition):
    SignatureFactory(petition=petition)
    passant = CompteFactory()
    invalidation = fraude.preparer_invalidation(
        petition, par=passant, motif="x", criteres={"nom": "signataire"}
    )

    with pytest.raises(RoleInsuffisant):
        fraude.lancer_invalidation(invalidation, par=passant)
    client.force_login(passant)
    assert client.get(f"/petitions/{petition.pk}/signatures/invalider/").status_code == 403


def test_bursts_are_shown_and_told_once_an_hour(client, petition, agent):
    ReglageFraude.objects.create(alerte_par_heure=3)
    for i in range(4):
        SignatureFactory(
            petition=petition, empreinte_reseau="abcdef0123456789", courriel=f"p{i}@faux.example"
        )

    fraude.signaler_rafales()
    fraude.signaler_rafales()

    [courriel] = Courriel.objects.filter(acte="petitions/signaler_rafale")
    assert "réseau abcdef01 : 4 demandes" in courriel.corps.replace("\xa0", " ")
    client.force_login(agent)
    page = client.get(f"/petitions/{petition.pk}/signatures/rafales/?heures=1&minimum=3").content.decode()
    assert "?reseau=abcdef0123456789" in page
    assert "@faux.example" in page


def test_the_simulation_and_the_export_are_for_agents(client, petition, agent):
    SignatureFactory.create_batch(3, petition=petition, confirmee=True, confirmee_le=timezone.now())
    SignatureFactory(petition=petition, nom="=CMD()")
    decompte.compter()
    client.force_login(agent)

    assert "Lecture du règlement" in client.get(f"/petitions/{petition.pk}/seuils/").content.decode()
    reponse = client.get(f"/petitions/{petition.pk}/signatures/export.csv")
    lignes = b"".join(reponse.streaming_content).decode().splitlines()
    assert len(lignes) == 5
    assert ",=CMD" not in "".join(lignes)
    assert ";=CMD" not in "".join(lignes)
    client.force_login(CompteFactory())
    assert client.get(f"/petitions/{petition.pk}/signatures/export.csv").status_code in {403, 404}


def test_what_waits_for_an_agent_is_on_her_day_with_its_age(client, petition, agent):
    """A deposit not taken, signatures set aside, a threshold, a sheet of a colleague, a bounced letter."""
    hier = timezone.localtime() - timedelta(days=4)
    nouvelle = PetitionFactory(deposee=True, deposee_le=hier)
    SignatureFactory.create_batch(
        2, petition=petition, etat="ecartee", motif_ecart="rafale", demandee_le=hier
    )
    SeuilEnAttente.objects.create(petition=petition, seuil=petition.reglement.seuils.first(), depuis=hier)
    for numero, saisie_par in enumerate([agent, CompteFactory(agent=True)], start=1):
        FeuillePapier.objects.create(
            petition=petition, numero=numero, etat="a_controler", saisie_par=saisie_par, saisie_close_le=hier
        )
    Courriel.objects.create(
        expediteur="s@example.org",
        destinataires=["x@example.org"],
        sujet="x",
        corps="x",
        etat="rejete",
        cree_le=hier,
    )
    client.force_login(agent)

    page = client.get("/journee/")

    lignes = {
        ligne.tache.quoi.replace("\xa0", " "): ligne
        for partie in page.context["parties"]
        for ligne in partie.lignes
    }
    for quoi in (
        "Prendre en charge",
        "Examiner 2 signatures mises à l’écart",
        "Décider du seuil de 800 signatures",
        "Contrôler 1 feuille de signatures",
        "Corriger l’adresse, ou renvoyer",
    ):
        assert (lignes[quoi].fort, lignes[quoi].faible) == ("4 jours", "d’attente"), quoi
        assert client.get(lignes[quoi].tache.url).status_code == 200
    assert nouvelle.reference in lignes["Prendre en charge"].tache.sur_quoi

    client.force_login(CompteFactory(role="accueil"))
    assert not client.get("/journee/").context["parties"]


def test_all_are_rejected_at_once_then_looked_at_again(client, petition, agent):
    SignatureFactory.create_batch(60, petition=petition, etat="ecartee", motif_ecart="rafale")
    client.force_login(agent)
    url = f"/petitions/{petition.pk}/signatures/ecartees/"
    page = client.get(url)
    assert "Toutes les 60, pas seulement cette page" in page.content.decode()

    assert "Choisissez au moins" in client.post(url, {"decision": "rejeter"}).content.decode()
    SignatureFactory(petition=petition, etat="ecartee", motif_ecart="rafale")  # since the agent read the page
    client.post(url, {"toutes": "oui", "decision": "rejeter", "vue": page.context["vue"]})
    assert Signature.objects.filter(etat="invalidee").count() == 60
    assert "Voir les rejetées (60)" in client.get(url).content.decode()

    client.post(f"{url}?voir=rejetees", {"toutes": "oui", "decision": "reexaminer"})
    assert Signature.objects.filter(etat="ecartee").count() == 61
    assert list(petition.journal.order_by("pk").values_list("acte", flat=True)) == [
        "rejeter_signatures",
        "reexaminer_signatures",
    ]


def test_a_known_network_and_a_watched_domain_are_kept_as_they_are_compared(db):
    reseau = ReseauConnu(plage=" 192.0.2.77/24 ", libelle="Mairie")
    domaine = DomaineSurveille(domaine=" @Mairie.Example ", regle="admis")
    for une in (reseau, domaine):
        une.full_clean()

    assert (reseau.plage, domaine.domaine) == ("192.0.2.0/24", "mairie.example")
    reseau.plage = "la mairie"
    with pytest.raises(ValidationError, match="Écrivez une plage d’adresses"):
        reseau.full_clean()
