"""Who is drawn: called, followed by a named contact, replaced, made a member, paid; the others erased."""

import html
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.panels import confirmation, indemnites
from participation.panels.indemnites import dues
from participation.panels.models import Appel, Equipier, Inscription, Panel, ReglementPanels
from participation.panels.oubli import oublier
from participation.panels.preparation import actes as preparation
from participation.panels.vitrine import section_journee
from participation.panels.workflow import EtatPanel, Reponse
from participation.seances.models import Convie, Membre, Presence
from participation.socle.actions.comptes import fermer_compte
from participation.socle.actions.documents import fabriquer_document
from participation.socle.actions.oubli import Personne
from participation.socle.erreurs import ErreurMetier
from participation.socle.views.pages import situer
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.workflow import Place
from tests.droits.factories import viser
from tests.greffons.guichet import Guichet
from tests.outils import constant_queries, jour, pdf_rapides, taches_du_jour
from tests.panels.factories import InscriptionFactory, PanelFactory
from tests.seances.factories import SeanceFactory
from tests.socle.factories import CompteFactory


def lisible(reponse):
    return html.unescape(reponse.content.decode()).replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
def appele(agent):
    """Two people drawn, and one in reserve; all three registered."""
    panel = PanelFactory(confirmation=True)
    Volontaire.objects.create(
        tirage=panel.tirage, numero="V00003", nom="Réserve", profil={"Genre": "F"}, billet="0"
    )
    for volontaire in panel.tirage.volontaires.order_by("numero"):
        InscriptionFactory(
            panel=panel, volontaire=volontaire, prenom=volontaire.numero, profil={"Genre": "F"},
            courriel=f"{volontaire.numero}@example.org".lower(),
        )  # fmt: skip
    return panel


def noter(panel, numero, par, **dit):
    inscription = panel.inscriptions.get(volontaire__numero=numero)
    return confirmation.noter_appel(inscription, par=par, **{"moyen": "appel", **dit})


def test_who_calls_for_the_service_sees_the_list_of_calls_and_nothing_else(client, appele):
    operateur = Equipier.objects.create(panel=appele, compte=CompteFactory(), role="appels").compte
    client.force_login(operateur)
    personne = appele.inscriptions.get(volontaire__numero="V00001")

    page = lisible(client.get(f"/panels/{appele.pk}/appels/"))
    assert "V00001" in page
    assert "V00003" not in page
    assert client.get(f"/panels/{appele.pk}/").status_code == 403
    assert client.get(f"/panels/{PanelFactory(confirmation=True).pk}/appels/").status_code == 404
    reponse = client.post(
        f"/panels/inscriptions/{personne.pk}/noter-appel/",
        {"moyen": "appel", "issue": "confirme", "enfants": "2", "interprete": "arabe"},
    )

    personne.refresh_from_db()
    assert reponse.url == f"/panels/{appele.pk}/appels/"
    assert (personne.reponse, personne.besoins) == (
        Reponse.CONFIRMEE,
        ["garde d’enfants (2)", "interprète (arabe)"],
    )
    autre = InscriptionFactory(panel=appele)
    assert client.get(f"/panels/inscriptions/{autre.pk}/noter-appel/").status_code == 409


