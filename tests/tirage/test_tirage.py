"""A draw from its rule to its replacements, by the acts and pages that agents use, and as anybody checks it."""

import json
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from participation.socle.actions.documents import rediger_document
from participation.socle.actions.oubli import Personne
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Restauration
from participation.socle.regles.tableaux import simplifier
from participation.tirage import regles as preuve
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.oubli import oublier
from participation.tirage.pertes import taux_appris
from participation.tirage.public import SCRIPT
from participation.tirage.selection import actes
from participation.tirage.tasks import balayer_calculs, calculer
from participation.tirage.workflow import EtatCalcul, EtatTirage, Place
from tests.outils import jour, requetes
from tests.socle.factories import CompteFactory
from tests.tirage.factories import TirageFactory
from tests.tirage.mene import graine, lisible, tableau, telecharger


def verifier(dossier):
    fait = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(dossier)], capture_output=True, text=True, check=False
    )
    return fait.returncode, fait.stdout


def test_a_draw_from_its_rule_to_a_replacement_is_checked_by_a_stranger(client, poster, tire, tmp_path):
    assert tire.etat == EtatTirage.TIRE
    assis = list(tire.volontaires.assis().values_list("numero", flat=True))
    assert sorted(assis) == tire.panels[42]
    assert len(assis) == 8

    partant = assis[0]
    poster("noter_renoncements", numeros=partant.lower())
    nouveaux = set(tire.volontaires.assis().values_list("numero", flat=True))
    assert len(nouveaux) == 8
    assert partant not in nouveaux

    client.logout()
    dossier = telecharger(client, tire, tmp_path)
    code, dit = verifier(dossier)
    assert code == 0, dit
    assert "Tout est juste." in dit
    manifeste = json.loads((dossier / "tirage.json").read_text())
    assert manifeste["panel"] == tire.panels[42]
    assert manifeste["remplacements"][0]["partis"] == [partant]


def test_an_altered_byte_of_any_file_is_found_and_a_rule_changed_after_the_list_is_frozen(
    client, tire, tmp_path
):
    """Each byte of tirage.json, by its own fingerprint; written anew by who can, the seed still binds the rule."""
    dossier = telecharger(client, tire, tmp_path)
    script = runpy.run_path(str(SCRIPT))
    manifeste = (dossier / "tirage.json").read_bytes()
    for ou in range(len(manifeste)):
        change = bytearray(manifeste)
        change[ou] ^= 1
        try:
            lu = json.loads(change.decode())
        except ValueError:
            continue  # said not to be read
        assert script["verifier_le_fichier"](bytes(change), lu), bytes(change[ou - 20 : ou + 20])

    for nom in ("volontaires.csv", "panels.csv"):
        texte = (dossier / nom).read_text()
        ou = texte.index(tire.panels[42][0])  # the number of somebody
        (dossier / nom).write_text(f"{texte[: ou + 5]}{(int(texte[ou + 5]) + 1) % 10}{texte[ou + 6 :]}")
        code, dit = verifier(dossier)
        assert (code, "FAUX" in dit) == (1, True), nom
        (dossier / nom).write_text(texte)

    def refaire(**autrement):
        lu = {**json.loads(manifeste), **autrement, "empreinte": "0" * 64}
        (dossier / "tirage.json").write_text(preuve.sceller(json.dumps(lu, ensure_ascii=False)))
        return verifier(dossier)[1]

    lu = json.loads(manifeste)
    (premier, *autres), regle = lu["quotas"], json.loads(lu["regle"])
    assert "Tout est juste." in refaire()
    assert "La règle figée dit « salle du conseil »" in refaire(lieu="ailleurs")
    plus_serre = [[*premier[:2], premier[2] + 1, premier[3]], *autres]
    assert "plus serré que dans la règle" in refaire(quotas=plus_serre)
    autre_regle = json.dumps({**regle, "quotas": plus_serre}, ensure_ascii=False, sort_keys=True)
    assert "La graine ne vient pas" in refaire(quotas=plus_serre, regle=autre_regle)


def test_who_reads_in_public_sees_numbers_and_never_a_name(client, tire):
    client.logout()
    siens = [tire.volontaires.first(), tire.volontaires.last()]
    for adresse in ("", "volontaires.csv", "panels.csv", "tirage.json", "verifier/"):
        texte = client.get(f"/tirages-au-sort/{tire.pk}/{adresse}").content.decode()
        for personne in siens:
            assert personne.nom not in texte
            assert personne.courriel not in texte
            assert personne.nonce not in texte


