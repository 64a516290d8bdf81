"""The harvest: notes taken by many phones, grouped, made into something, told to who said it; dots, evaluation."""

import io
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.budgets.models import Idee
from participation.rencontres.models import (
    AuteurDeNote,
    Evaluation,
    Groupe,
    Inscription,
    Note,
    ReglementRencontres,
    Rencontre,
    TableRencontre,
)
from participation.rencontres.preparation import clore_rencontre
from participation.rencontres.recolte import actes, lectures
from participation.rencontres.tables import dresser_tables, imprimer_badges, imprimer_tables
from participation.socle.actions.documents import fabriquer_document
from participation.socle.actions.moderation import contester_moderation
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel, Moderation, RaisonModeration
from remontees.models import Remontee
from tests.budgets.factories import budget_en
from tests.greffons.guichet import Guichet
from tests.outils import a_plusieurs, fautes_pdf
from tests.rencontres.factories import InscriptionFactory, RencontreFactory
from tests.socle.factories import CompteFactory, DirectionFactory

SCRIPT = {"accept": "application/json"}


@pytest.fixture
def table(db):
    return TableRencontre.objects.create(rencontre=RencontreFactory(tenue=True), numero=1)


def envoyer(table: TableRencontre, texte: str, cle: str, client: Client | None = None, **autres: object):
    adresse = f"/les-rencontres/table/{table.jeton()}/"
    return (client or Client()).post(adresse, {"texte": texte, "cle": cle, **autres}, headers=SCRIPT)


@pytest.mark.django_db(transaction=True)
def test_forty_phones_send_at_once_and_again_after_a_cut_and_each_note_is_kept_once() -> None:
    rencontre = RencontreFactory(ouverte=True)
    tables = [TableRencontre.objects.create(rencontre=rencontre, numero=n) for n in range(1, 9)]
    cles = [str(uuid.uuid4()) for _ in range(40)]

    def telephone(rang: int) -> list[int]:
        siennes = tables[rang % 8]
        # The first answer was lost on the way: the phone knows nothing of it, and sends again.
        return [envoyer(siennes, f"Note {rang}", cles[rang]).status_code for _ in range(2)]

    assert a_plusieurs(40, telephone) == [[201, 201]] * 40
    assert sorted(Note.objects.values_list("texte", flat=True)) == sorted(f"Note {n}" for n in range(40))
    assert lectures.en_salle(rencontre).combien == 40


def test_the_link_of_a_table_opens_this_table_alone_and_says_what_is_wrong(table) -> None:
    page = Client().get(f"/les-rencontres/table/{table.jeton()}/")
    assert 'data-compte="table:' in page.content.decode()
    assert Client().get(f"/rencontres/{table.rencontre_id}/recolte/").status_code == 302
    assert Client().get(f"/les-rencontres/table/{table.jeton()}x/").status_code == 404

    vide = envoyer(table, "  ", str(uuid.uuid4()))
    assert (vide.status_code, list(vide.json()["erreurs"])) == (422, ["texte"])
    assert envoyer(table, "x" * 40_000, str(uuid.uuid4())).status_code == 422
    ReglementRencontres.objects.update(notes_par_heure=1)
    assert envoyer(table, "Un banc", str(uuid.uuid4())).status_code == 201
    assert envoyer(table, "Deux bancs", str(uuid.uuid4())).status_code == 503  # kept on the phone, sent later
    service = Client().get(f"/les-rencontres/table/{table.jeton()}/service.js").content.decode()
    assert f"table-{table.pk}-" in service


def test_who_left_an_address_is_told_what_her_note_becomes_once_it_is_proved(table, agent) -> None:
    for adresse in ("lea@example.org", "muette@example.org"):
        actes.noter(table, par=None, texte=f"Un banc pour {adresse[:3]}", courriel=adresse, langue="ar")
    demande = Courriel.objects.filter(acte="rencontres/suivre_note").order_by("pk")[0]
    assert "banc" not in demande.corps
    lien = re.search(r"/les-rencontres/ma-note/[^\s]+", demande.corps)
    assert lien is not None
    Client().post(lien[0])
    notes = [str(n.pk) for n in Note.objects.all()]

    groupe = actes.grouper_notes(table.rencontre, par=agent, notes=notes, titre="Des bancs")
    actes.repondre_au_groupe(groupe, par=agent, reponse="Deux bancs sont commandés.")

    (lettre,) = Courriel.objects.filter(acte="rencontres/dire_ce_que_devient")
    assert (lettre.destinataires, lettre.langue, demande.langue) == (["lea@example.org"], "ar", "ar")
    assert lettre.sujet.startswith("ما مصير ما قلته")
    assert "Deux bancs sont commandés." in lettre.corps
    publique = Client().get(f"/les-rencontres/{table.rencontre_id}/").content.decode()
    assert "Deux bancs sont commandés." in publique
    assert "lea@example.org" not in publique