def test_who_confirms_has_a_named_contact_who_owes_a_call_within_the_delay(
    client, agent, appele, time_machine
):
    """Given to who follows fewest; late after the delay of the règlement; owed no more once they spoke, or she gave up."""
    time_machine.move_to(timezone.localtime().replace(hour=12))
    ReglementPanels.objects.update(contact_heures=48)
    Panel.objects.filter(pk=appele.pk).update(agent=agent)
    appele.refresh_from_db()

    def dues():
        appele.refresh_from_db()
        ouvertes = appele.echeances.ouvertes().filter(cle__startswith="contact-")
        return {
            (e.responsable.prenom, e.libelle, e.date_limite) for e in ouvertes.select_related("responsable")
        }

    with pytest.raises(ValidationError, match="d’abord qu’elle confirme"):
        noter(appele, "V00001", agent, issue="contact")
    noter(appele, "V00001", agent, issue="confirme")
    assert dues() == {(agent.prenom, "Nommer le contact de 1 personne qui a confirmé", jour(2))}
    equipe = {"nom": "Suivi", "role": "contact"}
    for prenom in ("Odile", "Karim"):
        preparation.ajouter_equipier(
            appele, par=agent, prenom=prenom, courriel=f"{prenom}@example.org", **equipe
        )
    client.force_login(agent)
    seconde = appele.inscriptions.get(volontaire__numero="V00002")
    suite = client.post(
        f"/panels/inscriptions/{seconde.pk}/noter-appel/",
        {"moyen": "appel", "issue": "confirme"},
        follow=True,
    )
    assert "Dites-lui le nom de son contact : Karim Suivi" in lisible(suite)
    assert dues() == {(qui, "Appeler 1 personne qui a confirmé", jour(2)) for qui in ("Odile", "Karim")}
    preparation.retirer_equipier(appele.equipe.get(compte__prenom="Karim"), par=agent)
    assert dues() == {("Odile", "Appeler 2 personnes qui ont confirmé", jour(2))}

    # Who closes her account is nobody's contact any more: another is named, else the agent in charge owes it.
    partie = preparation.ajouter_equipier(
        appele, par=agent, prenom="Lina", courriel="lina@example.org", **equipe
    )
    Inscription.objects.filter(pk=seconde.pk).update(contact=partie)
    fermer_compte(partie.compte, par=agent)
    assert dues() == {("Odile", "Appeler 2 personnes qui ont confirmé", jour(2))}

    # Who follows them reads the list of calls, and what is late; that is all that she sees of the panel.
    time_machine.shift(timedelta(days=3))
    odile = appele.equipe.get(compte__prenom="Odile").compte
    client.force_login(odile)
    autre = Equipier.objects.create(panel=PanelFactory(confirmation=True), compte=odile, role="appels").panel
    assert f'href="{autre.appels_url}"' in lisible(client.get(appele.appels_url))
    assert "Son appel a 1 jour de retard" in lisible(client.get(appele.appels_url))
    assert client.get(f"/panels/{appele.pk}/").status_code == 403
    client.force_login(agent)
    assert "Odile Suivi" in lisible(client.get(f"/panels/{appele.pk}/"))
    assert "Appeler 2 personnes qui ont confirmé" in lisible(client.get("/journee/?vue=equipe"))

    noter(appele, "V00001", agent, moyen="sms", issue="message")
    noter(appele, "V00002", agent, issue="contact")
    assert dues() == {("Odile", "Appeler 1 personne qui a confirmé", jour(-1))}
    noter(appele, "V00001", agent, issue="refus_dates")
    assert dues() == set()
    noter(appele, "V00001", agent, issue="confirme")
    assert dues() == {("Odile", "Appeler 1 personne qui a confirmé", jour(2))}

    # The last contact closes her account: « Ma journée » of the agent in charge asks for another.
    fermer_compte(odile, par=odile)
    assert dues() == {(agent.prenom, "Nommer le contact de 1 personne qui a confirmé", jour(2))}
    page = lisible(client.get("/journee/"))
    assert "Nommer le contact de 1 personne qui a confirmé" in page
    assert f'href="{reverse("panels:ajouter_equipier", args=[appele.pk])}"' in page


def test_four_people_to_call_cost_what_one_costs(client, appele):
    client.force_login(Equipier.objects.create(panel=appele, compte=CompteFactory(), role="appels").compte)

    def tirer():
        combien = appele.tirage.volontaires.count()
        volontaire = Volontaire.objects.create(
            tirage=appele.tirage, numero=f"V{combien + 1:05}", place=Place.PANEL, profil={"Genre": "F"}
        )
        InscriptionFactory(panel=appele, volontaire=volontaire)

    constant_queries(client, f"/panels/{appele.pk}/appels/", tirer)