def test_each_finds_her_own_chances_by_her_number(client, connecte, tire):
    personne = tire.volontaires.tirables().first()
    fichier = connecte.get(f"/tirages/{tire.pk}/volontaires/a-prevenir.csv")
    lignes = b"".join(fichier.streaming_content).decode().replace("\xa0", " ")
    assert f"{personne.numero};{personne.nom};{personne.courriel}" in lignes
    assert f"/tirages-au-sort/{tire.pk}/?numero={personne.numero}" in lignes

    dit = lisible(client.get(f"/tirages-au-sort/{tire.pk}/?numero={personne.numero[1:].lstrip('0')}"))

    assert personne.chance_en_mots in dit
    assert (
        "Aucun volontaire ne porte"
        in client.get(f"/tirages-au-sort/{tire.pk}/?numero=V99999").content.decode()
    )


@pytest.mark.parametrize(
    "adresse", ["/tirages/{}/", "/tirages-au-sort/{}/", "/tirages-au-sort/{}/volontaires.csv"]
)
def test_a_thousand_volunteers_cost_the_queries_of_two(connecte, adresse):
    tirage = TirageFactory(tire=True)
    peu = len(requetes(connecte, adresse.format(tirage.pk)))
    Volontaire.objects.bulk_create(
        Volontaire(tirage=tirage, numero=f"V{n:05}", profil={"Genre": "F"}) for n in range(3, 40)
    )

    lues = requetes(connecte, adresse.format(tirage.pk))
    assert len(lues) <= peu


def test_the_public_page_of_a_draw_reads_no_volunteer_and_not_the_thousand_panels(client, tire):
    lues = requetes(client, f"/tirages-au-sort/{tire.pk}/")

    assert not [sql for sql in lues if "tirage_volontaire" in sql or '"panels",' in sql]
    assert "max-age=30" in client.get(f"/tirages-au-sort/{tire.pk}/")["Cache-Control"]


def test_there_is_one_draw_and_its_number_is_never_changed(connecte, tire):
    reponse = connecte.post(f"/tirages/{tire.pk}/tirer/", {"boules": "043"})

    assert reponse.status_code == 409
    assert Tirage.objects.get(pk=tire.pk).boules == 42
    assert "abandonner_tirage" not in tire.actes_permis_a(CompteFactory(agent=True))


@pytest.mark.parametrize("boules", ["", "12", "1000", "-12", "a12", "٣٣٣"])
def test_what_is_not_three_balls_is_refused(poster, publie, boules):
    poster("tirer", refuse=True, boules=boules)
    assert Tirage.objects.get(pk=publie.pk).boules is None


def test_the_list_is_frozen_for_good(connecte, publie):
    for acte in ("importer-volontaires", "ajouter-volontaire", "regler-quotas", "modifier-tirage", "figer"):
        assert connecte.post(f"/tirages/{publie.pk}/{acte}/").status_code == 409, acte
    personne = publie.volontaires.first()
    assert connecte.post(f"/tirages/volontaires/{personne.pk}/retirer/").status_code == 409


def test_numbers_say_nothing_of_who_came_first_and_each_is_committed(publie):
    personnes = list(publie.volontaires.order_by("pk"))
    assert [p.numero for p in personnes] != sorted(p.numero for p in personnes)
    assert len({p.engagement for p in personnes}) == len({p.nonce for p in personnes}) == len(personnes)


def test_one_person_a_household_stays_in_the_draw(publie):
    partages = publie.volontaires.exclude(foyer="")
    foyers = {p.foyer for p in partages}
    assert partages.filter(est_ecarte_par_foyer=False).count() == len(foyers) < partages.count()
    tires = {numero for panel in publie.panels for numero in panel}
    assert not tires & set(
        publie.volontaires.filter(est_ecarte_par_foyer=True).values_list("numero", flat=True)
    )


def test_the_parts_of_the_population_make_the_quotas_and_stand_beside_the_panel(client, poster, prepare):
    texte = "Genre ; F ; ; ; 52,4 %\nGenre ; H ; 3 ; ; 47.6\nÂge ; 16-39 ; 3 ; 5\nÂge ; 40 et plus ; 3 ; 5"
    poster("regler_quotas", quotas=texte, source_parts="Recensement d’essai")
    assert [(q.minimum, q.maximum) for q in prepare.quotas.all()[:2]] == [(4, 5), (3, 4)]
    poster("importer_volontaires", fichier=tableau())
    poster("figer")

    page = lisible(client.get(f"/tirages-au-sort/{prepare.pk}/"))
    assert "Population : Recensement d’essai." in page
    assert "52,4 %" in page
    assert "hors quota" not in page


