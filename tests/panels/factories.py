"""A panel in each état, with as few rows as possible: no solver is asked."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.panels.communes.actes import annoncer_tirage_communes
from participation.panels.models import (
    Commande,
    Equipier,
    Inscription,
    LotDeMarche,
    Marche,
    PageInscription,
    Panel,
    PartDeCommune,
    Recommandation,
)
from participation.panels.workflow import Adresse, EtatPanel
from participation.tirage.workflow import Place
from tests.outils import jour
from tests.seances.factories import InstanceFactory
from tests.socle.factories import CompteFactory
from tests.tirage.factories import TirageFactory


class PanelFactory(DjangoModelFactory[Panel]):
    class Meta:
        model = Panel

    titre = factory.Sequence(lambda n: f"Panel {n}")
    cle = factory.Sequence(lambda n: f"panel{n}")
    reference = factory.Sequence(lambda n: f"PAN-2026-{n + 1:04}")
    mandat = "Comment partager l’eau ?"
    repond_a = "le conseil métropolitain"
    places = 2
    seances_prevues = 3
    date_premiere_seance = factory.LazyFunction(lambda: jour(90))
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        avec_tirage = factory.Trait(tirage=factory.SubFactory(TirageFactory))
        inscription = factory.Trait(avec_tirage=True, etat=EtatPanel.INSCRIPTION, est_publie=True)
        tire = factory.Trait(
            tirage=factory.SubFactory(TirageFactory, tire=True), etat=EtatPanel.TIRAGE, est_publie=True
        )
        confirmation = factory.Trait(tire=True, etat=EtatPanel.CONFIRMATION)
        session = factory.Trait(
            tire=True,
            etat=EtatPanel.SESSION,
            instance=factory.SubFactory(
                InstanceFactory,
                cle=factory.Sequence(lambda n: f"panel-{n}"),
                app="panels",
                est_publique=False,
            ),
        )


class InscriptionFactory(DjangoModelFactory[Inscription]):
    class Meta:
        model = Inscription

    panel = factory.SubFactory(PanelFactory)
    canal = "web"
    prenom = "Alma"
    nom = factory.Sequence(lambda n: f"Essai{n}")
    telephone = "06 00 00 00 00"
    adresse = "1 rue des Essais"
    adresse_comparee = Adresse.SANS_LISTE


class MarcheFactory(DjangoModelFactory[Marche]):
    class Meta:
        model = Marche
        skip_postgeneration_save = True

    titre = "Recruter et accompagner les panels"
    reference = factory.Sequence(lambda n: f"MAR-2026-{n + 1:04}")
    prestataire = "Atelier d’exemple"
    date_debut = factory.LazyFunction(lambda: jour(-100))
    date_fin = factory.LazyFunction(lambda: jour(600))
    reconductions = 1
    plafond = 90000
    ouvert_le = factory.LazyFunction(timezone.now)
    lot = factory.RelatedFactory(
        "tests.panels.factories.LotFactory",
        factory_related_name="marche",
        numero=1,
        objet="Tirer et recruter",
    )


class LotFactory(DjangoModelFactory[LotDeMarche]):
    class Meta:
        model = LotDeMarche


def annoncer(panel, agent):
    """Announce the draw of the communes of a panel, for a seed in three days."""
    return annoncer_tirage_communes(
        panel,
        par=agent,
        source="boules",
        date_graine=jour(3),
        precision_source="Salle du conseil, 18 heures.",
        repli="Le Loto du samedi suivant.",
    )


def monde_des_panels() -> dict[str, list[object]]:
    """Access tests: a panel being prepared, open, drawn, called, in session."""
    prepare = PanelFactory(avec_tirage=True)
    page = PageInscription.objects.create(
        panel=prepare, langue="fr", nom_langue="français", titre="Inscription", introduction="Qui le veut."
    )
    ouvert = PanelFactory(inscription=True)
    PageInscription.objects.create(
        panel=ouvert, langue="fr", nom_langue="français", titre="Inscription", introduction="Qui le veut."
    )
    proche = InscriptionFactory(panel=ouvert, adresse_comparee=Adresse.PROCHE)
    relue = InscriptionFactory(panel=ouvert, canal="papier", saisie_par=CompteFactory())
    tire = PanelFactory(tire=True)
    appele = PanelFactory(confirmation=True)
    assise = InscriptionFactory(
        panel=appele, volontaire=appele.tirage.volontaires.filter(place=Place.PANEL)[0]
    )
    equipier = Equipier.objects.create(panel=appele, compte=CompteFactory(), role="appels")
    session = PanelFactory(session=True)
    siege = InscriptionFactory(panel=session)
    recommandation = Recommandation.objects.create(panel=session, ordre=1, titre="Réparer les fontaines")
    des_communes = PanelFactory()
    annoncer(des_communes, CompteFactory(agent=True))
    part = PartDeCommune.objects.create(panel=des_communes, commune_id="38185", lettres=3)
    marche = MarcheFactory()
    commande = Commande.objects.create(
        marche=marche,
        lot=marche.lots.get(),
        panel=prepare,
        libelle="Recruter",
        montant=1000,
        date_commande=jour(0),
    )
    return {
        "panel_des_communes": [des_communes.pk],
        "panel_des_communes_cle": [des_communes.cle],
        "panel_part_jeton": [part.jeton()],
        "panel_avis": [PanelFactory(session=True, questionnaires_le=timezone.now()).cle],
        "panel_marche": [marche.pk],
        "panel_commande": [commande.pk],
        "panel_relue": [relue.pk],
        "panel_prepare": [prepare.pk],
        "panel_sans_tirage": [PanelFactory().pk],
        "panel_page": [page.pk],
        "panel_ouvert": [ouvert.pk],
        "panel_cle": [ouvert.cle],
        "panel_langue": [ouvert.cle, "fr"],
        "panel_inscription": [proche.pk],
        "panel_tire": [tire.pk],
        "panel_appele": [appele.pk],
        "panel_assise": [assise.pk],
        "panel_equipier": [equipier.pk],
        "panel_siege": [siege.pk],
        "panel_session": [session.pk],
        "panel_recommandation": [recommandation.pk],
    }