def test_nobody_is_out_of_reach_before_two_means_were_tried_for_as_many_days_as_her_group(
    agent, appele, time_machine
):
    time_machine.move_to(timezone.localtime().replace(hour=12))
    regle = ReglementPanels.objects.get()
    regle.essais_jours = "tous ; ; beaucoup"
    with pytest.raises(ValidationError, match="Ligne 1"):
        regle.full_clean()
    regle.essais_jours = "tous ; ; 1\nGenre ; F ; 5\nGenre ; H ; 90"
    regle.full_clean()
    regle.save()
    appele.inscriptions.filter(volontaire__numero="V00001").update(profil={"Genre": "F"})
    with pytest.raises(ValidationError, match="il en faut 2"):
        noter(appele, "V00001", agent, issue="injoignable")
    noter(appele, "V00001", agent, issue="message")
    with pytest.raises(ValidationError, match="Son groupe répond peu"):
        noter(appele, "V00001", agent, moyen="sms", issue="injoignable")
    time_machine.shift(timedelta(days=5))
    noter(appele, "V00001", agent, moyen="sms", issue="injoignable")

    assert appele.inscriptions.get(volontaire__numero="V00001").reponse == Reponse.INJOIGNABLE


def test_who_gives_up_is_replaced_from_the_reserve_then_who_confirmed_become_members(agent, appele):
    noter(appele, "V00001", agent, issue="refus_dates")
    noter(appele, "V00002", agent, issue="confirme")
    with pytest.raises(ErreurMetier, match="Remplacez d’abord"):
        confirmation.constituer_panel(appele, par=agent)

    (ailleurs,) = appele.tirage.manques("noter_renoncements", agent)
    assert situer(appele.tirage, [ailleurs], agent)[0].ou == appele.appels_url
    assert "noter_renoncements" not in appele.tirage.actes_permis_a(agent)
    guichet = Guichet(agent, en_hate=True)
    guichet.valider(f"/panels/{appele.pk}/remplacer-renoncants/")
    assert "1 personne entre : V00003" in guichet.dit
    with pytest.raises(ErreurMetier, match="reste à appeler"):
        confirmation.constituer_panel(appele, par=agent)
    noter(appele, "V00003", agent, issue="confirme")
    confirmation.constituer_panel(appele, par=agent)

    assert appele.etat == EtatPanel.SESSION
    membres = Membre.objects.de_l_instance(appele.instance)
    assert {m.compte.prenom for m in membres} == {"V00002", "V00003"}
    assert not appele.instance.est_publique

    # Somebody leaves during the sessions: her mandate ends, and who is left in reserve would enter.
    noter(appele, "V00002", agent, issue="refus_sante")
    assert confirmation.remplacer_renoncants(appele, par=agent)[0] == []
    assert {m.compte.prenom for m in membres.encore_la().filter(motif_fin="")} == {"V00003"}


def test_who_is_not_of_the_panel_is_erased_in_one_batch_after_the_delay_and_profiles_stay(agent, appele):
    for numero in ("V00001", "V00002"):
        noter(appele, numero, agent, issue="confirme")
    confirmation.constituer_panel(appele, par=agent)
    with pytest.raises(ErreurMetier, match="Personne n’est à effacer"):
        confirmation.effacer_inscrits(appele, par=agent)
    Panel.objects.filter(pk=appele.pk).update(date_constitution=jour(-60))
    appele.refresh_from_db()

    with pytest.raises(ErreurMetier, match="visa"):
        confirmation.effacer_inscrits(appele, par=agent)
    viser("panels.inscrits", appele.pk)
    assert confirmation.effacer_inscrits(appele, par=agent) == 1

    effacee = appele.inscriptions.get(volontaire__numero="V00003")
    assert (effacee.nom, effacee.courriel, effacee.telephone, effacee.adresse) == ("", "", "", "")
    assert effacee.profil == {"Genre": "F"}
    assert effacee.volontaire.nom == ""
    oublier(Personne("v00001@example.org"))
    assert appele.inscriptions.get(volontaire__numero="V00001").nom == ""