def test_quotas_kept_alone_but_not_together_freeze_nothing_and_are_relaxed_with_a_reason(
    poster, prepare, agent
):
    contraires = "Genre ; F ; 8 ; 8\nGenre ; H ; 0 ; 0\nÂge ; 16-39 ; 8 ; 8\nÂge ; 40 et plus ; 0 ; 0"
    poster("regler_quotas", quotas=contraires)
    profils = [("F", "40 et plus")] * 9 + [("H", "16-39")] * 9 + [("F", "16-39")] * 2
    Volontaire.objects.bulk_create(
        Volontaire(tirage=prepare, nom=f"P{n}", profil={"Genre": g, "Âge": a})
        for n, (g, a) in enumerate(profils)
    )

    assert "pas tous ensemble" in poster("figer", refuse=True)
    poster("assouplir_quotas", motif="Trop peu de jeunes femmes.")

    tirage = poster("figer")
    assert tirage.etat == EtatTirage.FIGE
    assert "Trop peu" in tirage.journal.get(acte="assouplir_quotas").motif


def test_a_seed_that_is_not_written_as_announced_is_refused(poster, prepare):
    poster("importer_volontaires", fichier=tableau())
    poster("figer")

    dit = poster("semer", refuse=True, texte_graine="4 0 9")

    assert "Écrivez-la exactement" in dit
    assert Tirage.objects.get(pk=prepare.pk).graine == ""


def test_the_seed_waits_for_its_day_and_the_balls_for_theirs(agent, poster, prepare):
    poster("importer_volontaires", fichier=tableau())
    Tirage.objects.filter(pk=prepare.pk).update(
        date_graine=jour(3), tirage_le=timezone.localtime() + timedelta(days=5)
    )
    poster("figer")
    dit = poster("semer", refuse=True, texte_graine=f"boules:{jour(3).isoformat()}:4-0-9-1-1-7-3-8-2-6")
    assert "n’est connue que le" in dit

    Tirage.objects.filter(pk=prepare.pk).update(etat=EtatTirage.PUBLIE, panels=[["V00001"]] * 1000)
    assert "a lieu le" in poster("tirer", refuse=True, boules="001")


def test_a_stopped_work_writes_nothing_and_a_killed_one_is_given_again(poster, prepare, monkeypatch):
    poster("importer_volontaires", fichier=tableau())
    poster("figer")
    poster("semer", texte_graine=graine())
    poster("calculer")
    poster("arreter_calcul")
    calculer(prepare.pk)
    assert Tirage.objects.get(pk=prepare.pk).panels == []

    poster("calculer")
    repris = []
    monkeypatch.setattr(actes, "confier", lambda tache, numero: repris.append(numero))
    for pris in (-actes.REPRISE * 2, timedelta(days=2)):  # or by a clock that was two days ahead
        Tirage.objects.filter(pk=prepare.pk).update(calcul_le=timezone.now() + pris)
        balayer_calculs()
    assert repris == [prepare.pk] * 2


def test_a_work_that_always_fails_is_given_up_and_said(poster, prepare):
    poster("importer_volontaires", fichier=tableau())
    poster("figer")
    poster("semer", texte_graine=graine())
    poster("calculer")
    Tirage.objects.filter(pk=prepare.pk).update(calcul_essais=actes.ESSAIS_MAX)

    calculer(prepare.pk)

    assert Tirage.objects.get(pk=prepare.pk).calcul == EtatCalcul.ECHEC


def test_a_rehearsal_is_never_public(client, poster, prepare):
    Tirage.objects.filter(pk=prepare.pk).update(est_repetition=True)
    poster("importer_volontaires", fichier=tableau())
    poster("figer")

    assert client.get(f"/tirages-au-sort/{prepare.pk}/").status_code == 404
    assert "Panel sur l’eau" not in client.get("/tirages-au-sort/").content.decode()


def test_what_is_not_published_yet_is_found_nowhere(client, poster, prepare):
    assert client.get(f"/tirages-au-sort/{prepare.pk}/").status_code == 404
    poster("importer_volontaires", fichier=tableau())
    poster("figer")
    assert client.get(f"/tirages-au-sort/{prepare.pk}/").status_code == 200
    assert client.get(f"/tirages-au-sort/{prepare.pk}/panels.csv").status_code == 404