def test_a_group_becomes_what_the_apps_of_the_site_offer(table, agent) -> None:
    actes.noter(table, par=None, texte="Le bus du soir ne passe plus")
    groupe = actes.grouper_notes(
        table.rencontre, par=agent, notes=[str(Note.objects.get().pk)], titre="Le bus du soir"
    )
    assert "remontee" in lectures.devenirs()

    remontee = actes.faire_devenir(groupe, par=agent, en="remontee")

    assert isinstance(remontee, Remontee)
    assert "Le bus du soir ne passe plus" in remontee.verbatim
    assert not Idee.objects.exists()
    with pytest.raises(ActeInterdit):
        actes.repondre_au_groupe(groupe, par=agent, reponse="x")

    budget = budget_en("idees")
    autre = Groupe.objects.create(rencontre=table.rencontre, titre="Des bancs", texte="À l’ombre.")
    idee = actes.faire_devenir(autre, par=agent, en=f"idee-{budget.pk}")
    assert (idee.budget, idee.titre, idee.canal) == (budget, "Des bancs", "atelier")
    assert idee in Idee.objects.filter(etat="a_lire")


def test_a_rencontre_closes_once_each_group_has_its_answer(table, agent) -> None:
    actes.noter(table, par=None, texte="Un banc")
    with pytest.raises(ErreurMetier, match="dans aucun groupe"):
        clore_rencontre(table.rencontre, par=agent)
    groupe = actes.grouper_notes(
        table.rencontre, par=agent, notes=[str(Note.objects.get().pk)], titre="Des bancs"
    )
    with pytest.raises(ErreurMetier, match="attend"):
        clore_rencontre(table.rencontre, par=agent)

    actes.demander_a_une_direction(groupe, par=agent, direction=DirectionFactory())

    groupe.refresh_from_db()
    assert groupe.suite.intitule == "Des bancs"
    clore_rencontre(Rencontre.objects.get(pk=table.rencontre_id), par=agent)


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_group_the_same_note_make_one_group(agent) -> None:
    rencontre = RencontreFactory(tenue=True)
    table = TableRencontre.objects.create(rencontre=rencontre, numero=1)
    note, _ = (Note.objects.create(table=table, texte=texte) for texte in ("Un banc", "Un arbre"))

    faits = a_plusieurs(
        2,
        lambda rang: actes.grouper_notes(
            Rencontre.objects.get(pk=rencontre.pk), par=agent, notes=[str(note.pk)], titre=f"Bancs {rang}"
        ),
    )

    assert sum(isinstance(fait, ValidationError) for fait in faits) == 1
    assert Groupe.objects.count() == 1


def test_dots_are_to_who_came_and_no_more_than_the_reglement_gives(table) -> None:
    groupes = [Groupe.objects.create(rencontre=table.rencontre, titre=f"G{n}") for n in range(4)]
    venue = InscriptionFactory(evenement=table.rencontre, presente_le=timezone.now())
    absente = InscriptionFactory(evenement=table.rencontre)
    adresse = f"/les-rencontres/ma-place/{venue.jeton()}/gommettes/"

    trop = Client().post(adresse, {"groupe": [g.pk for g in groupes]})
    assert trop.status_code == 422
    for _ in range(2):
        Client().post(adresse, {"groupe": [groupes[2].pk]})

    assert [un.gommettes for un in lectures.groupes(table.rencontre)] == [1, 0, 0, 0]
    assert lectures.groupes(table.rencontre)[0].groupe == groupes[2]
    page = Client().post(
        f"/les-rencontres/ma-place/{absente.jeton()}/gommettes/", {"groupe": [groupes[0].pk]}
    )
    assert "à qui est venu" in page.content.decode()
    assert not absente.gommettes.exists()


def test_an_evaluation_is_counted_once_and_leads_to_nobody(table, agent) -> None:
    adresse = f"/les-rencontres/{table.rencontre_id}/evaluer/"
    cle = Client().get(adresse).context["form"]["cle"].value()
    for _ in range(2):
        Client().post(adresse, {"parole": "4", "suite": "2", "mot": "Plus court", "cle": cle})
    actes.saisir_evaluation(table.rencontre, par=agent, parole="3", suite="2")

    (parole, suite) = lectures.chiffres_de_l_evaluation(table.rencontre)
    assert [n for _, n in parole[1]] == [1, 1, 0, 0]
    assert [n for _, n in suite[1]] == [0, 0, 2, 0]
    assert {f.name for f in Evaluation._meta.get_fields()} == {"id", "rencontre", "parole", "suite", "mot", "sur_papier", "cle"}  # fmt: skip


