"""A public text in other languages, paragraph by paragraph: two people, marks when the French moves, typing errors."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from participation.socle.actions import traductions
from participation.socle.erreurs import ErreurMetier
from participation.socle.lectures.langues import textes_a_revoir
from participation.socle.models import Traduction
from participation.socle.regles.traductions import PassageTraduit, paragraphes, rapprocher
from participation.socle.regles.versions import empreinte
from petitions.collecte import actes as collecte
from petitions.models import Petition
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory
from tests.socle.traductions.traduire import traduire

AVANT = [PassageTraduit("Un.", "One."), PassageTraduit("Deux.", "Two."), PassageTraduit("Trois.", "Three.")]


@pytest.mark.parametrize(
    ("francais", "lus"),
    [
        (["Un.", "Deux.", "Trois."], [("One.", "juste"), ("Two.", "juste"), ("Three.", "juste")]),
        (["Un.", "Deux bis.", "Trois."], [("One.", "juste"), ("Two.", "change"), ("Three.", "juste")]),
        (
            ["Un.", "Neuf.", "Deux.", "Trois."],
            [("One.", "juste"), ("", "absent"), ("Two.", "juste"), ("Three.", "juste")],
        ),
        (["Un.", "Trois."], [("One.", "juste"), ("Three.", "juste")]),
        (["Un.", "Deux et trois."], [("One.", "juste"), ("Two.\nThree.", "change")]),
        ([], []),
    ],
)
def test_each_paragraph_of_today_has_its_translation_or_says_what_it_lacks(francais, lus):
    assert [(une.texte, une.etat) for une in rapprocher(francais, AVANT)] == lus


def test_windows_ends_of_line_make_no_other_paragraph():
    assert paragraphes("Un.\r\n\r\n \nDeux.\nTrois.") == ["Un.", "Deux.\nTrois."]


@pytest.fixture
def petition(db):
    return PetitionFactory(en_collecte=True, demande="La piste.\n\nDes lampes.", raisons="", competence="")


def lire(client, petition) -> str:
    petition = Petition.objects.get(pk=petition.pk)
    return client.get(f"/ar{petition.get_public_url()}").content.decode()


def recrire(petition, agent, demande: str) -> None:
    petition = Petition.objects.get(pk=petition.pk)
    textes = {"titre": petition.titre, "demande": demande, "raisons": "", "competence": ""}
    collecte.amender(petition, par=agent, note="Précision.", **textes)


def test_the_public_reads_a_version_once_a_second_person_has(client, petition, agent):
    version = traductions.demander_traduction(petition, par=agent, langue="ar")
    textes = {"demande": [["La piste.", "المسار.", ""], ["Des lampes.", "", ""]]}
    traductions.ecrire_traduction(version, par=agent, textes=textes, vu="")
    with pytest.raises(ErreurMetier, match="une autre personne"):
        traductions.publier_traduction(version, par=agent, vu="")
    assert "المسار." not in lire(client, petition)

    traductions.publier_traduction(version, par=CompteFactory(agent=True), vu="")

    page = lire(client, petition)
    assert "المسار." in page
    assert '<p lang="fr" dir="ltr">Des lampes.</p>' in page
    assert "لم تُترجم هذه الفقرة بعد." in page
    assert "المسار." not in client.get(petition.get_public_url()).content.decode()


def test_when_the_french_changes_the_old_words_stay_marked_until_it_was_a_typing_error(
    client, petition, agent
):
    version = traduire(petition, agent, CompteFactory(agent=True), "ar", "كلمات.")
    le = version.en_ligne_le
    assert textes_a_revoir() == []

    recrire(petition, agent, "La piste, finie.\n\nDes lampes.")

    page = lire(client, petition)
    assert page.count("كلمات.") >= 2
    assert page.count("تغيّر النص الفرنسي") == 1
    assert [(nom, [une.pk for une in siennes]) for nom, siennes in textes_a_revoir()] == [
        ("العربية", [version.pk])
    ]

    version = Traduction.objects.get()
    traductions.garder_traduction(version, par=agent)

    assert "تغيّر النص الفرنسي" not in lire(client, petition)
    version = Traduction.objects.get()
    assert version.en_ligne_le == le
    with pytest.raises(ErreurMetier, match="n’a pas changé"):
        traductions.garder_traduction(version, par=agent)


def test_nobody_translates_a_paragraph_that_has_just_moved(petition, agent):
    version = traductions.demander_traduction(petition, par=agent, langue="tr")
    vu = empreinte(version, traductions.MONTRES)
    recrire(petition, agent, "Des lampes.\n\nLa piste.")
    with pytest.raises(ValidationError, match="a changé"):
        traductions.ecrire_traduction(
            Traduction.objects.get(), par=agent, textes={"demande": [["La piste.", "Yol.", ""]]}, vu=vu
        )


def test_the_easy_version_is_written_on_its_page_read_by_another_and_withdrawn(client, petition, agent):
    traductions.demander_traduction(petition, par=agent, langue="falc")
    version = Traduction.objects.get()
    client.force_login(agent)
    ecrire = reverse("socle:ecrire_traduction", args=[version.pk])
    liste = reverse("socle:langues_du_dossier", args=[petition.pk])
    assert ecrire in client.get(liste).content.decode()
    page = client.get(ecrire)
    champs = dict.fromkeys(page.context["form"].fields, "") | {
        "vu": page.context["form"].initial["vu"],
        "montre": page.context["montre"],
        "demande_1": "Nous voulons une piste.",
        "signe_demande_1": "lieu",
    }
    assert client.post(ecrire, champs).status_code == 302
    assert client.get(reverse("socle:facile", args=[petition.pk])).status_code == 404

    client.force_login(CompteFactory(agent=True))
    publier = reverse("socle:publier_traduction", args=[version.pk])
    assert publier in client.get(liste).content.decode()
    page = client.get(publier)
    assert "Nous voulons une piste." in page.content.decode()
    montre = {"vu": page.context["form"].initial["vu"], "montre": page.context["montre"]}
    assert client.post(publier, montre).status_code == 302

    facile = client.get(reverse("petitions:facile", args=[petition.pk, petition.slug]), follow=True)
    assert "Nous voulons une piste." in facile.content.decode()
    assert "#i-lieu" in facile.content.decode()
    assert (
        reverse("socle:facile", args=[petition.pk]) in client.get(petition.get_public_url()).content.decode()
    )
    traductions.retirer_traduction(Traduction.objects.get(), par=agent, motif="Fausse.")
    assert client.get(reverse("socle:facile", args=[petition.pk])).status_code == 404