def test_several_give_up_together_and_the_page_says_who_enters_and_why_a_quota_is_exceeded(
    client, poster, tire
):
    partis = list(tire.volontaires.assis().values_list("numero", flat=True))[:3]
    poster("noter_renoncements", numeros=" ".join(partis))

    assert set(tire.volontaires.filter(place=Place.PARTIE).values_list("numero", flat=True)) == set(partis)
    assert tire.volontaires.filter(place=Place.ENTREE).count() == 3
    assert "ce n’est pas le numéro" in poster("noter_renoncements", refuse=True, numeros=partis[0])
    assert "ce n’est pas le numéro" in poster("noter_renoncements", refuse=True, numeros="V99999")

    page = f"/tirages-au-sort/{tire.pk}/"
    assert f"{partis[0]}, {partis[1]} et {partis[2]} renoncent." in lisible(client.get(page))
    assert "hors quota" not in lisible(client.get(page))
    tire.volontaires.attente().filter(profil__Genre="H").update(est_ecarte_par_foyer=True)
    hommes = tire.volontaires.assis().filter(profil__Genre="H").values_list("numero", flat=True)
    poster("noter_renoncements", numeros=" ".join(hommes))
    dit = lisible(client.get(page))
    assert "hors quota" in dit
    assert "ne permettait de tenir tous les quotas." in dit
    assert "Genre : H : 0 pour 3 à 5." in dit


def test_a_forgotten_person_leaves_no_name_and_the_draw_is_still_checked(client, tire, tmp_path):
    siennes = tire.volontaires.assis().first()
    oublier(Personne(courriel=siennes.courriel))

    siennes.refresh_from_db()
    assert (siennes.nom, siennes.courriel, siennes.foyer, siennes.nonce) == ("", "", "", "")
    assert verifier(telecharger(client, tire, tmp_path))[0] == 0


@pytest.mark.django_db(transaction=True)
def test_two_agents_write_the_balls_at_once_and_one_number_stays(poster, publie):
    agents = [CompteFactory(agent=True), CompteFactory(agent=True)]

    def ecrire(numero):
        try:
            actes.tirer(Tirage.objects.get(pk=publie.pk), par=agents[numero], boules=100 + numero)
            return 1
        except ErreurMetier:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as deux:
        assert sum(deux.map(ecrire, range(2))) == 1
    tirage = Tirage.objects.get(pk=publie.pk)
    assis = set(tirage.volontaires.assis().values_list("numero", flat=True))
    assert assis == set(tirage.panels[tirage.boules])


def test_the_commitment_of_a_person_is_written_again_from_what_she_was_given(publie):
    personne = publie.volontaires.first()
    profil = "|".join(
        f"{c}={v}" for c, v in zip(publie.categories, personne.profil_pour(publie.categories), strict=True)
    )
    texte = f"engagement-v1|{personne.nonce}|{personne.numero}|{simplifier(personne.foyer)}|{profil}"
    assert preuve.empreinte(texte) == personne.engagement


def test_the_reserve_foreseen_is_drawn_with_the_panel_published_and_called_first(
    client, connecte, poster, prepare, tmp_path
):
    poster("importer_volontaires", fichier=tableau(60))
    assert "n’est dans aucun quota" in poster(
        "prevoir_pertes", refuse=True, seances="2", pertes="Genre ; X ; 10 ; 5"
    )
    assert "0 à 95" in poster("prevoir_pertes", refuse=True, seances="2", pertes="tous ; ; 120 ; 5")
    poster("prevoir_pertes", seances="2", pertes="tous ; ; 20 ; 5\nGenre ; F ; 35,5 ; 5")
    poster("figer")
    poster("semer", texte_graine=graine())
    poster("calculer")
    calculer(prepare.pk)
    poster("prevoir_pertes", seances="3", pertes="tous ; ; 20 ; 5\nGenre ; F ; 35,5 ; 5")
    assert len(Tirage.objects.get(pk=prepare.pk).mesures["prevision"]["presents"]) == 3
    poster("publier_panels")
    assert connecte.post(f"/tirages/{prepare.pk}/prevoir-pertes/", {"seances": "2"}).status_code == 409
    tirage = poster("tirer", boules="007")
    assert "Séance 3" in lisible(connecte.get(f"/tirages/{prepare.pk}/"))

    profils = {p.numero: p.profil_pour(tirage.categories) for p in tirage.volontaires.all()}
    gardes = {profils[p.numero] for p in tirage.volontaires.filter(est_en_reserve=True)}
    partante = min(tirage.panels[7], key=lambda numero: profils[numero] not in gardes)
    poster("noter_renoncements", numeros=partante)

    client.logout()
    dossier = telecharger(client, tirage, tmp_path)
    manifeste = json.loads((dossier / "tirage.json").read_text())
    reserve = manifeste["reserve"]
    assert len(reserve) >= manifeste["prevision"]["reserve"] > 0
    # For a profile that the reserve lacks, somebody outside it may be the only one who keeps the quotas.
    assert manifeste["remplacements"][0]["entres"][0] in reserve or profils[partante] not in gardes
    assert verifier(dossier)[0] == 0
    (dossier / "tirage.json").write_text(json.dumps(manifeste | {"reserve": reserve[::-1]}))
    assert "pas dans l’ordre" in verifier(dossier)[1]