def test_tables_mix_people_round_after_round_and_their_papers_are_tagged(agent) -> None:
    rencontre = RencontreFactory(ouverte=True, titre="Café")
    gens = InscriptionFactory.create_batch(12, evenement=rencontre)
    with pytest.raises(ValidationError):
        dresser_tables(rencontre, par=agent, tables=13)

    dresser_tables(rencontre, par=agent, tables=3, tours=2)

    rencontre.refresh_from_db()
    assert [sorted(q for t in tour for q in t) for tour in rencontre.plan] == [sorted(i.pk for i in gens)] * 2
    assert list(rencontre.tables.values_list("numero", flat=True)) == [1, 2, 3]
    Inscription.objects.filter(pk=gens[0].pk).update(presente_le=timezone.now())
    dresser_tables(rencontre, par=agent, tables=3)  # who came first does not take the seats of the others
    assert sum(len(table) for table in rencontre.plan[0]) == 12
    dresser_tables(rencontre, par=agent, tables=1, presentes=True)
    assert rencontre.plan == [[[gens[0].pk]]]
    for imprimer in (imprimer_tables, imprimer_badges):
        document = imprimer(rencontre, par=agent)
        fabriquer_document(document.pk)
        document.refresh_from_db()
        with document.fichier.open() as fichier:
            assert fautes_pdf(fichier.read(), "ua1") == []


def test_a_photo_of_a_board_is_a_piece_of_the_rencontre(table) -> None:
    octets = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(octets, "JPEG")
    photo = ContentFile(octets.getvalue(), name="photo.jpg")

    assert envoyer(table, "Le tableau", str(uuid.uuid4()), photo=photo).status_code == 201

    note = Note.objects.get()
    assert (note.photo.dossier_id, note.photo.est_publique) == (table.rencontre_id, False)
    assert not Inscription.objects.exists()


def test_a_note_set_aside_is_told_to_its_author_and_given_back_when_the_author_was_right(
    table, agent
) -> None:
    note, guichet = Note.objects.create(table=table, texte="Un banc"), Guichet(agent, en_hate=True)
    groupe = Groupe.objects.create(rencontre=table.rencontre, titre="Des bancs")
    Note.objects.filter(pk=note.pk).update(groupe=groupe)
    AuteurDeNote.objects.create(note=note, courriel="alma@example.org", confirme_le=timezone.now())
    AuteurDeNote.objects.create(note=note, courriel="pas.prouvee@example.org")
    raison = RaisonModeration.objects.first()

    guichet.valider(
        reverse("rencontres:ecarter_note", args=[note.pk]), raison=raison.pk, motif="Elle nomme quelqu’un."
    )
    note.refresh_from_db()
    assert (note.groupe, note.ecartee_le is not None) == (None, True)
    (lettre,) = Courriel.objects.filter(acte="rencontres/ecarter_note")
    assert lettre.destinataires == ["alma@example.org"]
    assert "Elle nomme quelqu’un." in lettre.corps

    moderation = Moderation.objects.get()
    sa_page = reverse("rencontres:suivre_note", args=[AuteurDeNote.objects.first().jeton()])
    sienne = Client().get(sa_page).content.decode()
    assert "Elle nomme quelqu’un." in sienne
    assert "Contester une décision" in sienne
    contester_moderation(moderation, contestation="Un banc n’est personne.")
    autre = Guichet(CompteFactory(agent=True), en_hate=True)
    page = reverse("socle:juger_moderation", args=[moderation.pk])
    autre.aller(page)
    assert "Ce qui était écrit : « Un banc »" in autre.dit
    autre.valider(issue="levee", reponse="Vous avez raison.")
    note.refresh_from_db()
    assert note.ecartee_le is None


def test_a_group_is_written_again_with_the_dots_stuck_in_the_room(table, agent) -> None:
    groupe, guichet = (
        Groupe.objects.create(rencontre=table.rencontre, titre="Des bancs"),
        Guichet(agent, en_hate=True),
    )
    page = reverse("rencontres:modifier_groupe", args=[groupe.pk])

    guichet.valider(page, gommettes_papier="-1")
    assert "gommettes_papier" in guichet.page.xpath("string(//*[@aria-invalid]/@name)")
    guichet.valider(titre="Des bancs à l’ombre", gommettes_papier="12")

    groupe.refresh_from_db()
    assert (groupe.titre, groupe.texte, groupe.gommettes_papier) == ("Des bancs à l’ombre", "", 12)
