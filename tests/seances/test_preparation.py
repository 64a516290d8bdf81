"""Preparation of a séance: date, agenda, pages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.seances import preparation
from participation.seances.models import Point, ProcesVerbal, Seance
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.ordre_du_jour.actes import ModifierPointForm, PointForm
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from tests.outils import constant_queries
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import (
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    PointFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def quand(jours=30):
    debut = timezone.localtime() + timedelta(days=jours)
    return {"debut": debut, "fin": debut + timedelta(hours=2)}


# Date


def test_a_seance_is_frozen_on_the_rules_of_its_day(agent):
    instance = InstanceFactory()
    MandatureFactory(instance=instance)
    ReglementInstanceFactory(instance=instance, version="1", en_vigueur_au=date(2027, 1, 31))
    nouveau = ReglementInstanceFactory(instance=instance, version="2", en_vigueur_du=date(2027, 2, 1))
    debut = datetime(2027, 2, 15, 18, tzinfo=PARIS)

    seance = preparation.programmer(
        instance, par=agent, titre="Plénière", debut=debut, fin=debut + timedelta(hours=2), lieu="Salle"
    )

    assert seance.reglement == nouveau
    assert seance.etat == Etat.PROGRAMMEE
    assert seance.journal.get().par == agent


def test_without_rules_or_mandature_on_that_day_the_sentence_says_which(agent):
    instance = InstanceFactory()
    champs = {"titre": "Plénière", "lieu": "Salle", **quand()}

    with pytest.raises(ErreurMetier, match="Aucune mandature"):
        preparation.programmer(instance, par=agent, **champs)
    MandatureFactory(instance=instance)
    with pytest.raises(ErreurMetier, match="Aucun règlement"):
        preparation.programmer(instance, par=agent, **champs)
    assert not Seance.objects.exists()


def test_only_an_agent_prepares(agent):
    seance = SeanceFactory()

    with pytest.raises(RoleInsuffisant):
        ordre_du_jour.ajouter_point(seance, par=CompteFactory(), titre="Point", nature="information")


def test_what_was_announced_changes_by_deplacer_only(agent):
    seance = SeanceFactory(convoquee=True)

    with pytest.raises(ErreurMetier, match="Déplacer"):
        preparation.modifier(seance, par=agent, lieu="Ailleurs")
    preparation.modifier(Seance.objects.get(), par=agent, titre="Nouveau titre")

    seance.refresh_from_db()
    assert (seance.lieu, seance.titre) == ("Salle du conseil", "Nouveau titre")


def test_a_page_programs_a_seance_and_loses_nothing_when_it_refuses(client, agent):
    instance = InstanceFactory()
    MandatureFactory(instance=instance)
    ReglementInstanceFactory(instance=instance)
    client.force_login(agent)
    envoi = {
        "instance": instance.cle,
        "titre": "Plénière de mars",
        "nature": "pleniere",
        "jour": "2027-03-28",
        "de": "02:30",
        "a": "04:00",
        "tenue": "salle",
        "lieu": "Salle du conseil",
    }

    # That night 2:30 does not exist.
    refusee = client.post(reverse("seances:programmer"), envoi)
    assert "l’heure change" in refusee.content.decode()
    assert "Plénière de mars" in refusee.content.decode()
    assert not Seance.objects.exists()

    faite = client.post(reverse("seances:programmer"), {**envoi, "de": "18:00", "a": "20:00"})
    seance = Seance.objects.get()
    assert faite.url == seance.get_absolute_url()
    assert seance.debut == datetime(2027, 3, 28, 18, tzinfo=PARIS)

    # An end past midnight is on the next day; an end at 18:00 for a start at 19:00 is a typing error.
    client.post(reverse("seances:modifier", args=[seance.pk]), {**envoi, "de": "20:00", "a": "00:30"})
    seance.refresh_from_db()
    assert (seance.debut, seance.fin) == (
        datetime(2027, 3, 28, 20, tzinfo=PARIS),
        datetime(2027, 3, 29, 0, 30, tzinfo=PARIS),
    )
    refusee = client.post(
        reverse("seances:modifier", args=[seance.pk]), {**envoi, "de": "19:00", "a": "18:00"}
    )
    assert "La fin précède le début" in refusee.content.decode()


# Agenda


def test_a_point_bears_several_dossiers_and_keeps_its_place(agent):
    seance = SeanceFactory()
    une, autre = PetitionFactory(deposee=True), PetitionFactory(deposee=True)

    premier = ordre_du_jour.ajouter_point(
        seance, par=agent, dossiers=[une, autre], titre="Recevabilité", nature="decision"
    )
    second = ordre_du_jour.ajouter_point(seance, par=agent, titre="Divers", nature="divers")

    assert [lien.dossier_id for lien in premier.liens_dossiers.all()] == [une.pk, autre.pk]
    assert (premier.ordre, second.ordre) == (1, 2)
    assert not premier.est_tardif


def test_a_closed_dossier_or_one_twice_is_refused(agent):
    point = PointFactory()
    close, ouverte = PetitionFactory(deposee=True, clos_le=timezone.now()), PetitionFactory(deposee=True)

    with pytest.raises(ValidationError, match="clos"):
        ordre_du_jour.ajouter_dossier(point, close, par=agent)
    ordre_du_jour.ajouter_dossier(point, ouverte, par=agent)
    with pytest.raises(ValidationError, match="déjà"):
        ordre_du_jour.ajouter_dossier(point, ouverte, par=agent)


def test_points_change_places_one_by_one(agent):
    seance = SeanceFactory()
    a, b, c = PointFactory.create_batch(3, seance=seance)

    ordre_du_jour.ordonner(c, par=agent, sens="monter")
    ordre_du_jour.ordonner(Point.objects.get(pk=a.pk), par=agent, sens="monter")

    assert list(seance.points.all()) == [a, c, b]


def test_a_point_added_after_the_convocation_is_late(agent):
    seance = SeanceFactory(convoquee=True)

    point = ordre_du_jour.ajouter_point(seance, par=agent, titre="Incident", nature="information")

    assert point.est_tardif


def test_before_the_convocation_a_point_disappears_after_it_stays_with_its_reason(agent):
    seance = SeanceFactory()
    un, deux = PointFactory.create_batch(2, seance=seance)

    ordre_du_jour.retirer_point(un, par=agent)
    deux.refresh_from_db()
    assert (list(seance.points.all()), deux.ordre) == ([deux], 1)

    Seance.objects.update(etat=Etat.CONVOQUEE)
    deux = Point.objects.select_related("seance").get()
    with pytest.raises(ValidationError, match="pourquoi"):
        ordre_du_jour.retirer_point(deux, par=agent)
    ordre_du_jour.retirer_point(
        Point.objects.get(), par=agent, motif="Le rapporteur est souffrant", suite="reporte"
    )
    deux.refresh_from_db()
    assert (deux.etat, deux.motif) == (EtatPoint.REPORTE, "Le rapporteur est souffrant")


def test_an_approval_says_which_minutes_and_those_of_its_own_instance(agent):
    seance = SeanceFactory()
    ailleurs = SeanceFactory(levee=True, mandature=MandatureFactory(instance=InstanceFactory(cle="autre")))

    with pytest.raises(ValidationError, match="quel procès-verbal"):
        ordre_du_jour.ajouter_point(seance, par=agent, titre="PV", nature="approbation")
    with pytest.raises(ValidationError, match="autre instance"):
        ordre_du_jour.ajouter_point(seance, par=agent, titre="PV", nature="approbation", pv_de=ailleurs)


def test_the_agenda_of_a_closed_seance_does_not_change(agent):
    point = PointFactory(seance=SeanceFactory(levee=True))

    with pytest.raises(ActeInterdit):
        ordre_du_jour.ajouter_point(point.seance, par=agent, titre="Trop tard", nature="divers")
    with pytest.raises(ActeInterdit):
        ordre_du_jour.retirer_point(point, par=agent)


def test_a_dossier_is_found_by_reference_or_title_and_put_to_the_point(client, agent):
    point = PointFactory()
    petition = PetitionFactory(deposee=True, titre="Des pistes cyclables sûres")
    close = PetitionFactory(deposee=True, titre="Des pistes de ski", clos_le=timezone.now())
    client.force_login(agent)
    adresse = reverse("seances:point", args=[point.pk])

    for mots in ("cyclables", petition.reference):
        page = client.get(adresse, {"q": mots}).content.decode()
        assert petition.titre in page
    assert close.titre not in client.get(adresse, {"q": "pistes"}).content.decode()

    client.post(reverse("seances:ajouter_dossier", args=[point.pk]), {"dossier": petition.pk})
    assert point.dossiers.get().pk == petition.pk
    client.post(reverse("seances:retirer_dossier", args=[point.liens_dossiers.get().pk]))
    assert not point.dossiers.exists()


def test_only_a_proces_verbal_written_and_not_approved_is_offered_for_approval(agent):
    seance = SeanceFactory()
    sans, approuve, soumis = (SeanceFactory(levee=True, mandature=seance.mandature) for _ in range(3))
    ProcesVerbal.objects.create(seance=approuve, etat="approuve", approuve_le=timezone.now())
    ProcesVerbal.objects.create(seance=soumis, etat="soumis")
    form = PointForm(objet=seance, par=agent)
    assert list(form.fields["pv_de"].queryset) == [soumis]
    garde = PointFactory(seance=seance, pv_de=sans)
    assert set(ModifierPointForm(objet=garde, par=agent).fields["pv_de"].queryset) == {soumis, sans}


# Pages


def test_the_list_costs_the_same_for_four_seances(client, agent):
    client.force_login(agent)

    def fabriquer():
        n = Seance.objects.count()
        seance = SeanceFactory(mandature=MandatureFactory(instance=InstanceFactory(cle=f"instance-{n}")))
        PointFactory(seance=seance)
        ConvieFactory(seance=seance)

    constant_queries(client, reverse("seances:seances"), fabriquer)


def test_the_list_is_filtered(client, agent):
    ici = SeanceFactory(titre="Plénière d’eau", convoquee=True)
    SeanceFactory(titre="Autre", mandature=MandatureFactory(instance=InstanceFactory(cle="autre")))
    client.force_login(agent)

    for requete in (
        {"instance": ici.instance.cle},
        {"etat": "convoquee"},
        {"q": "eau"},
        {"instance": ici.instance.cle, "annee": str(ici.jour.year)},
    ):
        page = client.get(reverse("seances:seances"), requete).content.decode()
        assert "Plénière d’eau" in page
        assert ">Autre<" not in page


def test_the_page_of_a_seance_costs_the_same_for_four_points_and_members(client, agent):
    seance = SeanceFactory(convoquee=True)
    client.force_login(agent)

    def fabriquer():
        point = PointFactory(seance=seance)
        ordre_du_jour.ajouter_dossier(point, PetitionFactory(deposee=True), par=agent)
        convie = ConvieFactory(seance=seance)
        ConvieFactory(seance=seance, reponse="pouvoir", pouvoir_a=convie)

    constant_queries(client, reverse("seances:seance", args=[seance.pk]), fabriquer)


def test_a_point_already_treated_offers_no_button_that_would_be_refused(client, agent):
    seance = SeanceFactory(ouverte=True)
    traite = PointFactory(seance=seance, etat=EtatPoint.TRAITE)
    a_traiter = PointFactory(seance=seance)
    client.force_login(agent)

    page = client.get(seance.get_absolute_url()).content.decode()

    assert reverse("seances:retirer_point", args=[a_traiter.pk]) in page
    for acte in ("retirer_point", "ordonner"):
        assert reverse(f"seances:{acte}", args=[traite.pk]) not in page


def test_the_agenda_of_another_seance_is_taken_up_from_its_page(client, agent):
    source = SeanceFactory(levee=True)
    PointFactory(seance=source, titre="Rapport de l’eau")
    seance = SeanceFactory(mandature=source.mandature)
    client.force_login(agent)

    client.post(reverse("seances:copier_ordre_du_jour", args=[seance.pk]), {"source": source.pk})

    assert [point.titre for point in seance.points.all()] == ["Rapport de l’eau"]
