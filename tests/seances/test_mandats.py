"""Mandates: nomination within the seats of the règlement, letters, changes, replacement until the term."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances.convocation.reponses import repondre
from participation.seances.instances import actes as actes_instances
from participation.seances.instances.lectures import colleges_de, colleges_vacants
from participation.seances.membres import actes as membres
from participation.seances.membres import fins
from participation.seances.models import Convie, Instance, Membre, Parole, Seance
from participation.seances.presence import actes as actes_presence
from participation.seances.proces_verbaux import releve
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import de, jour_texte
from participation.socle.models import Compte, Courriel
from participation.socle.workflow import Role
from tests.outils import ensemble, lire
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MembreFactory,
    PresenceFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


PERSONNE = {"courriel": "alma@example.org", "prenom": "Alma", "nom": "Reinier"}


# Nomination


def test_naming_opens_the_account_and_writes_to_the_member(agent, college):
    membre = membres.nommer(college, par=agent, du=date(2026, 1, 5), organisme="Usagers de l’eau", **PERSONNE)

    assert membre.compte.get_full_name() == "Alma Reinier"
    assert membre.au == membre.terme == college.mandature.fin
    lettre = Courriel.objects.get(acte="seances/nommer")
    assert lettre.destinataires == ["alma@example.org"]
    assert reverse("seances:mon_instance", args=["essai"]).replace("/", "%2F") in lettre.corps
    entree = college.mandature.instance.journal.get(acte="nommer")
    assert (entree.par, entree.membre) == (agent, membre)


def test_a_person_already_known_keeps_her_account_and_her_name(agent, college):
    connue = CompteFactory(courriel="alma@example.org", prenom="Almaz", nom="Tesfay")

    membre = membres.nommer(college, par=agent, **{**PERSONNE, "courriel": "Alma@Example.org"})

    assert membre.compte == connue
    assert str(membre) == "Almaz Tesfay"


def test_a_closed_account_is_not_named(agent, college):
    CompteFactory(courriel="alma@example.org", is_active=False)

    with pytest.raises(ErreurMetier, match="fermé"):
        membres.nommer(college, par=agent, **PERSONNE)


def test_no_more_titulaires_than_seats_on_the_same_day(agent, college):
    MembreFactory(college=college, au=date(2026, 6, 30))
    MembreFactory(college=college)

    with pytest.raises(ValidationError, match="2 sièges, tous occupés"):
        membres.nommer(college, par=agent, du=date(2026, 6, 1), **PERSONNE)
    # The seat is free from the day after the departure.
    assert membres.nommer(college, par=agent, du=date(2026, 7, 1), **PERSONNE).pk


def test_seats_are_counted_over_the_whole_mandate_not_on_its_first_day(agent, college):
    MembreFactory(college=college)
    MembreFactory(college=college, du=date(2026, 9, 1))

    with pytest.raises(ValidationError, match="tous occupés"):
        membres.nommer(college, par=agent, du=date(2026, 1, 1), **PERSONNE)
    assert membres.nommer(college, par=agent, du=date(2026, 1, 1), au=date(2026, 8, 31), **PERSONNE).pk


def test_a_substitute_takes_no_seat_and_stands_in_for_one_titulaire(agent, college):
    titulaire = MembreFactory(college=college)
    MembreFactory(college=college)

    suppleant = membres.nommer(college, par=agent, rang="suppleant", suppleant_de=titulaire, **PERSONNE)

    assert list(titulaire.suppleants.all()) == [suppleant]
    with pytest.raises(ValidationError, match="déjà un suppléant"):
        membres.nommer(college, CompteFactory(), par=agent, rang="suppleant", suppleant_de=titulaire)
    # Those who stand in for nobody in particular are no more than the seats.
    MembreFactory.create_batch(college.sieges - 1, college=college, suppleant=True)
    with pytest.raises(ValidationError, match="autant de suppléants que de sièges"):
        membres.nommer(college, CompteFactory(), par=agent, rang="suppleant")


def test_no_substitute_where_the_college_has_none(agent, college):
    college.a_des_suppleants = False
    college.save()

    with pytest.raises(ValidationError, match="n’a pas de suppléants"):
        membres.nommer(college, par=agent, rang="suppleant", **PERSONNE)


def test_a_substitute_stands_in_for_somebody_of_the_same_college(agent, college):
    ailleurs = MembreFactory(college=CollegeFactory(nom="Élus"))

    with pytest.raises(ValidationError, match="même collège"):
        membres.nommer(college, par=agent, rang="suppleant", suppleant_de=ailleurs, **PERSONNE)


def test_one_person_presides_and_as_many_copreside_as_the_reglement_says(agent, college):
    autre = CollegeFactory(nom="Élus", sieges=5)
    MembreFactory(college=autre, president=True)
    for _ in range(2):
        MembreFactory(college=autre, fonction=Membre.Fonction.COPRESIDENT)

    with pytest.raises(ValidationError, match="préside déjà"):
        membres.nommer(college, par=agent, fonction="president", **PERSONNE)
    with pytest.raises(ValidationError, match="2 coprésidences au plus"):
        membres.nommer(college, par=agent, fonction="copresident", **PERSONNE)

    college.mandature.instance.reglements.update(copresidents_max=0)
    with pytest.raises(ValidationError, match="ne prévoit pas de coprésidence"):
        membres.nommer(college, par=agent, fonction="copresident", **PERSONNE)
    college.mandature.instance.reglements.update(copresidents_max=3)
    assert membres.nommer(college, par=agent, fonction="copresident", **PERSONNE).pk


def test_a_mandate_stays_within_its_mandature(agent, college):
    with pytest.raises(ValidationError, match="jour de la mandature"):
        membres.nommer(college, par=agent, du=date(2023, 1, 1), **PERSONNE)
    with pytest.raises(ValidationError, match="ne va pas au-delà"):
        membres.nommer(college, par=agent, au=college.mandature.fin + timedelta(days=1), **PERSONNE)


def test_the_duration_of_the_reglement_ends_the_mandate_before_the_mandature(agent, college):
    college.mandature.instance.reglements.update(duree_mandat_mois=24)

    membre = membres.nommer(college, par=agent, du=date(2024, 3, 1), **PERSONNE)

    assert membre.au == date(2026, 2, 28)


@pytest.mark.django_db(transaction=True)
def test_two_agents_do_not_give_the_last_seat_twice(transactional_db):
    ReglementInstanceFactory()
    college = CollegeFactory(sieges=1)
    agent = CompteFactory(agent=True)

    def nommer(n: int):
        lu = college.__class__.objects.get(pk=college.pk)
        return lambda: membres.nommer(lu, par=agent, courriel=f"p{n}@example.org", prenom="P", nom=str(n))

    assert ensemble(nommer(0), nommer(1)) == ["ValidationError", "fait"]
    assert college.membres.count() == 1


def test_the_page_keeps_what_was_typed_when_the_college_is_full(client, agent, college):
    for _ in range(2):
        MembreFactory(college=college)
    client.force_login(agent)
    donnees = {
        **PERSONNE,
        "fonction": "membre",
        "rang": "titulaire",
        "du": "2026-03-01",
        "organisme": "Cycle et ville",
    }

    reponse = client.post(reverse("seances:nommer", args=[college.pk]), donnees)

    assert reponse.status_code == 200
    html = reponse.content.decode()
    assert "tous occupés à ces dates" in html
    assert "Cycle et ville" in html
    assert not Compte.objects.filter(courriel="alma@example.org").exists()


def test_naming_on_the_page_shows_the_member(client, agent, college):
    client.force_login(agent)
    donnees = {
        **PERSONNE,
        "fonction": "delegue",
        "rang": "titulaire",
        "du": "2026-03-01",
        "commune": commune("Meylan").pk,
    }

    reponse = client.post(reverse("seances:nommer", args=[college.pk]), donnees, follow=True)

    html = reponse.content.decode()
    assert "Alma Reinier siège." in html
    assert "Délégation de collège" in html
    assert "1 vacant" in html


# Changes


def test_a_mandate_is_not_shortened_by_moving_its_date(agent, college):
    fin = college.mandature.fin
    membre = MembreFactory(college=college, au=fin, terme=fin)

    with pytest.raises(ValidationError, match="Mettre fin au mandat"):
        membres.modifier_membre(membre, par=agent, au=fin - timedelta(days=700))

    membres.modifier_membre(membre, par=agent, organisme="Cycle et ville", fonction="delegue")
    assert Membre.objects.get(pk=membre.pk).organisme == "Cycle et ville"
    assert "au nom de, fonction" in college.mandature.instance.journal.get(acte="modifier_membre").fait


def test_moving_the_end_of_the_mandature_moves_the_mandates_that_end_with_it(agent, college):
    fin = college.mandature.fin
    suivant = MembreFactory(college=college, au=fin, terme=fin)
    parti = MembreFactory(college=college, au=date(2025, 5, 5), terme=fin, motif_fin="Démission")

    plus_loin = fin + timedelta(days=181)
    actes_instances.modifier_mandature(college.mandature, par=agent, fin=plus_loin)

    suivant.refresh_from_db()
    parti.refresh_from_db()
    assert suivant.au == suivant.terme == plus_loin
    assert parti.au == date(2025, 5, 5)


def test_a_college_keeps_a_seat_for_each_who_sits(agent, college):
    for _ in range(2):
        MembreFactory(college=college)

    with pytest.raises(ValidationError, match="2 titulaires siègent"):
        actes_instances.modifier_college(college, par=agent, sieges=1)


# Departures


def test_ending_a_mandate_is_told_journaled_and_leaves_a_vacancy(agent, college):
    membre = MembreFactory(college=college, au=college.mandature.fin)
    MembreFactory(college=college)
    hier = timezone.localdate() - timedelta(days=1)

    fins.mettre_fin(membre, par=agent, au=hier, motif="Démission")

    vacant = colleges_vacants(Instance.objects.all())[0]
    assert (vacant, vacant.sieges - vacant.occupes) == (college, 1)
    lettre = Courriel.objects.get(acte="seances/mettre_fin")
    assert "Démission" in lettre.corps
    assert college.mandature.instance.journal.get(acte="mettre_fin").motif == "Démission"
    with pytest.raises(ActeInterdit, match="prend déjà fin"):
        fins.mettre_fin(membre, par=agent, au=hier, motif="Encore")


def test_the_journal_of_an_instance_cannot_be_changed(agent, college):
    membres.nommer(college, par=agent, **PERSONNE)

    with pytest.raises(InternalError), transaction.atomic():
        college.mandature.instance.journal.update(fait="autre chose")
    with pytest.raises(InternalError), transaction.atomic():
        college.mandature.instance.journal.all().delete()


def test_who_leaves_is_taken_off_the_seances_that_come_after(agent, college):
    membre = MembreFactory(college=college)
    apres = ConvieFactory(membre=membre, seance=SeanceFactory(mandature=college.mandature, convoquee=True))
    avant = ConvieFactory(
        membre=membre,
        seance=SeanceFactory(
            mandature=college.mandature, convoquee=True, debut=timezone.localtime() + timedelta(days=2)
        ),
    )

    fins.mettre_fin(membre, par=agent, au=timezone.localdate() + timedelta(days=10), motif="Déménagement")

    apres.refresh_from_db()
    avant.refresh_from_db()
    assert apres.retire_le is not None
    assert avant.retire_le is None
    assert apres.seance.titre in Courriel.objects.get(acte="seances/mettre_fin").corps
    assert apres.seance.journal.get().acte == "mettre_fin"


def test_a_member_removed_in_mid_seance_leaves_the_room_at_once(agent, college):
    seance = SeanceFactory(mandature=college.mandature, ouverte=True)
    partant = ConvieFactory(seance=seance, membre=MembreFactory(college=college))
    mandant = ConvieFactory(seance=seance, membre=MembreFactory(college=college))
    mandant.reponse, mandant.pouvoir_a = Convie.Reponse.POUVOIR, partant
    mandant.save()
    presence = PresenceFactory(convie=partant, seance=seance)
    Parole.objects.create(seance=seance, convie=partant)

    fins.mettre_fin(partant.membre, par=agent, au=timezone.localdate(), motif="Perte du mandat")

    presence.refresh_from_db()
    mandant.refresh_from_db()
    seance.refresh_from_db()
    assert presence.depart is not None
    assert Convie.objects.get(pk=partant.pk).retire_le is not None
    assert Parole.objects.get().retiree_le is not None
    assert (mandant.reponse, mandant.pouvoir_a) == ("excuse", None)
    assert seance.version > 0  # the screens of the séance are updated
    assert "Votre pouvoir" in Courriel.objects.get(acte="seances/mettre_fin_mandataire").sujet


def test_a_replacement_sits_for_what_remained_in_the_same_quality(agent, college):
    membre = membres.nommer(college, par=agent, du=date(2026, 1, 1), organisme="Cycle et ville", **PERSONNE)
    suppleant = membres.nommer(
        college, CompteFactory(), par=agent, du=date(2026, 1, 1), rang="suppleant", suppleant_de=membre
    )
    fins.mettre_fin(membre, par=agent, au=date(2026, 6, 30), motif="Démission")

    with pytest.raises(ValidationError, match="commence après"):
        membres.remplacer(membre, CompteFactory(), par=agent, du=date(2026, 6, 30))
    with pytest.raises(ValidationError, match="il n’en reste rien"):
        membres.remplacer(membre, CompteFactory(), par=agent, du=membre.terme + timedelta(days=1))
    nouveau = membres.remplacer(membre, CompteFactory(), par=agent, du=date(2026, 7, 1))

    assert nouveau.au == college.mandature.fin
    assert (nouveau.organisme, nouveau.remplace) == ("Cycle et ville", membre)
    suppleant.refresh_from_db()
    assert suppleant.suppleant_de == nouveau
    with pytest.raises(ActeInterdit, match="déjà pourvu"):
        membres.remplacer(membre, CompteFactory(), par=agent, du=date(2026, 8, 1))


def test_the_page_proposes_the_first_day_that_is_free(client, agent, college):
    membre = MembreFactory(college=college)
    fins.mettre_fin(membre, par=agent, au=timezone.localdate(), motif="Démission")
    client.force_login(agent)
    url = reverse("seances:remplacer", args=[membre.pk])
    du = client.get(url).context["form"]["du"].value()

    reponse = client.post(url, {**PERSONNE, "du": du.isoformat()}, follow=True)

    demain = timezone.localdate() + timedelta(days=1)
    assert f"siège à la place {de(membre)} à partir du {jour_texte(demain)}." in reponse.text
    assert Membre.objects.get(remplace=membre).du == demain


def test_nobody_is_replaced_while_sitting(agent, college):
    with pytest.raises(ErreurMetier, match="siège encore"):
        membres.remplacer(MembreFactory(college=college), CompteFactory(), par=agent, du=date(2026, 7, 1))


def test_a_member_of_an_instance_that_examines_dossiers_enters_the_back_office_while_she_sits(agent):
    ReglementInstanceFactory(instance=InstanceFactory(ouvre_le_bureau=True))
    membre = membres.nommer(CollegeFactory(), par=agent, **PERSONNE)
    assert Role.MEMBRE in Compte.objects.get(pk=membre.compte.pk).roles

    fins.mettre_fin(membre, par=agent, au=membre.du, motif="Erreur")

    assert membre.compte.appartenances.get().jusqu_a == membre.du


def test_the_substitute_of_who_leaves_is_called_no_more_and_may_take_the_seat(client, agent, college):
    alma, dora = MembreFactory.create_batch(2, college=college)
    commun, autre = MembreFactory.create_batch(2, college=college, suppleant=True)
    alban = MembreFactory(college=college, suppleant=True, suppleant_de=alma)
    seance = SeanceFactory(mandature=college.mandature, convoquee=True)
    for titulaire in (alma, dora):
        repondre(ConvieFactory(seance=seance, membre=titulaire), reponse="excuse")
    appeles = seance.convies.filter(remplace__isnull=False, retire_le=None).order_by("pk")
    assert [convie.membre for convie in appeles] == [alban, commun]
    client.force_login(agent)
    assert "supplée ce siège" in lire(client.get(reverse("seances:mettre_fin", args=[alma.pk])))

    hier = timezone.localdate() - timedelta(days=1)
    fins.mettre_fin(commun, par=agent, au=hier, motif="Départ")
    assert appeles.get(membre=autre).remplace.membre == dora  # the next suppléant is called
    fins.mettre_fin(alma, par=agent, au=hier, motif="Démission.")

    assert [convie.membre for convie in appeles.all()] == [autre]
    lettre = Courriel.objects.get(acte="seances/liberer_suppleant")
    assert lettre.destinataires == [alban.compte.courriel]
    assert "prend fin avant la séance" in lettre.corps
    assert "qui ne siège plus" in lire(client.get(alban.get_absolute_url()))
    url = reverse("seances:remplacer", args=[alma.pk])
    assert alban.compte.courriel in lire(client.get(url))

    client.post(url, {**PERSONNE, "courriel": alban.compte.courriel, "du": timezone.localdate().isoformat()})
    titulaire = Membre.objects.get(remplace=alma)
    alban.refresh_from_db()
    assert (titulaire.compte, titulaire.rang) == (alban.compte, "titulaire")
    assert (alban.au, alban.suppleant_de) == (hier, alma)
    assert titulaire in seance.membres_oublies()
    # Recorded at the séance once, as titulaire: a member who left before the opening is not absent.
    Seance.objects.filter(pk=seance.pk).update(etat="ouverte", ouverte_le=timezone.now())
    seance.refresh_from_db()
    actes_presence.accueillir(seance, titulaire, mode="salle", par=agent)
    (present,) = [college["personnes"] for college in releve.donnees(seance)["presence"]]
    dits = [(personne["nom"], personne["rang"], personne["statut"]) for personne in present]
    noms = [membre.compte.get_full_name() for membre in (titulaire, autre, dora)]
    assert sorted(dits) == sorted(
        [
            (noms[0], "titulaire", "present"),
            (noms[1], "suppléant", "absent"),
            (noms[2], "titulaire", "excuse"),
        ]
    )


def test_a_mandate_given_up_before_its_first_day_frees_its_seat_at_once(agent):
    college = CollegeFactory(sieges=1)
    demain = timezone.localdate() + timedelta(days=40)
    membre = MembreFactory(college=college, du=demain)

    fins.mettre_fin(membre, par=agent, au=timezone.localdate(), motif="Déménage")

    membre.refresh_from_db()
    assert (membre.au, membre.renonce_le) == (demain, timezone.localdate())
    (compose,) = colleges_de(membre.college.mandature)
    assert (compose.a_venir, compose.anciens) == ([], [membre])
    assert not membre.est_en_fonction(demain)
    assert not college.membres.en_fonction(demain).exists()
    assert membres.nommer(college, CompteFactory(), par=agent, du=demain).du == demain
