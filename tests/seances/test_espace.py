"""Public page of an instance and space of its members: what each reader may see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.seances import espace
from participation.seances.models import (
    Convie,
    DemandePoint,
    Inscription,
    PointDossier,
    ProcesVerbal,
    Profil,
    Seance,
)
from participation.socle.francais import heure
from tests.ccspl.factories import AvisFactory
from tests.outils import constant_queries
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PointFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def membre():
    ReglementInstanceFactory()
    return MembreFactory(
        commune=commune("Vif"), organisme="Usagers de l’eau", compte__telephone="06 11 22 33 44"
    )


def page(client, nom: str, *arguments: object) -> str:
    reponse = client.get(reverse(nom, args=arguments))
    assert reponse.status_code == 200
    return reponse.content.decode()


# Public page


def test_the_public_page_says_who_sits_and_hides_what_was_not_agreed(client, membre):
    html = page(client, "seances:composition", "essai")

    assert str(membre.compte) in html
    assert "Usagers de l’eau" in html
    assert "Vif" not in html
    assert membre.compte.courriel not in html
    assert "06 11 22 33 44" not in html
    assert "9 sièges à pourvoir" in html.replace("\xa0", " ")
    assert "La séance délibère si la moitié" in html

    espace.modifier_profil(
        Profil.de(membre.compte), presentation="J’habite ici.", publie_presentation=True, publie_commune=True
    )
    html = page(client, "seances:composition", "essai")
    assert "Vif" in html
    assert "J’habite ici." in html


def test_what_is_published_of_a_member_says_her_commune_only_if_she_agreed():
    membre = MembreFactory(commune=commune("Vif"))
    assert membre.qualite == "Vif"
    assert membre.qualite_publique == ""

    espace.modifier_profil(Profil.de(membre.compte), publie_commune=True)
    membre.compte.refresh_from_db()
    assert membre.qualite_publique == "Vif"
    assert MembreFactory(commune=commune("Vif"), organisme="Collectif d’usagers").qualite_publique == (
        "Collectif d’usagers"
    )


def test_a_member_without_name_is_never_shown_by_her_address():
    membre = MembreFactory(compte__prenom="", compte__nom="")
    assert membre.compte.courriel not in str(membre)


def test_an_instance_that_is_not_public_has_no_page(client, membre):
    membre.college.mandature.instance.__class__.objects.update(est_publique=False)

    assert client.get(reverse("seances:composition", args=["essai"])).status_code == 404
    assert "Commission essai" not in page(client, "seances:instances_publiques")


def test_the_public_page_keeps_no_cookie_and_may_be_kept(client, membre):
    reponse = client.get(reverse("seances:composition", args=["essai"]))

    assert not reponse.cookies
    assert "public" in reponse["Cache-Control"]
    assert "Cookie" not in reponse.get("Vary", "")


def test_public_seances_are_there_and_their_proces_verbal_only_once_published(client, membre):
    tenue = SeanceFactory(
        mandature=membre.college.mandature, levee=True, est_publique=True, titre="Plénière tenue"
    )
    SeanceFactory(mandature=membre.college.mandature, levee=True, est_publique=False, titre="Bureau")
    pv = ProcesVerbal.objects.create(seance=tenue, etat="soumis")

    html = page(client, "seances:composition", "essai")

    assert "Plénière tenue" in html
    assert "n’est pas encore publié" in html
    assert "Bureau" not in html
    pv.etat, pv.approuve_le, pv.est_publie = "approuve", timezone.now(), True
    pv.save()
    assert "n’est pas encore publié" not in page(client, "seances:composition", "essai")


def test_four_members_cost_what_one_costs_in_public(client):
    ReglementInstanceFactory()
    college = CollegeFactory(sieges=40)

    def fabriquer():
        compte = MembreFactory(college=college, commune=commune("Vif")).compte
        espace.modifier_profil(Profil.de(compte), publie_commune=True)
        SeanceFactory(mandature=college.mandature, est_publique=True, levee=True)

    constant_queries(client, reverse("seances:composition", args=["essai"]), fabriquer)


# Space of the members


def test_a_member_lands_on_her_space_a_resident_on_what_she_filed(client, membre):
    client.force_login(membre.compte)
    assert client.get(reverse("socle:accueil_compte"))["Location"] == reverse("seances:espace")

    client.force_login(CompteFactory())
    assert client.get(reverse("socle:accueil_compte"))["Location"] == reverse("petitions:mes_petitions")
    assert client.get(reverse("seances:espace")).status_code == 404
    assert client.get(reverse("seances:profil")).status_code == 404


def test_an_elue_who_sits_finds_her_instances_in_the_menu(client):
    elue = CompteFactory(elu=True)
    client.force_login(elue)
    assert "Mes instances" not in page(client, "socle:journee")

    siege = MembreFactory(compte=elue)

    assert "Mes instances" in page(client, "socle:journee")
    assert page(client, "seances:mon_instance", "essai")
    ouverte = timezone.now()
    seance = SeanceFactory(
        mandature=siege.college.mandature,
        ouverte=True,
        titre="Plénière d’hiver",
        debut=ouverte + timedelta(minutes=24),
        ouverte_le=ouverte,
    )
    ConvieFactory(seance=seance, membre=siege)
    journee = page(client, "socle:journee")
    assert "Entrer dans la séance ouverte" in journee
    assert f"depuis {heure(ouverte)}" in journee, "Ouverte avant son heure."


def test_the_space_asks_what_is_owed_and_says_where_she_is_expected(client, membre):
    seance = SeanceFactory(mandature=membre.college.mandature, convoquee=True, titre="Plénière d’hiver")
    convie = ConvieFactory(seance=seance, membre=membre)
    SeanceFactory(
        mandature=membre.college.mandature, nature="visite", titre="Visite de l’usine", convoquee=True
    )
    client.force_login(membre.compte)

    html = page(client, "seances:espace")

    assert "À répondre" in html
    assert "Visites et formations" in html
    assert str(Profil.objects.get().cle_agenda) in html
    Convie.objects.filter(pk=convie.pk).update(reponse="salle")
    lue = page(client, "seances:espace")
    assert "À répondre" not in lue
    assert "En salle" in lue  # the answer is shown beside the day
    assert "S’inscrire" in lue
    Inscription.objects.create(seance=Seance.objects.get(nature="visite"), membre=membre)
    lue = page(client, "seances:espace")
    assert "Inscription faite" in lue
    assert "S’inscrire" not in lue


def test_who_was_taken_off_the_list_is_asked_nothing(client, membre):
    seance = SeanceFactory(mandature=membre.college.mandature, convoquee=True)
    ConvieFactory(seance=seance, membre=membre, retire_le=timezone.now())
    client.force_login(membre.compte)

    assert "À répondre" not in page(client, "seances:espace")


def test_an_instance_opens_to_its_members_alone(client, membre):
    ailleurs = MembreFactory(
        college=CollegeFactory(mandature=MandatureFactory(instance=InstanceFactory(cle="ailleurs")))
    )
    parti = MembreFactory(college=membre.college, au=timezone.localdate() - timedelta(days=1))

    for compte in (ailleurs.compte, parti.compte, CompteFactory(agent=True)):
        client.force_login(compte)
        assert client.get(reverse("seances:mon_instance", args=["essai"])).status_code == 404
        assert client.get(reverse("seances:annuaire", args=["essai"])).status_code == 404


def test_the_directory_gives_only_what_each_agreed_to_give(client, membre):
    lectrice = MembreFactory(college=membre.college)
    client.force_login(lectrice.compte)

    assert membre.compte.courriel not in page(client, "seances:annuaire", "essai")

    espace.modifier_profil(Profil.de(membre.compte), partage_courriel=True)
    html = page(client, "seances:annuaire", "essai")
    assert membre.compte.courriel in html
    assert "06 11 22 33 44" not in html


def test_the_instance_lists_the_items_to_support(client, membre):
    DemandePoint.objects.create(
        instance=membre.college.mandature.instance,
        mandature=membre.college.mandature,
        auteur=membre,
        titre="Le prix du mètre cube",
        texte="…",
    )
    client.force_login(membre.compte)

    html = page(client, "seances:mon_instance", "essai")

    assert "Le prix du mètre cube" in html
    assert "0 soutien" in html.replace("\xa0", " ")


def test_the_profile_is_saved_from_its_page(client, membre):
    client.force_login(membre.compte)

    reponse = client.post(
        reverse("seances:profil"),
        {"besoins": ["transport", "boucle"], "partage_courriel": "on", "telephone": "06 99", "age": "40_59"},
        follow=True,
    )

    profil = Profil.objects.get(compte=membre.compte)
    assert "Votre profil est enregistré." in reponse.content.decode()
    assert profil.besoins == ["transport", "boucle"]
    assert profil.partage_courriel
    assert not profil.publie_commune
    assert profil.age == "40_59"


def test_four_seances_cost_what_one_costs_in_the_space(client, membre):
    client.force_login(membre.compte)
    Profil.de(membre.compte)

    def fabriquer():
        seance = SeanceFactory(mandature=membre.college.mandature, convoquee=True)
        ConvieFactory(seance=seance, membre=membre)

    constant_queries(client, reverse("seances:espace"), fabriquer)


def test_four_members_cost_what_one_costs_to_another(client, membre):
    membre.college.__class__.objects.update(sieges=40)
    client.force_login(membre.compte)

    def fabriquer():
        autre = MembreFactory(college=membre.college)
        Profil.de(autre.compte)
        DemandePoint.objects.create(
            instance=membre.college.mandature.instance,
            mandature=membre.college.mandature,
            auteur=autre,
            titre="Un point",
            texte="…",
        )
        ProcesVerbal.objects.create(
            seance=SeanceFactory(mandature=membre.college.mandature, levee=True), etat="soumis"
        )

    constant_queries(client, reverse("seances:mon_instance", args=["essai"]), fabriquer)


def test_from_the_page_of_her_instance_a_member_reaches_the_demands_and_supports_one(client, membre):
    instance = membre.college.mandature.instance
    demande = DemandePoint.objects.create(
        instance=instance,
        mandature=membre.college.mandature,
        auteur=MembreFactory(college=membre.college),
        titre="Le prix de l’eau",
        texte="Parlons-en.",
    )
    client.force_login(membre.compte)
    html = page(client, "seances:mon_instance", instance.cle)
    assert reverse("seances:demandes_points", args=[instance.cle]) in html
    assert f'action="{reverse("seances:soutenir", args=[demande.pk])}"' in html  # an act, never a link


def test_a_substitute_reads_the_demands_but_is_offered_no_act_that_would_be_refused(client, membre):
    instance = membre.college.mandature.instance
    suppleante = MembreFactory(college=membre.college, suppleant=True, suppleant_de=membre)
    client.force_login(suppleante.compte)
    html = page(client, "seances:mon_instance", instance.cle)
    assert reverse("seances:demandes_points", args=[instance.cle]) in html
    assert reverse("seances:demander_point", args=[instance.cle]) not in html
    seance = SeanceFactory(mandature=membre.college.mandature, convoquee=True)
    html = page(client, "seances:ma_seance", seance.pk)
    assert f"Vous suppléez {membre}." in html
    assert "Vous n’êtes pas sur la liste" not in html


def test_on_the_page_of_a_seance_a_member_opens_the_dossiers_that_she_may_read_and_no_other(client):
    mandature = MandatureFactory(instance=InstanceFactory(cle="ccspl", nom="CCSPL", app="ccspl"))
    membre = MembreFactory(college=CollegeFactory(mandature=mandature))
    seance = SeanceFactory(mandature=mandature, convoquee=True)
    ConvieFactory(seance=seance, membre=membre, convoque_le=timezone.now())
    point = PointFactory(seance=seance)
    avis, petition = AvisFactory(en_redaction=True, mandature=mandature), PetitionFactory(deposee=True)
    for dossier in (avis, petition):
        PointDossier.objects.create(point=point, dossier=dossier)
    client.force_login(membre.compte)

    html = page(client, "seances:ma_seance", seance.pk)
    assert f'href="{reverse("socle:dossier", args=[avis.pk])}"' in html
    assert f'href="{reverse("socle:dossier", args=[petition.pk])}"' not in html
    assert client.get(reverse("socle:dossier", args=[avis.pk]), follow=True).status_code == 200