def test_who_came_is_owed_by_the_hour_within_the_ceiling_and_gets_a_certificate(
    agent, client, appele, monkeypatch
):
    for numero in ("V00001", "V00002"):
        noter(appele, numero, agent, issue="confirme")
    confirmation.constituer_panel(appele, par=agent)
    regle = ReglementPanels.objects.get()
    admin = CompteFactory(agent=True, is_staff=True)
    (refus,) = appele.manques("etablir_indemnites", admin)
    assert situer(appele, [refus], admin)[0].ou.startswith("/reference/panels/reglementpanels/")
    assert situer(appele, appele.manques("etablir_indemnites", agent), agent)[0].ou == ""
    regle.indemnite_heure, regle.plafond_seance = Decimal("13.74"), Decimal(50)
    regle.save()
    Panel.objects.filter(pk=appele.pk).update(reglement=regle)
    appele = Panel.objects.get(pk=appele.pk)
    debut = timezone.now() - timedelta(hours=5)
    seance = SeanceFactory(
        instance=appele.instance,
        mandature=appele.instance.mandatures.get(),
        reglement=appele.instance.reglements.get(),
        debut=debut,
        fin=debut + timedelta(hours=4),
        ouverte_le=debut,
        levee_le=debut + timedelta(hours=4),
        etat="levee",
    )
    for rang, membre in enumerate(Membre.objects.de_l_instance(appele.instance).order_by("compte__prenom")):
        convie = Convie.objects.create(seance=seance, membre=membre)
        depart = debut + timedelta(hours=2) if rang else None
        Presence.objects.create(seance=seance, convie=convie, mode="salle", arrivee=debut, depart=depart)

    etat = indemnites.etablir_indemnites(appele, par=agent)
    une = appele.inscriptions.get(volontaire__numero="V00002")
    attestation = indemnites.attester_presence(une, par=agent)

    assert [ligne[2] for ligne in etat.donnees["lignes"]] == ["4", "2"]
    assert [ligne[3][:2] for ligne in etat.donnees["lignes"]] == ["50", "27"]
    assert attestation.donnees["lignes"][0][2] == "2"
    pdf_rapides(monkeypatch)
    assert fabriquer_document(etat.pk)
    assert fabriquer_document(attestation.pk)
    client.force_login(agent)
    assert b"27,48" in b"".join(client.get(f"/panels/{appele.pk}/indemnites.csv").streaming_content)
    assert "27,48" in lisible(client.get(f"/panels/{appele.pk}/"))

    ReglementPanels.objects.update(
        indemnite_par="demi_journee", indemnite_demi_journee=20, critere_social="quotient de 1 000 € au plus", majoration_sociale=41,
    )  # fmt: skip
    Tirage.objects.filter(pk=appele.tirage_id).update(mesures={"prevision": {"presents": [[4.2, 3]]}})
    indemnites.voir_critere(appele.inscriptions.get(volontaire__numero="V00001"), par=agent, remplit="oui")
    assert [str(due.somme) for due in dues(Panel.objects.get(pk=appele.pk))] == ["41.00", "20.00"]
    page = lisible(client.get(f"/panels/{appele.pk}/"))
    assert "4,2 en moyenne, 3 au moins" in page
    assert "Moins de monde que prévu" in page
    # Who sat and did not come is called first, then replaced if she gives up: « Ma journée » says which.
    absente = Convie.objects.get(membre__inscription__volontaire__numero="V00001")
    absente.presences.all().delete()
    Appel.objects.update(le=debut)
    du_panel = partial(taches_du_jour, agent, section_journee)
    assert [(t.quoi, t.url) for t in du_panel()] == [("Appeler les absents", appele.appels_url)]
    assert lisible(client.get(appele.appels_url)).count("Absence à la dernière séance") == 1
    noter(appele, "V00001", agent, issue="refus_sante")
    assert [t.quoi for t in du_panel()] == ["Remplacer qui renonce"]
    confirmation.remplacer_renoncants(Panel.objects.get(pk=appele.pk), par=agent)
    assert du_panel() == []
    assert "oui" not in str(appele.journal.filter(acte="voir_critere").values_list("fait", "details"))