def test_the_rates_of_past_panels_are_proposed_once_enough_people_were_drawn(connecte, prepare):
    passe = TirageFactory(tire=True)
    assert taux_appris(prepare) == []
    Volontaire.objects.bulk_create(
        Volontaire(tirage=passe, profil={"Genre": "F"}, place=Place.PARTIE if n < 2 else Place.PANEL)
        for n in range(6)
    )

    assert "tous ;  ; 25 ; 0\nGenre ; F ; 25 ; 0" in lisible(
        connecte.get(f"/tirages/{prepare.pk}/prevoir-pertes/")
    )


def test_the_room_sees_the_panel_of_three_balls_before_they_are_validated_and_types_again_until_then(
    connecte, publie
):
    ecran = f"/tirages/{publie.pk}/ecran/"
    assert "Écrivez trois chiffres" in lisible(connecte.get(f"{ecran}?boules=4a"))
    vu = lisible(connecte.get(f"{ecran}?boules=042"))
    assert "Panel 042" in vu
    assert "Recommencer" in vu
    assert Tirage.objects.get(pk=publie.pk).boules is None

    reponse = connecte.post(f"/tirages/{publie.pk}/tirer/?retour={ecran}", {"boules": "043"})

    assert reponse["Location"] == ecran
    vu = lisible(connecte.get(f"{ecran}?boules=042"))
    assert "Panel 043" in vu
    assert " ".join(publie.panels[43]) in vu
    assert "Recommencer" not in vu


def test_the_proces_verbal_says_numbers_and_how_to_check_and_no_name(connecte, poster, tire):
    poster("preparer_pv")

    document = Tirage.objects.get(pk=tire.pk).proces_verbal
    dit = json.dumps(document.donnees, ensure_ascii=False)
    assert " ".join(tire.panels[42]) in rediger_document(document)
    for preuve_dite in (tire.empreinte_liste, tire.empreinte_panels, tire.texte_graine, '"042"'):
        assert preuve_dite in dit
    assert not [p for p in tire.volontaires.all() if f'"{p.nom}"' in dit or p.courriel in dit]
    assert document.est_public
    assert f'href="/tirages/{tire.pk}/preparer-pv/"' not in lisible(connecte.get(f"/tirages/{tire.pk}/"))
    poster("preparer_pv")
    assert Tirage.objects.get(pk=tire.pk).proces_verbal_id == document.pk


def test_what_was_published_before_a_restore_is_not_written_otherwise_after_it(
    client, connecte, poster, tire
):
    publie_avant = client.get(f"/tirages-au-sort/{tire.pk}/tirage.json").content
    Tirage.objects.filter(pk=tire.pk).update(etat=EtatTirage.PUBLIE, boules=None, tire_le=None)
    tire.volontaires.update(place=Place.AUCUNE)
    assert "comparer_publie" not in Tirage.objects.get(pk=tire.pk).actes_permis_a(CompteFactory(agent=True))
    Restauration.objects.create(sauvegarde_le=timezone.now() - timedelta(hours=1), marge=100)

    assert "comparez d’abord" in poster("tirer", refuse=True, boules="043")
    assert "déclarez où en était" in poster("comparer_publie", refuse=True)
    imbrique = SimpleUploadedFile("tirage.json", b"[" * 50_000)
    assert "Ce n’est pas le fichier" in poster("comparer_publie", refuse=True, fichier=imbrique)
    autre = json.loads(publie_avant) | {"empreinte_panels": "f" * 64}
    faux = SimpleUploadedFile("tirage.json", json.dumps(autre).encode())
    assert "l’empreinte des panels" in poster("comparer_publie", refuse=True, fichier=faux)
    poster("comparer_publie", fichier=SimpleUploadedFile("tirage.json", publie_avant))

    assert "« 042 »" in poster("tirer", refuse=True, boules="043")
    assert poster("tirer", boules="042").boules == 42


def test_without_the_published_file_a_public_statement_is_asked(poster, publie):
    Restauration.objects.create(sauvegarde_le=timezone.now() - timedelta(hours=1), marge=100)

    poster("comparer_publie", motif="Les boules n’étaient pas tirées ; l’huissier en atteste.")

    ligne = publie.journal.get(acte="comparer_publie")
    assert (ligne.est_publique, "huissier" in ligne.motif) == (True, True)
    poster("tirer", boules="043")
