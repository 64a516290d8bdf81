"""Follow-up of a quartier by référents: page, focus groups from guide to answer, retention."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from contrat_ville.models import ObservationQuartier, Parole, Projet
from contrat_ville.projets.suites import ajouter_suite
from contrat_ville.quartiers import actes as quartiers
from contrat_ville.quartiers import groupes
from contrat_ville.quartiers.groupes import ce_qui_nomme
from participation.socle.actions import noter
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Courriel
from participation.socle.workflow import Role
from participation.suites import actes as actes_suites
from participation.suites.models import Suite
from tests.contrat_ville.factories import ProjetFactory
from tests.contrat_ville.quartiers import groupe_de, image, participant_a, restitue, suivi_de, tenu
from tests.greffons.guichet import Guichet
from tests.outils import constant_queries, jour
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RemonteeFactory
from tests.socle.factories import CompteFactory, DirectionFactory, commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def suivi():
    return suivi_de()


@pytest.fixture
def referente(suivi, agent):
    """A référente of another commune than that of the quartier."""
    ailleurs = commune("Meylan")
    assert suivi.quartier.commune != ailleurs
    compte = CompteFactory(role=Role.AGENT_COMMUNE, commune=ailleurs)
    quartiers.nommer_referents(suivi, par=agent, referents=[compte])
    return compte


def page(client, compte, suivi):
    client.force_login(compte)
    return client.get(suivi.get_absolute_url())


def test_from_the_guide_to_the_answer_nobody_is_named(client, suivi, referente, agent, settings, tmp_path):
    assert Courriel.objects.get(acte="contrat_ville/nommer_referents").destinataires == [referente.courriel]
    client.force_login(referente)

    def faire(acte, pk, **champs):
        reponse = client.post(reverse(f"contrat_ville:{acte}", args=[pk]), champs)
        assert reponse.status_code == 302, reponse.context["form"].errors
        return reponse

    guide = "Comment venez-vous ?\n\nQue changer ?"
    faire("preparer_groupe", suivi.pk, titre="Venir au marché", date=jour(-1), guide=guide)
    groupe = suivi.groupes.get()
    assert groupe.reference.startswith("GRP-")
    assert groupe.questions == ["Comment venez-vous ?", "Que changer ?"]
    assert list(groupe.quartiers.all()) == [suivi.quartier]
    with pytest.raises(ErreurMetier, match="Notez d’abord qui est venu"):
        groupes.tenir_groupe(groupe, par=referente)
    qui = {"age": "aine", "profil": "retraitée", "accord": "ecrit", "accord_le": jour(-1)}
    suite = faire("ajouter_participant", groupe.pk, **qui, accepte_citation="on", encore="oui")
    assert suite.url == reverse("contrat_ville:ajouter_participant", args=[groupe.pk])
    faire("ajouter_participant", groupe.pk, **qui)
    cite, muet = groupe.participants.all()
    faire("tenir_groupe", groupe.pk)

    nommer = client.post(
        reverse("contrat_ville:noter_parole", args=[groupe.pk]),
        {"participant": cite.pk, "texte": "C’est Mme Durand qui me conduit."},
    )
    assert "Mme Durand" in str(nommer.context["form"].errors["texte"])
    with pytest.raises(ValidationError, match="pas accepté"):
        groupes.noter_parole(groupe, par=referente, texte="Rien.", participant=muet)
    faire(
        "noter_parole", groupe.pk, participant=cite.pk, question="Que changer ?", texte="Un banc à mi-chemin."
    )
    faire("rediger_synthese", groupe.pk, synthese="Les anciens demandent des bancs.")

    direction = DirectionFactory()
    formulaire = client.get(reverse("contrat_ville:ajouter_suite", args=[groupe.pk])).context["form"]
    assert not {"origine", "promise_le", "acte_promesse"} & set(formulaire.fields)
    for intitule in ("Poser un banc", "Abaisser le trottoir"):
        faire("ajouter_suite", groupe.pk, intitule=intitule, direction=direction.pk)
    promesse = {"intitule": "Un abri", "direction": direction, "origine": "promise"}
    with pytest.raises(ErreurMetier, match="n’est pas une promesse"):
        ajouter_suite(groupe, par=agent, **promesse, promise_le=jour(), acte_promesse="Délibération 1")
    banc = groupe.suites.get(intitule="Poser un banc")
    assert banc.naissance.startswith("Demandé par un groupe de discussion du quartier ")
    assert not Suite.objects.publiques().filter(dossier=groupe.pk).exists()
    faire("publier_synthese", groupe.pk)
    assert Suite.objects.publiques().filter(dossier=groupe.pk).count() == 2
    actes_suites.changer_etat(banc, par=agent, vers="non_suivie", motif="Le sol est privé.")
    assert [referente.courriel] in Courriel.objects.filter(acte="contrat_ville/changer_suite").values_list(
        "destinataires", flat=True
    )
    with pytest.raises(ErreurMetier, match="1 suite n’est pas arrivée"):
        groupes.clore_groupe(groupe, par=referente)

    client.logout()
    lue = client.get(groupe.get_public_url()).content.decode()
    assert "Les anciens demandent des bancs." in lue
    assert "Le sol est privé." in lue
    assert "mi-chemin" not in lue
    assert "retraitée" not in lue
    elue = CompteFactory(elu=True)
    client.force_login(elue)
    assert client.get(groupe.get_absolute_url()).url == groupe.get_public_url()

    client.force_login(referente)
    noter(groupe, par=agent, note="À rappeler.")
    lue = client.get(groupe.get_absolute_url()).content.decode()
    assert "mi-chemin" in lue
    assert "Groupe réuni" in lue
    assert "À rappeler." not in lue
    faire("retirer_accord", cite.pk)
    assert not Parole.objects.exists()
    assert "retraitée" not in cite.groupe.participants.get(pk=cite.pk).profil
    assert not groupe.journal.filter(motif__contains="mi-chemin").exists()


def test_a_child_comes_with_a_parent_and_what_names_is_seen(suivi, agent):
    groupe = groupe_de(suivi, agent)
    with pytest.raises(ValidationError, match="un parent donne aussi"):
        participant_a(groupe, agent, age="mineur", accord="oral")
    participant_a(groupe, agent, age="mineur", accord="parent")
    with pytest.raises(ErreurMetier, match="pas encore venu"):
        groupes.tenir_groupe(groupe_de(suivi, agent, jours=3), par=agent)

    assert "alma@exemple.fr" in ce_qui_nomme("Écrivez à alma@exemple.fr.")
    assert "06 12 34 56 78" in ce_qui_nomme("Mon numéro : 06 12 34 56 78")
    assert ce_qui_nomme("Madame la maire a 3 000 lettres et 12 bancs.") == ""


def test_who_sees_and_who_writes(client, suivi, referente, agent):
    communale = CompteFactory(role=Role.AGENT_COMMUNE, commune=suivi.quartier.commune)
    autre = CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Meylan"))
    membre = CompteFactory(role=Role.MEMBRE)
    groupe = tenu(groupe_de(suivi, referente), referente)

    assert page(client, autre, suivi).status_code == 404
    assert page(client, membre, suivi).status_code == 403
    lue = page(client, communale, suivi)
    assert lue.status_code == 200
    assert "Noter une réunion" not in lue.content.decode()
    assert client.get(groupe.get_absolute_url()).status_code == 200
    for compte in (communale, membre):
        with pytest.raises(RoleInsuffisant), transaction.atomic():
            quartiers.noter_reunion(suivi, par=compte, date=jour(), participants="x", notes="y")
        with pytest.raises(RoleInsuffisant), transaction.atomic():
            groupes.rediger_synthese(groupe, par=compte, synthese="x")
    assert "Préparer un groupe" in page(client, referente, suivi).content.decode()
    journee = client.get(reverse("socle:journee")).content.decode()
    assert "Écrire la synthèse d’un groupe" in journee


def test_the_figures_of_every_app_open_the_lists_that_open_to_the_reader(client, suivi, agent):
    quartier = suivi.quartier
    remontees = [RemonteeFactory(quartier=quartier, commune=quartier.commune) for _ in range(2)]
    secrete = RemonteeFactory(quartier=quartier, commune=quartier.commune, est_discrimination=True)
    for remontee in (*remontees, secrete):
        remontee.quartiers.add(quartier)
    petition = PetitionFactory(en_collecte=True)
    petition.communes.add(quartier.commune)
    projet = ProjetFactory()
    projet.quartiers.set([quartier])
    ajouter_suite(projet, par=agent, intitule="Éclairer", direction=DirectionFactory())

    lue = page(client, agent, suivi)
    sections = {section.titre: section for section in lue.context["chiffres"]}
    assert {titre: section.chiffres[0].valeur for titre, section in sections.items()} == {
        "Remontées": "2", "Contrat de Ville": "1", "Suites": "1", "Pétitions": "1",
    }  # fmt: skip
    for titre, section in sections.items():
        liste = client.get(section.chiffres[0].url)
        assert liste.status_code == 200, titre
    assert client.get(sections["Remontées"].chiffres[0].url).context["page"].paginator.count == 2
    assert client.get(sections["Suites"].chiffres[0].url).context["page"].paginator.count == 1
    assert projet.titre in lue.content.decode()
    assert "data-imprimer" in lue.content.decode()

    communale = CompteFactory(role=Role.AGENT_COMMUNE, commune=quartier.commune)
    lue = page(client, communale, suivi)
    sections = {section.titre: section for section in lue.context["chiffres"]}
    assert not sections["Remontées"].chiffres[0].url
    assert not sections["Contrat de Ville"].chiffres[0].url
    assert sections["Contrat de Ville"].chiffres[0].valeur == "1"
    assert projet.titre not in lue.content.decode()
    Projet.objects.filter(pk=projet.pk).update(est_publie=True)
    (figure, *_) = next(
        s for s in page(client, communale, suivi).context["chiffres"] if s.titre == "Contrat de Ville"
    ).chiffres
    assert client.get(figure.url).context["page"].paginator.count == 1, "as many as the figure says"


def test_an_observation_shows_its_photograph_and_takes_it_away(
    client, suivi, agent, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(agent)
    adresse = reverse("contrat_ville:noter_observation", args=[suivi.pk])
    champs = {"date": jour(), "texte": "Le banc est cassé.", "lieu": "Place du marché"}
    assert "Dites ce que montre" in str(
        client.post(adresse, {**champs, "photo": image()}).context["form"].errors
    )
    texte = image("note.txt")
    refus = client.post(adresse, {**champs, "photo": texte, "description_photo": "Un banc"})
    assert "photo" in refus.context["form"].errors
    client.post(adresse, {**champs, "photo": image(), "description_photo": "Un banc sans dossier"})
    observation = ObservationQuartier.objects.get()
    photo = client.get(reverse("contrat_ville:photo_observation", args=[observation.pk]))
    assert photo["Content-Type"] == "image/png"
    assert photo.getvalue().startswith(b"\x89PNG")
    assert "Un banc sans dossier" in page(client, agent, suivi).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("contrat_ville:retirer_observation", args=[observation.pk]), {"motif": "Banc réparé."}
        )
    assert not ObservationQuartier.objects.exists()
    assert not any(chemin.is_file() for chemin in tmp_path.rglob("*"))
    assert suivi.journal.first().motif == "Banc réparé."

    client.post(
        reverse("contrat_ville:noter_reunion", args=[suivi.pk]),
        {"date": jour(), "participants": "Ville, bailleur", "notes": "Le parc.", "decisions": "Un banc."},
    )
    reunion = suivi.reunions.get()
    quartiers.corriger_reunion(
        reunion, par=agent, date=jour(-1), participants="Ville", notes="Le parc et la place."
    )
    assert "Le parc et la place." in page(client, agent, suivi).content.decode()
    with pytest.raises(ValidationError, match="pas encore venu"):
        quartiers.noter_reunion(suivi, par=agent, date=jour(1), participants="x", notes="y")


def test_four_rows_cost_what_one_costs(client, suivi, agent):
    def ajouter():
        projet = ProjetFactory(programmation=ProjetFactory().programmation)
        projet.quartiers.set([suivi.quartier])
        restitue(groupe_de(suivi, agent), agent)
        quartiers.noter_reunion(suivi, par=agent, date=jour(), participants="x", notes="y")
        quartiers.noter_observation(suivi, par=agent, date=jour(), texte="x")

    client.force_login(agent)
    constant_queries(client, suivi.get_absolute_url(), ajouter)


def test_a_group_is_written_again_by_who_follows_the_quartier(suivi, referente, agent):
    groupe, guichet = groupe_de(suivi, agent, jours=3), Guichet(referente, en_hate=True)
    guichet.valider(
        reverse("contrat_ville:modifier_groupe", args=[groupe.pk]),
        titre="Venir au marché",
        date=jour(5).isoformat(),
    )
    groupe.refresh_from_db()
    assert (groupe.titre, groupe.date) == ("Venir au marché", jour(5))
    assert groupe.journal.get(acte="modifier_groupe").par == referente
