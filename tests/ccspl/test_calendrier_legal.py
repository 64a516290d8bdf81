"""Legal calendar: an avis precedes the council and rests on a deliberation; faults are shown in time."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from ccspl.models import INSTANCE, Avis
from ccspl.saisines.actes import fonder, inscrire_en_seance, modifier_reunion, saisir
from ccspl.saisines.lectures import alertes, alertes_en_cours, rapports_de_l_annee
from ccspl.saisines.regles import Faits, alertes_sur, date_limite_avis
from ccspl.workflow import Etat
from participation.seances.models import Instance
from participation.socle.erreurs import ErreurMetier
from tests.ccspl.factories import AvisFactory, ReunionDuConseilFactory, ServiceSuiviFactory
from tests.seances.factories import InstanceFactory, MandatureFactory, PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.horloge

JOUR = date(2026, 11, 2)
CONSEIL = date(2026, 12, 18)
PREALABLE = {"jour": JOUR, "est_prealable": True, "est_rendu": False, "conseil": CONSEIL}


def cles(**faits):
    return [a.cle for a in alertes_sur(Faits(**{**PREALABLE, **faits}))]


@pytest.mark.parametrize(
    ("faits", "attendues"),
    [
        ({"seance_inscrite": date(2026, 12, 1)}, []),
        ({"prochaine_seance": date(2026, 12, 1)}, ["a_inscrire"]),
        ({"prochaine_seance": CONSEIL}, ["seance_apres_conseil"]),
        ({"seance_inscrite": date(2027, 1, 5)}, ["seance_apres_conseil"]),
        ({}, ["conseil_sans_seance"]),
        ({"conseil": None}, ["sans_conseil"]),
        ({"conseil": JOUR}, ["conseil_passe"]),
        ({"est_rendu": True, "adopte": date(2026, 12, 17)}, []),
        ({"est_rendu": True, "adopte": CONSEIL}, ["conseil_avant_avis"]),
        ({"seance_inscrite": date(2026, 12, 1), "est_fondee": False}, ["sans_fondement"]),
        ({"est_rendu": True, "adopte": date(2026, 10, 1), "conseil": date(2026, 10, 16), "est_citee": False}, ["avis_non_cite"]),
        ({"est_abandonne": True}, []),
        ({"est_prealable": False, "conseil": None}, []),
    ],
)  # fmt: skip
def test_what_the_rules_say(faits, attendues):
    assert cles(**faits) == attendues


def test_the_sentence_names_the_council_and_the_next_seance():
    (alerte,) = alertes_sur(Faits(**PREALABLE, prochaine_seance=date(2027, 1, 12)))

    assert alerte.gravite == "erreur"
    phrase = alerte.phrase.replace("\N{NO-BREAK SPACE}", " ")
    assert "18 décembre 2026 se prononcerait avant l’avis" in phrase
    assert "prochaine séance le 12 janvier 2027" in phrase


def test_the_avis_is_due_the_day_before_the_council_or_at_the_end_of_the_year():
    assert date_limite_avis(objet="dsp", date_saisine=JOUR, conseil=CONSEIL) == date(2026, 12, 17)
    assert date_limite_avis(objet="rapport", date_saisine=JOUR, conseil=None) == date(2026, 12, 31)
    assert date_limite_avis(objet="autre", date_saisine=JOUR, conseil=None) is None


@pytest.mark.django_db
def test_every_avis_of_which_the_rules_say_something_is_in_the_alerts_of_the_day():
    """The query that selects the avis to check must miss none."""
    jour = timezone.localdate()
    conseils = [None, *(ReunionDuConseilFactory(date=jour + timedelta(days=n)) for n in (-10, 0, 40))]
    adoptions = [(Etat.SAISIE, None), *((Etat.ADOPTE, jours) for jours in (-20, -10, 0, 40))]
    saisines = [("deliberation", "n° 12"), ("a_dire", ""), ("loi", "")]
    un = AvisFactory()
    for objet, (saisine, fondement), conseil, (etat, jours), citee in product(
        ("dsp", "rapport"), saisines, conseils, adoptions, ("", "n° 40")
    ):
        AvisFactory(
            service=un.service,
            mandature=un.mandature,
            objet=objet,
            saisine=saisine,
            fondement=fondement,
            conseil=conseil,
            etat=etat,
            sens="favorable" if jours is not None else "",
            adopte_le=None if jours is None else timezone.localtime() + timedelta(days=jours),
            deliberation=citee,
        )
    fautifs = {avis.pk for avis in Avis.objects.all() if alertes(avis)}

    assert 0 < len(fautifs) < Avis.objects.count()
    assert {a.avis.pk for a in alertes_en_cours() if a.avis is not None} == fautifs


@pytest.mark.django_db
def test_a_seance_that_bears_the_avis_before_the_council_answers_the_alert():
    conseil = ReunionDuConseilFactory()
    avis = AvisFactory(objet="dsp", saisine="deliberation", fondement="n° 12", conseil=conseil)
    assert [a.cle for a in alertes(avis)] == ["conseil_sans_seance"]

    seance = SeanceFactory(mandature=avis.mandature, debut=timezone.localtime() + timedelta(days=20))
    assert [a.cle for a in alertes(avis)] == ["a_inscrire"]
    PointFactory(seance=seance).dossiers.add(avis)

    assert alertes(avis) == []


@pytest.mark.django_db
def test_the_seance_that_examines_it_now_answers_the_alert_too():
    conseil = ReunionDuConseilFactory()
    avis = AvisFactory(objet="dsp", saisine="deliberation", fondement="n° 12", conseil=conseil)
    SeanceFactory(mandature=avis.mandature, debut=timezone.localtime() + timedelta(days=2))
    PointFactory(seance=SeanceFactory(mandature=avis.mandature, ouverte=True)).dossiers.add(avis)

    assert "a_inscrire" not in [a.cle for a in alertes(avis)]


@pytest.mark.django_db
def test_from_the_avis_it_is_put_on_an_agenda_once(client):
    agent = CompteFactory(agent=True)
    avis = AvisFactory(
        objet="dsp", saisine="deliberation", fondement="n° 12", conseil=ReunionDuConseilFactory()
    )
    seance = SeanceFactory(mandature=avis.mandature, debut=timezone.localtime() + timedelta(days=20))
    client.force_login(agent)
    adresse = reverse("ccspl:inscrire_en_seance", args=[avis.pk])
    assert adresse in client.get(reverse("ccspl:dossier", args=[avis.pk])).content.decode()

    reponse = client.post(adresse, {"seance": seance.pk})
    assert reponse.headers["Location"].endswith("#ordre-du-jour")
    assert [p.titre for p in avis.points.all()] == [avis.titre]
    with pytest.raises(ErreurMetier, match="déjà à l’ordre du jour"):
        inscrire_en_seance(avis, par=agent, seance=seance)


@pytest.mark.django_db
def test_councils_are_in_the_order_of_their_days(client):
    jours = [timezone.localdate() + timedelta(days=n) for n in (90, 10, 50)]
    for jour in jours:
        ReunionDuConseilFactory(date=jour, intitule=f"Conseil {jour}")
    client.force_login(CompteFactory(agent=True))
    reunions = client.get(reverse("ccspl:calendrier")).context["reunions"]
    assert [r.date for r in reunions] == sorted(jours)


@pytest.mark.django_db
def test_a_report_of_which_the_commission_took_note_without_an_avis_is_examined():
    service = ServiceSuiviFactory(nom="Eau de source")
    annee = timezone.localdate().year
    mandature = AvisFactory().mandature
    debut = timezone.make_aware(datetime(annee, 1, 15, 18))
    tenue = SeanceFactory(mandature=mandature, etat="levee", debut=debut, levee_le=debut)
    PointFactory(
        seance=tenue, nature="prise_acte", etat="traite", titre="Rapport annuel du service « Eau de source »"
    )
    ligne = next(r for r in rapports_de_l_annee(annee) if r.service == service)
    assert (ligne.etat[0], ligne.est_en_attente) == ("Examiné", False)
    assert not [a for a in alertes_en_cours(date(annee, 8, 1)) if a.service == service]


@pytest.mark.django_db
def test_one_referral_covers_several_services(client):
    agent = CompteFactory(agent=True)
    MandatureFactory(instance=InstanceFactory(cle=INSTANCE))
    eau, egout = ServiceSuiviFactory(nom="Eau de source"), ServiceSuiviFactory(nom="Assainissement doux")
    client.force_login(agent)
    client.post(
        reverse("ccspl:saisir"),
        {
            "service": eau.pk, "autres_services": [egout.pk], "objet": "rapport", "titre": "Deux rapports",
            "date_saisine": timezone.localdate(), "saisine": "loi",
        },
    )  # fmt: skip
    avis = Avis.objects.get(titre="Deux rapports")
    assert avis.services == "Eau de source et Assainissement doux"
    etats = {r.service.nom: r.avis for r in rapports_de_l_annee(timezone.localdate().year)}
    assert etats["Eau de source"] == etats["Assainissement doux"] == avis
    liste = client.get(reverse("ccspl:tableau"), {"service": egout.pk}).content.decode()
    assert "Deux rapports" in liste


@pytest.mark.django_db
def test_a_prior_avis_that_nobody_founded_is_said_in_error():
    avis = AvisFactory(objet="dsp", saisine="a_dire")

    (alerte,) = [a for a in alertes(avis) if a.cle == "sans_fondement"]
    assert alerte.gravite == "erreur"

    fonder(
        avis, par=CompteFactory(agent=True), saisine="delegation", fondement="Délégation du 3 juillet 2026"
    )
    assert "sans_fondement" not in [a.cle for a in alertes(avis)]


@pytest.mark.django_db
def test_the_deadline_follows_the_date_of_the_council():
    agent = CompteFactory(agent=True)
    MandatureFactory(instance=InstanceFactory(cle=INSTANCE))
    conseil = ReunionDuConseilFactory()
    avis = saisir(
        Avis(), par=agent, service=ServiceSuiviFactory(), objet="dsp", titre="Parking", saisine="deliberation",
        fondement="n° 3 du 2 mars", conseil=conseil,
    )  # fmt: skip
    assert avis.echeances.get(cle="avis").date_limite == conseil.date - timedelta(days=1)

    modifier_reunion(conseil, par=agent, date=conseil.date + timedelta(days=14))

    echeance = avis.echeances.get(cle="avis")
    assert echeance.date_limite == conseil.date - timedelta(days=1)
    assert echeance.est_legale


@pytest.mark.django_db
def test_a_report_is_examined_once_its_avis_is_adopted_this_year():
    service = ServiceSuiviFactory(nom="Eau de source")
    annee = timezone.localdate().year

    def etat():
        return next(r for r in rapports_de_l_annee(annee) if r.service == service).etat[0]

    assert etat() == "Pas encore prévu"
    avis = AvisFactory(service=service, objet="rapport")
    assert etat() == "En cours"
    Avis.objects.filter(pk=avis.pk).update(etat=Etat.ADOPTE, sens="prise_acte", adopte_le=timezone.now())
    assert etat() == "Examiné"
    assert next(r for r in rapports_de_l_annee(annee - 1) if r.service == service).avis is None


@pytest.mark.django_db
def test_the_reports_that_nobody_planned_are_said_from_july_on():
    ServiceSuiviFactory(nom="Eau de source")
    annee = timezone.localdate().year

    assert not [
        a for a in alertes_en_cours(date(annee, 2, 1)) if a.service and a.service.nom == "Eau de source"
    ]
    (alerte,) = [
        a for a in alertes_en_cours(date(annee, 8, 1)) if a.service and a.service.nom == "Eau de source"
    ]
    assert str(annee) in alerte.phrase


@pytest.mark.django_db
def test_the_page_shows_the_alerts_to_agents_alone(client):
    avis = AvisFactory(objet="dsp", saisine="a_dire", titre="Délégation du parking")

    client.force_login(CompteFactory(agent=True))
    page = client.get(reverse("ccspl:calendrier")).content.decode()
    assert "pas de fondement" in page
    assert avis.titre in page

    client.force_login(CompteFactory(elu=True))
    assert "pas de fondement" not in client.get(reverse("ccspl:calendrier")).content.decode()


@pytest.mark.django_db
def test_the_reference_gives_the_commission_its_rules_and_services():
    instance = Instance.objects.get(cle=INSTANCE)

    reglement = instance.reglements.get()
    assert reglement.delai_convocation == 5
    assert "14 février 2025" in reglement.source
    assert instance.recurrences.filter(titre="Rapport annuel : Eau potable").exists()


@pytest.mark.django_db
def test_loading_again_changes_nothing_that_an_agent_typed(django_assert_max_num_queries):
    from django.core.management import call_command

    from ccspl.models import ServiceSuivi

    instance = Instance.objects.get(cle=INSTANCE)
    service = ServiceSuivi.objects.get(nom="Eau potable")
    service.exploitant = "Eaux de Grenoble Alpes"
    service.save()
    instance.recurrences.filter(titre="Rapport annuel : Eau potable").delete()

    call_command("referentiel_ccspl")

    service.refresh_from_db()
    assert service.exploitant == "Eaux de Grenoble Alpes"
    assert not instance.recurrences.filter(titre="Rapport annuel : Eau potable").exists()
