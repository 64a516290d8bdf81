"""A campagne from draft to the new mandature: nomination, waiting list, erasure of the others."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement import effacement, nomination
from participation.renouvellement.campagne import actes as actes_campagne
from participation.renouvellement.candidatures.actes import candidater
from participation.renouvellement.models import Bordereau, Campagne, Candidature
from participation.renouvellement.selection import actes as selection
from participation.renouvellement.workflow import APPARENCES, TRANSITIONS, Choix, EtatCampagne
from participation.seances.instances.actes import ouvrir_mandature
from participation.seances.models import Membre
from participation.socle.actions import tournees
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Courrier, Tournee
from participation.socle.regles.versions import MONTRE
from tests.droits.factories import viser
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.renouvellement.factories import (
    CampagneFactory,
    CandidatureFactory,
    CollegeCampagneFactory,
    LectureFactory,
)
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory

pytestmark = pytest.mark.django_db


def test_each_etat_is_reached_and_has_its_appearance():
    etats = set(EtatCampagne.values)
    atteints = {EtatCampagne.BROUILLON.value}.union(*(t.vers for t in TRANSITIONS.values()))

    assert etats == atteints == set(APPARENCES)


def formulaire(**autres) -> dict[str, object]:
    return {
        "titre": "Rejoindre la CCSPL, 2030-2033",
        "denomination": "la commission",
        "nomme_par": "le conseil métropolitain",
        "ouverture": jour(5).isoformat(),
        "cloture": jour(40).isoformat(),
        "mandature_intitule": "2030-2033",
        "mandature_debut": jour(120).isoformat(),
        "presentation": "Ce que c’est.",
        "temps_demande": "Six soirées.",
        "age_minimum": "16",
        "grace_heures": "24",
        "lectures_par_candidature": "2",
        "note_max": "5",
        "reponse_jours": "15",
        "conservation_mois": "6",
        "vivier_mois": "24",
        "purge_jours": "15",
        "courriels_max": "5",
        "demandes_par_heure": "30",
        **autres,
    }


def test_an_agent_prepares_a_campaign_from_the_present_mandature(client: Client, agent):
    instance = InstanceFactory(cle="ccspl", nom="CCSPL", app="ccspl")
    CollegeFactory(mandature=MandatureFactory(instance=instance), nom="Habitants", sieges=12)
    client.force_login(agent)

    refus = client.post(
        reverse("renouvellement:preparer_campagne"),
        formulaire(choisie=instance.pk, cloture=jour(1).isoformat()),
    )
    client.post(reverse("renouvellement:preparer_campagne"), formulaire(choisie=instance.pk))

    assert "Le dernier jour de l’appel précède son ouverture" in refus.content.decode()
    campagne = Campagne.objects.get()
    assert list(campagne.colleges.values_list("nom", "sieges")) == [("Habitants", 12)]
    campagne.cloture = campagne.ouverture
    ensuite = campagne.apparence.ensuite.format_map(campagne.mots_de_suite())
    assert f"arrivent le {jour_texte(campagne.ouverture)}." in ensuite


def test_rules_lines_are_edited_until_the_call_is_published(client: Client, agent):
    campagne = CampagneFactory()
    client.force_login(agent)
    adresse = reverse("renouvellement:regler_criteres", args=[campagne.pk])
    lignes = {
        "criteres-TOTAL_FORMS": "2",
        "criteres-INITIAL_FORMS": "0",
        "criteres-MIN_NUM_FORMS": "0",
        "criteres-MAX_NUM_FORMS": "40",
        "criteres-0-libelle": "Expérience d’usager",
        "criteres-0-ordre": "1",
        "criteres-0-poids": "2",
        "criteres-1-ordre": "1",
        "criteres-1-poids": "1",
    }

    client.post(adresse, lignes)

    assert list(campagne.criteres.values_list("libelle", "poids")) == [("Expérience d’usager", 2)]
    CollegeCampagneFactory(campagne=campagne)
    actes_campagne.ouvrir_appel(campagne, par=agent)
    assert client.post(adresse, lignes).status_code == 409
    assert (
        client.post(reverse("renouvellement:modifier_campagne", args=[campagne.pk]), formulaire()).status_code
        == 409
    )


def test_a_call_lacks_nothing_when_it_is_published(agent):
    campagne = CampagneFactory(ouverture=jour(-9), cloture=jour(-2))

    with pytest.raises(ErreurMetier, match="collège ouvert"):
        actes_campagne.ouvrir_appel(campagne, par=agent)

    assert len(campagne.manques("ouvrir_appel", agent)) == 2
    assert campagne.etat == EtatCampagne.BROUILLON


def test_two_windows_on_the_published_text_lose_nothing(client: Client, agent):
    campagne = CampagneFactory(ouverte=True)
    client.force_login(agent)
    adresse = reverse("renouvellement:amender_appel", args=[campagne.pk])
    vu = client.get(adresse).context["montre"]
    valeurs = {"temps_demande": "Six soirées.", "motif": "Une faute", MONTRE: vu}

    client.post(adresse, {**valeurs, "presentation": "Premier texte."})
    seconde = client.post(adresse, {**valeurs, "presentation": "Second texte."})

    campagne.refresh_from_db()
    assert campagne.presentation == "Premier texte."
    html = seconde.content.decode()
    assert "a changé pendant que vous" in html
    assert "Second texte." in html
    assert campagne.journal.first().details["avant"]["presentation"].startswith("La commission")


def test_two_who_rewrite_the_reason_alone_are_told_of_each_other(client: Client, agent):
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True))
    a = CandidatureFactory(college=college, eligible=True, choix=Choix.NON_RETENUE, choix_motif="Équilibre")
    client.force_login(agent)
    page = reverse("renouvellement:decider_candidature", args=[a.pk])
    vu = client.get(page).context["montre"]
    envoi = {"choix": Choix.NON_RETENUE, "rang_attente": "", MONTRE: vu}

    client.post(page, {**envoi, "choix_motif": "Elle se retire."})
    seconde = client.post(page, {**envoi, "choix_motif": "Autre raison."}).content.decode()

    a.refresh_from_db()
    assert a.choix_motif == "Elle se retire."
    assert "Elle se retire." in seconde
    assert "Autre raison." in seconde


def test_a_call_is_only_put_back_and_says_why(agent):
    campagne = CampagneFactory(ouverte=True)

    with pytest.raises(ValidationError):
        actes_campagne.prolonger_appel(campagne, par=agent, cloture=campagne.cloture, motif="Essai")
    actes_campagne.prolonger_appel(campagne, par=agent, cloture=jour(20), motif="Les vacances")

    assert campagne.journal.first().motif == "Les vacances"


def test_everybody_is_told_that_a_campaign_is_abandoned(agent, monkeypatch):
    monkeypatch.setattr(tournees, "LOT", 1)
    candidature = CandidatureFactory()
    autre = CandidatureFactory(campagne=candidature.campagne, college=candidature.college)

    actes_campagne.abandonner_campagne(
        candidature.campagne, par=agent, motif="Le conseil a décidé autrement."
    )

    tournees.poursuivre(Tournee.objects.lettres_de(candidature.campagne).get().pk)
    ecrites = Courriel.objects.filter(acte="renouvellement/abandonner_campagne").order_by("pk")
    assert [c.destinataires for c in ecrites] == [[candidature.courriel], [autre.courriel]]
    assert all("décidé autrement" in c.corps for c in ecrites)
    candidature.refresh_from_db()
    assert candidature.conserver_jusqu_au is not None


def test_the_journal_is_neither_changed_nor_erased(agent):
    campagne = CampagneFactory(ouverte=True)
    actes_campagne.prolonger_appel(campagne, par=agent, cloture=jour(20), motif="Les vacances")

    with pytest.raises(DatabaseError), transaction.atomic():
        campagne.journal.update(fait="Rien")
    with pytest.raises(DatabaseError), transaction.atomic():
        campagne.journal.all().delete()


# Nomination


@pytest.fixture
def arretee():
    campagne = CampagneFactory(arretee=True)
    college = CollegeCampagneFactory(campagne=campagne, sieges=2, nom="Habitants")
    CandidatureFactory.create_batch(
        2, college=college, eligible=True, choix=Choix.RETENUE, besoins=["boucle"], age="25_39"
    )
    for rang in (1, 2):
        CandidatureFactory(college=college, eligible=True, choix=Choix.ATTENTE, rang_attente=rang)
    return campagne


def nommer(campagne, agent):
    return nomination.nommer_membres(
        campagne, par=agent, deliberation="2026-112", date_deliberation=timezone.localdate()
    )


def test_the_deliberation_makes_the_mandature_its_members_and_their_accounts(agent, arretee):
    associations = CollegeCampagneFactory(campagne=arretee, associatif=True)
    CandidatureFactory(
        college=associations,
        eligible=True,
        choix=Choix.RETENUE,
        organisme="Les Usagers",
        suppleant_prenom="Ana",
        suppleant_nom="Ruiz",
        suppleant_courriel="ana@example.org",
    )
    CollegeCampagneFactory(campagne=arretee, nature="elus", nom="Élus")

    mandature = nommer(arretee, agent)

    membres = Membre.objects.filter(college__mandature=mandature)
    assert membres.count() == 4
    suppleante = membres.get(rang="suppleant")
    assert suppleante.suppleant_de.organisme == "Les Usagers"
    assert {m.nomme_par for m in membres} == {"2026-112"}
    profil = Candidature.objects.filter(membre__isnull=False, organisme="").first().membre.compte.profil
    assert (profil.besoins, profil.age) == (["boucle"], "25_39")
    assert mandature.colleges.get(nom="Élus").est_elu
    assert arretee.etapes.count() > 3
    with pytest.raises(ActeInterdit):
        nommer(arretee, agent)


def test_nobody_is_named_without_an_address_to_be_convened_at(agent, arretee):
    CollegeCampagneFactory(campagne=arretee)
    sans = CandidatureFactory(
        college=arretee.colleges.first(), eligible=True, choix=Choix.RETENUE, courriel=""
    )

    with pytest.raises(ErreurMetier, match=f"candidature n° {sans.numero}"):
        nommer(arretee, agent)

    assert arretee.instance.mandatures.count() == 0


def test_a_mandature_that_overlaps_the_present_one_is_named_with_what_to_do_from_the_publication_on(
    client: Client, agent, arretee
):
    presente = MandatureFactory(instance=arretee.instance, intitule="2023-2029", debut=jour(-900), fin=None)
    appel = CampagneFactory(instance=arretee.instance, mandature_debut=arretee.mandature_debut)
    client.force_login(agent)

    publier = client.get(reverse("renouvellement:ouvrir_appel", args=[appel.pk])).content.decode()
    nommer_page = client.get(reverse("renouvellement:nommer_membres", args=[arretee.pk])).content.decode()

    veille = jour_texte(arretee.mandature_debut - timedelta(days=1))
    for page in (publier, nommer_page):
        assert "andature «\xa02023-2029\xa0»" in page
        assert f"Faites-la finir le {veille} au plus tard." in page
    assert reverse("seances:modifier_mandature", args=[presente.pk]) in nommer_page
    with pytest.raises(ErreurMetier, match="2023-2029"):
        nommer(arretee, agent)
    with pytest.raises(ValidationError, match="2023-2029"):
        ouvrir_mandature(arretee.instance, par=agent, intitule="Autre", debut=jour(10), fin=jour(30))


# Waiting list


def test_a_seat_that_becomes_vacant_goes_to_the_next_who_accepts(client: Client, agent, arretee):
    arretee.mandature_debut = timezone.localdate()
    arretee.save()
    nommer(arretee, agent)
    college = arretee.colleges.get()
    with pytest.raises(ErreurMetier, match="Aucune place"):
        nomination.appeler_suivant(college, par=agent)
    partant = college.college.membres.first()
    Membre.objects.filter(pk=partant.pk).update(du=jour(-5), au=jour(-1))

    appelee = nomination.appeler_suivant(college, par=agent)

    assert appelee.rang_attente == 1
    assert "Une place se libère" in Courriel.objects.get(acte="renouvellement/appeler_suivant").sujet
    with pytest.raises(ErreurMetier, match="n’a pas encore répondu"):
        nomination.appeler_suivant(college, par=agent)
    client.logout()
    lien = reverse("renouvellement:repondre_appel", args=[appelee.jeton()])
    client.get(lien)
    appelee.refresh_from_db()
    assert appelee.acceptee_le is None
    client.post(lien, {"oui": "oui"})
    client.post(lien, {"oui": "oui"})
    appelee.refresh_from_db()
    assert appelee.membre.college == college.college
    assert Courriel.objects.filter(acte="renouvellement/repondre_appel").count() == 1
    assert (
        appelee.effet_du_retrait == "Aucun siège ne vous sera proposé."
    )  # it was read: nobody says that it was not


def test_who_declines_or_lets_the_delay_pass_leaves_the_seat_to_the_next(client: Client, agent, arretee):
    college = arretee.colleges.get()
    college.sieges = 4
    college.save()
    premiere = nomination.appeler_suivant(college, par=agent)
    nomination.repondre_appel(premiere, accepte=False)
    seconde = nomination.appeler_suivant(college, par=agent)
    assert seconde.pk != premiere.pk

    Candidature.objects.filter(pk=seconde.pk).update(appel_jusqu_au=jour(-1))
    client.post(reverse("renouvellement:repondre_appel", args=[seconde.jeton()]), {"oui": "oui"})

    seconde.refresh_from_db()
    assert seconde.acceptee_le is None
    with pytest.raises(ErreurMetier, match="épuisée"):
        nomination.appeler_suivant(college, par=agent)


# Installation of the mandature


def test_the_mandature_is_installed_once_what_is_necessary_is_done(client: Client, agent, arretee):
    arretee.mandature_debut = timezone.localdate()
    arretee.save()
    nommer(arretee, agent)
    client.force_login(agent)
    adresse = reverse("renouvellement:installer_mandature", args=[arretee.pk])
    valeurs = {"le": timezone.localdate().isoformat()}

    refus = client.post(adresse, valeurs)
    for etape in arretee.etapes.filter(est_requise=True):
        client.post(reverse("renouvellement:cocher_etape", args=[etape.pk]), {"faite": "oui"})
    client.post(adresse, valeurs)

    assert "Une étape nécessaire n’est pas faite" in refus.content.decode()
    arretee.refresh_from_db()
    assert arretee.etat == EtatCampagne.INSTALLEE
    assert arretee.mandature.installee_le == timezone.localdate()
    assert arretee.etapes.filter(faite_par=agent).count() == 4


# Erasure


def test_oblivion_is_proposed_after_the_delay_and_spares_members_and_who_agreed(
    client: Client, agent, arretee
):
    arretee.candidatures.update(conserver_jusqu_au=jour(-1), motivation="Un secret", nom="Secret")
    college = arretee.colleges.get()
    membre = arretee.candidatures.filter(choix=Choix.RETENUE).first()
    nommer(arretee, agent)
    vivier, oubliee = arretee.candidatures.filter(choix=Choix.ATTENTE)
    Candidature.objects.filter(pk=vivier.pk).update(vivier_jusqu_au=jour(100), accord_vivier=True)
    LectureFactory(candidature=oubliee, commentaire="Un secret")
    recente = CandidatureFactory(college=college, conserver_jusqu_au=jour(30))
    Courriel.objects.create(
        acte="renouvellement/arreter_attente",
        cle=f"candidature:{oubliee.pk}:arreter",
        expediteur="a@example.org",
        destinataires=[oubliee.courriel],
        sujet="s",
        corps="Un secret",
    )
    client.force_login(agent)
    adresse = reverse("renouvellement:effacer_candidatures", args=[arretee.pk])

    liste = client.get(reverse("renouvellement:candidatures_a_effacer")).content.decode()
    refus = client.post(adresse, {"confirme": "on"})
    viser("renouvellement.candidatures", arretee.pk, visa="2027-4")
    client.post(adresse, {"confirme": "on"})

    assert "1 candidature" in liste
    assert "rien n’est éliminé sans bordereau" in refus.content.decode()
    oubliee.refresh_from_db()
    assert (oubliee.nom, oubliee.courriel, oubliee.motivation, oubliee.age) == ("", "", "", "")
    assert oubliee.effacee_le is not None
    assert oubliee.lectures.get().commentaire == ""
    assert not Courriel.objects.filter(corps="Un secret").exists()
    for gardee in (membre, vivier, recente):
        gardee.refresh_from_db()
        assert gardee.nom, gardee
    bordereau = Bordereau.objects.get()
    assert (bordereau.visa, bordereau.nombre) == ("2027-4", 1)
    assert bordereau.comptes["commune"] == {"Grenoble": 1}
    assert client.get(reverse("renouvellement:ma_candidature", args=[oubliee.jeton()])).status_code == 404
    with pytest.raises(ErreurMetier, match="Aucune candidature"):
        effacement.effacer_candidatures(arretee, par=agent)


def test_the_clock_erases_no_unsuccessful_candidature(arretee):
    arretee.candidatures.update(
        conserver_jusqu_au=jour(-400), cree_le=timezone.localtime() - timedelta(days=900)
    )

    effacer_sans_preuve()

    assert not arretee.candidatures.exclude(effacee_le=None).exists()
    assert arretee.candidatures.count() == 4


def test_a_request_never_confirmed_is_forgotten_by_the_clock():
    dernier = debut_du_jour(jour(-Campagne._meta.get_field("purge_jours").default))
    CandidatureFactory(a_confirmer=True, cree_le=dernier - timedelta(minutes=1))
    gardee = CandidatureFactory(a_confirmer=True, cree_le=dernier)
    CandidatureFactory(cree_le=dernier - timedelta(days=5))

    assert effacer_sans_preuve() == 1
    assert Candidature.objects.count() == 2
    # Asked again: the new letter gives the full delay.
    candidater(gardee.college, prenom=gardee.prenom, nom=gardee.nom, courriel=gardee.courriel)
    gardee.refresh_from_db()
    assert timezone.localdate(gardee.cree_le) == timezone.localdate()


def test_who_has_no_mailbox_is_told_and_named_by_post(agent):
    college = CollegeCampagneFactory(campagne=CampagneFactory(selection=True), sieges=1, avec_suppleants=True)
    odile = CandidatureFactory(
        college=college,
        eligible=True,
        choix=Choix.RETENUE,
        courriel="",
        adresse="2 rue du Port, 38000 Grenoble",
        suppleant_prenom="Rose",
        suppleant_nom="Pardo",
    )
    campagne = college.campagne
    attente = CandidatureFactory(
        college=college, eligible=True, choix=Choix.ATTENTE, rang_attente=1, courriel="", adresse=""
    )

    selection.arreter(campagne, par=agent)
    ecrits = {c.document.donnees["candidature"]: c for c in Courrier.objects.filter(campagne=campagne)}
    assert "retenue" in ecrits[odile.pk].document.donnees["corps"]
    assert not ecrits[attente.pk].a_une_adresse
    confirmee = Candidature.objects.get(pk=attente.pk)
    confirmee.appel_jusqu_au = jour(15)
    nomination.dire_l_appel(confirmee)
    appel = Courrier.objects.get(lettre="renouvellement/appeler_suivant").document.donnees["corps"]
    assert jour_texte(jour(15)) in appel
    with pytest.raises(ErreurMetier, match="suppléance"):
        nommer(Campagne.objects.get(pk=campagne.pk), agent)
    odile.refresh_from_db()
    selection.corriger_coordonnees(odile, par=agent, suppleant_adresse="3 rue du Port, 38000 Grenoble")
    nommer(Campagne.objects.get(pk=campagne.pk), agent)

    nominations = Courrier.objects.filter(lettre="seances/nommer").order_by("pk")
    assert ["par la poste" in c.document.donnees["corps"] for c in nominations] == [True, True]
    odile.refresh_from_db()
    assert odile.membre.compte.est_par_poste
    assert odile.membre.adresse_postale == odile.adresse
    (rose,) = Membre.objects.filter(suppleant_de=odile.membre)
    assert (rose.rang, rose.compte.nom, rose.adresse_postale) == (
        Membre.Rang.SUPPLEANT, "Pardo", "3 rue du Port, 38000 Grenoble",
    )  # fmt: skip


def test_rules_colleges_and_questions_are_written_again_before_the_call(agent):
    campagne, guichet = CampagneFactory(), Guichet(agent, en_hate=True)
    colleges, questions, regles = (
        reverse(f"renouvellement:{acte}", args=[campagne.pk])
        for acte in ("regler_colleges", "regler_questions", "modifier_campagne")
    )
    guichet.valider(colleges, **{"colleges-0-nom": "Habitants", "colleges-0-sieges": "12"})
    guichet.valider(questions, **{"questions-0-libelle": "Pourquoi vous ?", "questions-0-est_requise": "on"})
    assert "Questions : c’est enregistré." in guichet.dit
    guichet.valider(regles, cloture=jour(-30).isoformat())
    assert "Le dernier jour de l’appel précède son ouverture" in guichet.dit
    guichet.valider(age_minimum="18", cloture=jour(30).isoformat())

    campagne.refresh_from_db()
    assert (campagne.age_minimum, campagne.cloture) == (18, jour(30))
    assert list(campagne.colleges.values_list("nom", "sieges")) == [("Habitants", 12)]
    assert list(campagne.questions.values_list("libelle", "est_requise")) == [("Pourquoi vous ?", True)]


def test_members_are_not_named_by_a_deliberation_to_come(agent, arretee):
    guichet = Guichet(agent, en_hate=True)
    page = reverse("renouvellement:nommer_membres", args=[arretee.pk])
    guichet.valider(page, deliberation="2026-112", date_deliberation=jour(1).isoformat())
    assert "nommez quand la délibération est prise" in guichet.dit
    assert not Membre.objects.exists()
