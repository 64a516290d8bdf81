"""Erasure: an address and a name put in every table remain only where the law requires it."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from ccspl.models import Transmission
from participation.budgets.models import AuteurIdee, Idee
from participation.cadres.models import Evaluateur
from participation.droits.models import DemandeDroit
from participation.droits.personnes.lectures import lignes_de
from participation.engagements.models import Collectif
from participation.rencontres.models import Animateur, AuteurDeNote, Note, TableRencontre
from participation.seances.models import Inscription, Invite, Profil
from participation.socle.actions.comptes import fermer_compte
from participation.socle.actions.courriels import purger_courriels
from participation.socle.actions.dossiers import prendre_en_charge
from participation.socle.actions.oubli import Personne, gardes, oublier, raison_de
from participation.socle.actions.rythmes import choisir_rythme
from participation.socle.models import (
    Appartenance,
    Compte,
    Courriel,
    Demande,
    FiltreEnregistre,
    LigneDeJournal,
    Moderation,
    PieceCourriel,
)
from participation.socle.regles.sms import motif_du_numero
from petitions.copetitionnaires.actes import inviter_copetitionnaire
from petitions.models import CoPetitionnaire, Signature
from remontees.models import ClientOpen311, Message, Rapporteur
from tests.budgets.factories import budget_en, forum_le, idee_de, inscription_a, table_de
from tests.cadres.factories import CadreFactory, CahierFactory
from tests.ccspl.factories import AvisFactory
from tests.contrat_ville.factories import PorteurFactory
from tests.inclusion.factories import CommandeFactory, LotFactory
from tests.panels.factories import InscriptionFactory as InscriptionAuPanelFactory
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory
from tests.remontees.factories import RapporteurFactory
from tests.rencontres.factories import InscriptionFactory as InscriptionARencontreFactory
from tests.rencontres.factories import RencontreFactory
from tests.renouvellement.factories import CandidatureFactory
from tests.seances.factories import CollegeFactory, ConvieFactory, MembreFactory, SeanceFactory
from tests.socle.factories import CompteFactory, raison
from tests.suites.factories import AbonnementFactory, ReponseDirectionFactory
from tests.tirage.factories import TirageFactory

pytestmark = pytest.mark.django_db

ADRESSE, AMIE = "zenobie@example.org", "amie-de-z@example.org"
PRENOM, NOM = "Zénobie", "Quellec"
# Fields with the address of a commune or of the service, not of a person.
BOITES_PARTAGEES = {
    "socle.Commune",
    "socle.Direction",
    "socle.ReglageService",
    "remontees.Organisme",
    "contrat_ville.Partenaire",
    "contrat_ville.SuiviQuartier",
}


def modeles() -> Iterator[type[models.Model]]:
    return (m for m in apps.get_models() if m._meta.managed and m._meta.app_label != "appli_essai")


def tables_ou(texte: str) -> set[str]:
    """Return the labels of the models with this text in any column."""
    trouvees = set()
    with connection.cursor() as curseur:
        for modele in modeles():
            table = modele._meta.db_table
            curseur.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{texte}%"])
            if curseur.fetchone()[0]:
                trouvees.add(modele._meta.label)
    return trouvees


def remplir_les_textes(adresse: str = ADRESSE) -> None:
    """Put the address in every free text of one row of each table, as somebody might have typed it."""
    for modele in modeles():
        if modele._meta.label in gardes() or modele._meta.app_label == "contenttypes":
            continue
        premiere = modele._default_manager.order_by("pk").values_list("pk", flat=True)[:1]
        for champ in modele._meta.local_concrete_fields:
            libre = type(champ) is models.TextField or (
                type(champ) is models.CharField and (champ.max_length or 0) >= 160 and not champ.unique
            )
            if type(champ) is models.JSONField:
                valeur = {"dit": adresse}
            elif libre and not champ.choices and not champ.primary_key and "canonique" not in champ.name:
                valeur = f"Écrire à {adresse}"
            else:
                continue
            # A constraint may require an empty column.
            with contextlib.suppress(IntegrityError), transaction.atomic():
                modele._default_manager.filter(pk__in=list(premiere)).update(**{champ.name: valeur})


@pytest.fixture
def zenobie():
    compte = CompteFactory(courriel=ADRESSE, prenom=PRENOM, nom=NOM, fonction="Voisine", telephone="0476")
    EmailAddress.objects.create(user=compte, email=ADRESSE, primary=True, verified=True)
    Profil.objects.create(compte=compte, presentation=f"Je suis {NOM}")
    FiltreEnregistre.objects.create(compte=CompteFactory(), liste="x", nom="x", requete=f"q={ADRESSE}")

    brouillon = PetitionFactory(auteur=compte, nom_auteur=f"{PRENOM} {NOM}")
    sienne = PetitionFactory(auteur=compte, deposee=True, nom_auteur=f"{PRENOM} {NOM}", est_publie=True)
    for petition in (brouillon, sienne):
        amie = CoPetitionnaireFactory(petition=petition, courriel=AMIE, courriel_canonique=AMIE)
        assert inviter_copetitionnaire(amie, jeton="x", relance=False, est_venu=False)
    moi = {"courriel": ADRESSE, "courriel_canonique": ADRESSE, "prenom": PRENOM, "nom": NOM}
    for autre in (PetitionFactory(deposee=True), PetitionFactory()):
        CoPetitionnaireFactory(petition=autre, confirme=True, **moi)
    SignatureFactory(petition=PetitionFactory(repondue=True), confirmee=True, nom_canonique=NOM, **moi)
    SignatureFactory(petition=PetitionFactory(en_collecte=True), nom_canonique=NOM, **moi)

    AbonnementFactory(courriel=ADRESSE)
    choisir_rythme(ADRESSE, "semaine")
    Moderation.objects.create(
        dossier=sienne,
        acte="refuser_nouvelle",
        objet="petitions.nouvelle.1",
        quoi="Du neuf",
        raison=raison(),
        motif="Elle nomme quelqu’un.",
        par=CompteFactory(agent=True),
        adresses=[ADRESSE],
        contestee_le=timezone.now(),
        contestation=f"Écrivez-moi à {ADRESSE}.",
    )
    ReponseDirectionFactory()
    Demande.objects.create(
        dossier=sienne,
        nature="complement",
        objet="Un plan",
        texte="Un plan",
        compte=compte,
        repondue_par=f"{PRENOM} {NOM}",
        date_limite=timezone.localdate(),
    )
    candidature = CandidatureFactory(prenom=PRENOM, nom=NOM, courriel=ADRESSE, adresse="2, rue Haute")
    CandidatureFactory(
        campagne=candidature.campagne,
        college=candidature.college,
        suppleant_prenom=PRENOM,
        suppleant_nom=NOM,
        suppleant_courriel=ADRESSE,
    )
    TirageFactory(tire=True).volontaires.update(courriel=ADRESSE, nom=NOM, foyer="2, rue Haute")
    InscriptionARencontreFactory(courriel=ADRESSE, nom=f"{PRENOM} {NOM}")
    rencontre = RencontreFactory()
    Animateur.objects.create(rencontre=rencontre, nom=NOM, courriel=ADRESSE)
    Evaluateur.objects.create(cadre=CadreFactory(), moment="avant", nom=NOM, courriel=ADRESSE, remarque=NOM)
    CahierFactory(courriel=ADRESSE, depose=True)
    CommandeFactory(courriel=ADRESSE)
    table = TableRencontre.objects.create(rencontre=rencontre, numero=1)
    AuteurDeNote.objects.create(note=Note.objects.create(table=table, texte="Un banc"), courriel=ADRESSE)
    InscriptionAuPanelFactory(panel__session=True, prenom=PRENOM, nom=NOM, courriel=ADRESSE)
    siege = MembreFactory(compte=compte, adresse_postale="2, rue Haute", college=CollegeFactory())
    convie = ConvieFactory(
        seance=SeanceFactory(mandature=siege.college.mandature),
        membre=siege,
        besoins=["boucle"],
        precisions=f"{NOM} entend mal",
    )
    Inscription.objects.create(seance=convie.seance, membre=convie.membre, retour=f"Merci, {NOM}")
    Invite.objects.create(seance=convie.seance, nom=f"{PRENOM} {NOM}", courriel=ADRESSE)
    MembreFactory(copie_a=ADRESSE)
    avis = AvisFactory(adresse_demandeur=ADRESSE)
    Transmission.objects.create(avis=avis, nature="elu", destinataire="Une élue", adresse=ADRESSE)

    remontee = RapporteurFactory(nom=f"{PRENOM} {NOM}", courriel=ADRESSE, telephone="0476").remontee
    Message.objects.create(
        remontee=remontee,
        sens="entrant",
        moyen="courriel",
        auteur="personne",
        de=f"{PRENOM} {NOM}",
        texte="Merci.",
    )

    idee_de(budget_en("idees"), courriel=ADRESSE)
    forum = forum_le()
    inscription_a(forum, nom=f"{PRENOM} {NOM}", courriel=ADRESSE, langue="breton", besoins=["interprete"])
    table_de(forum, animateur=f"{PRENOM} {NOM}", courriel=ADRESSE)
    PorteurFactory(representant=f"{PRENOM} {NOM}", courriel=ADRESSE)

    Collectif.objects.create(cle="z", nom="Z", courriel=ADRESSE)
    DemandeDroit.objects.create(courriel=ADRESSE, boite="z", droit="copie")
    ClientOpen311.objects.create(nom="Cartographe", courriel=ADRESSE, debut="abcd", empreinte="0" * 64)

    seule = Courriel.objects.create(
        expediteur="s@x.fr", destinataires=[ADRESSE], sujet="A", corps=f"Bonjour {NOM}"
    )
    PieceCourriel.objects.create(courriel=seule, nom="x.ics", type_mime="text/calendar", contenu=b"x")
    Courriel.objects.create(
        expediteur="s@x.fr",
        destinataires=["b@example.org", "Zenobie@Example.org"],
        sujet="B",
        corps=f"{PRENOM} {NOM} a écrit",
        dossier=sienne,
        erreur=f"{ADRESSE} : boîte pleine",
    )
    return compte


def test_an_address_is_nowhere_once_forgotten_but_where_the_law_keeps_it(zenobie):
    remplir_les_textes()
    pleines = tables_ou(ADRESSE)
    avec_adresse = {
        m._meta.label
        for m in modeles()
        if any(isinstance(f, models.EmailField) for f in m._meta.local_fields)
    }
    assert avec_adresse - BOITES_PARTAGEES - pleines == set(), "une table d’adresses n’est pas essayée ici"
    assert len(pleines) > 25

    fermer_compte(zenobie, par=zenobie)

    assert tables_ou(ADRESSE) - set(gardes()) == {"socle.Courriel"}
    assert not Invite.objects.exclude(courriel="").exists()
    assert Courriel.objects.get(destinataires=[ADRESSE]).acte == "socle/fermer_compte"
    assert tables_ou(NOM) <= set(gardes())
    assert tables_ou(AMIE) == set()
    Courriel.objects.update(cree_le=timezone.localtime() - timedelta(days=8), etat="envoye")
    purger_courriels()
    assert tables_ou(ADRESSE) <= set(gardes())


def semer(personne: Personne) -> dict[str, str]:
    """Write another string in each column of text of each row that speaks of the person. Return string → column."""
    semees: dict[str, str] = {}
    for modele, lignes in lignes_de(personne):
        premiere = list(lignes.values_list("pk", flat=True)[:1])
        for champ in modele._meta.local_concrete_fields:
            if type(champ) not in (models.CharField, models.TextField) or champ.choices or champ.unique:
                continue
            if champ.primary_key or "canonique" in champ.name:
                continue
            marque = f"zq{len(semees)}q"
            # A constraint or a trigger may refuse it: nobody can write there either.
            with contextlib.suppress(DatabaseError), transaction.atomic():
                if modele._base_manager.filter(pk__in=premiere).update(**{champ.name: marque}):
                    semees[marque] = f"{modele._meta.label}.{champ.name}"
    return semees


def test_what_a_person_wrote_anywhere_is_erased_or_its_stay_is_declared(zenobie, settings):
    personne = Personne(ADRESSE, zenobie)
    semees = semer(personne)
    assert len(semees) > 100

    fermer_compte(zenobie, par=zenobie)

    assert sans_raison(semees, settings.MEDIA_ROOT) == set(), (
        "À effacer dans `oubli.oublier`, ou à dire, avec sa raison, dans `oubli.RESTE`."
    )


def sans_raison(semees: dict[str, str], dossier: str) -> set[str]:
    """Return where strings sown stay, in the base or in the files, that nobody declared."""
    trouvees = set()
    with connection.cursor() as curseur:
        curseur.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in curseur.fetchall():
            curseur.execute(
                f"SELECT DISTINCT regexp_matches(t::text, %s, 'g') FROM \"{table}\" t", [r"zq\d+q"]
            )
            trouvees |= {marque for ((marque,),) in curseur.fetchall()}
    fichiers = [f for f in Path(dossier).rglob("*") if f.is_file()]
    trouvees |= {marque for marque in semees for f in fichiers if marque.encode() in f.read_bytes()}
    restent = {semees[marque] for marque in trouvees}
    return {ou for ou in restent if not raison_de(apps.get_model(*ou.split(".")[:2]), ou.split(".")[2])}


NUMERO, SANS_BOITE = "+33639981234", "Rosine Valmont"


def tables_au_numero() -> set[str]:
    """Return the labels of the models with this telephone in any column, however it is written."""
    with connection.cursor() as curseur:

        def le_dit(modele):
            curseur.execute(
                f'SELECT count(*) FROM "{modele._meta.db_table}" t WHERE t::text ~ %s',
                [motif_du_numero(NUMERO)],
            )
            return curseur.fetchone()[0]

        return {modele._meta.label for modele in modeles() if le_dit(modele)}


@pytest.fixture
def rosine():
    """Write somebody known by her telephone, each time written otherwise, in every table that keeps one."""
    prenom, nom = SANS_BOITE.split()
    remontee = RapporteurFactory(
        nom=SANS_BOITE, courriel="", telephone="06 39 98 12 34", adresse="3, rue Basse"
    ).remontee
    Message.objects.create(
        remontee=remontee, sens="entrant", moyen="vive_voix", auteur="personne", de=SANS_BOITE, texte="Merci."
    )
    AuteurIdee.objects.create(idee=idee_de(budget_en("idees")), nom=nom, telephone="+33 (0)6 39 98 12 34")
    inscription_a(forum_le(), nom="VALMONT Rosine", courriel="", telephone="0639981234")
    InscriptionARencontreFactory(nom="", courriel="", telephone="06.39.98.12.34")
    InscriptionAuPanelFactory(
        panel__session=True, prenom="ROSINE", nom=nom, courriel="", telephone="0033639981234"
    )
    CandidatureFactory(prenom=prenom, nom=nom, courriel="", telephone="06-39-98-12-34")
    TirageFactory(tire=True).volontaires.update(courriel="", nom=SANS_BOITE, telephone="06 39 98 12 34")
    PorteurFactory(representant=SANS_BOITE, courriel="", telephone="06 39 98 12 34")
    LotFactory().lignes.update(valeurs={"nom": SANS_BOITE, "telephone": "06 39 98 12 34"})
    Courriel.objects.create(
        expediteur="s@x.fr", destinataires=[NUMERO], moyen="sms", sujet="A", corps=f"Bonjour {SANS_BOITE}"
    )
    DemandeDroit.objects.create(
        telephone=NUMERO, nom=SANS_BOITE, adresse="3, rue Basse", droit="copie", etat="faite"
    )
    return Personne("", telephone=NUMERO, nom=SANS_BOITE)


def test_who_is_known_by_her_telephone_alone_is_nowhere_once_forgotten(rosine, settings):
    avec_telephone = {
        m._meta.label for m in modeles() if any(f.name == "telephone" for f in m._meta.local_fields)
    }
    assert avec_telephone - BOITES_PARTAGEES - tables_au_numero() == {"socle.Compte"}, (
        "une table de téléphones n’est pas essayée ici"
    )
    autrement = {
        str(f)
        for m in modeles()
        for f in m._meta.local_concrete_fields
        if "téléphone" in str(f.verbose_name) and isinstance(f, models.CharField) and f.name != "telephone"
    }
    assert autrement == set(), "`Personne.dans` cherche un téléphone dans la colonne `telephone`"
    semees = semer(rosine)
    assert len(semees) > 50
    remplir_les_textes("06.39.98.12.34")

    oublier(rosine)

    assert tables_au_numero() <= set(gardes())
    assert tables_ou(SANS_BOITE) <= set(gardes())
    assert sans_raison(semees, settings.MEDIA_ROOT) == set()
    assert Idee.objects.exclude(texte="").exists()


@pytest.mark.parametrize("ecrit", ["٠٦ ٣٩ ٩٨ ١٢ ٣٤", "۰۶۳۹۹۸۱۲۳۴", "06 39 ٩٨ 12 ۳4"])
def test_a_number_typed_in_arabic_digits_is_erased_from_a_text(ecrit):
    RapporteurFactory(nom=SANS_BOITE, courriel="", telephone=NUMERO)
    dite = RapporteurFactory(nom="", courriel="", remontee__verbatim=f"Son numéro : {ecrit}.").remontee

    oublier(Personne("", telephone=NUMERO, nom=SANS_BOITE))

    dite.refresh_from_db()
    assert dite.verbatim == "Son numéro : …."


def test_a_telephone_of_a_household_leads_to_nobody_with_another_name_and_a_code_to_one_row():
    mari = RapporteurFactory(nom="Paul Valmont", courriel="", telephone="04 76 39 00 01")
    for nom, telephone in (
        ("Mme Rosine", "٠٤٧٦٣٩٠٠٠١"),
        ("VALMONT\u200f, Rosine", "+33 4\u202f76\u201139 00 01"),
    ):
        RapporteurFactory(nom=nom, courriel="", telephone=telephone)
    a_qui = RapporteurFactory(nom="Mme Valmont", courriel="", telephone="04 76 39 00 01")
    sienne = RapporteurFactory(nom="Rosine Valmont", courriel="", telephone="04.76.39.00.01")
    autre = RapporteurFactory(nom="محمد", courriel="", telephone="04 76 39 00 01")
    sms = Courriel.objects.create(
        expediteur="s@x.fr", destinataires=["+33476390001"], moyen="sms", sujet="A", corps="B"
    )
    rosine = Personne("", telephone="+33476390001", nom="ROSINE VALMONT")

    oublier(rosine)

    assert rosine.autres == {"remontees.Rapporteur": 3}, "Paul is a Valmont too: the name alone is not hers"
    sienne.refresh_from_db()
    assert (sienne.nom, sienne.telephone) == ("", "")
    assert Courriel.objects.filter(pk=sms.pk).exists(), "it may be for another"

    oublier(Personne("", ligne=autre))
    assert set(Rapporteur.objects.exclude(telephone="")) == {mari, a_qui}
    for personne in ({}, {"telephone": "+33476390001", "nom": "Mme"}):
        with pytest.raises(ValueError, match=r"A (person|telephone) without"):
            Personne(" ", **personne)


def test_the_signatures_and_the_count_of_those_who_filed_stay_named_while_a_collecte_runs(zenobie):
    Signature.objects.filter(petition__etat="en_collecte").update(
        etat="confirmee", confirmee_le=timezone.now(), rang=1
    )

    fermer_compte(zenobie, par=zenobie)

    assert tables_ou(ADRESSE) == {"petitions.Signature", "socle.Courriel"}
    de_la_collecte = Signature.objects.get(courriel=ADRESSE)
    assert de_la_collecte.petition.etat == "en_collecte"
    autres = Signature.objects.exclude(pk=de_la_collecte.pk)
    assert set(autres.values_list("nom", "courriel")) == {("", None)}
    assert autres.valables().count() == 1
    assert CoPetitionnaire.objects.confirmes().filter(petition__deposee_le__isnull=False).count() == 1
    assert not CoPetitionnaire.objects.confirmes().filter(petition__deposee_le__isnull=True).exists()


def test_who_has_no_account_is_forgotten_and_not_another_address_that_ends_alike(client):
    AbonnementFactory(courriel=ADRESSE)
    autre = AbonnementFactory(courriel=f"la-{ADRESSE}")
    Courriel.objects.create(expediteur="s@x.fr", destinataires=[ADRESSE], sujet="A", corps="Bonjour")

    oublier(Personne(ADRESSE.upper()))

    autre.refresh_from_db()
    assert autre.courriel == f"la-{ADRESSE}"
    autre.delete()
    assert tables_ou(ADRESSE) == set()
    page = client.get(reverse("socle:donnees_personnelles")).content.decode()
    assert "le journal des dossiers" in page
    assert "jusqu’à la fin du délai de conservation" in page


def test_every_table_that_nobody_may_change_says_why():
    par_table = {m._meta.db_table: m._meta.label for m in modeles()}
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            # raises on UPDATE, for any row
            " WHERE tgname LIKE 'pgtrigger%%' AND tgqual IS NULL AND tgtype & 16 = 16"
        )
        proteges = {par_table[table] for (table,) in curseur.fetchall()}
    assert "socle.Entree" in proteges
    assert proteges <= set(gardes())


def lignes_nommant(nom: str) -> list[models.Model]:
    """Return the lines of all journals whose words hold this name."""
    journaux = [m for m in modeles() if issubclass(m, LigneDeJournal)]
    dit = Q(fait__contains=nom) | Q(motif__contains=nom) | Q(details__icontains=nom)
    return [ligne for journal in journaux for ligne in journal._default_manager.filter(dit)]


def test_a_line_of_the_journal_names_an_account_only_as_long_as_it_is_open(zenobie, client):
    agent, suivante = CompteFactory(agent=True), CompteFactory(agent=True, prenom="Ève", nom="Marchand")
    Appartenance.objects.create(compte=zenobie, role="agent")
    petition = PetitionFactory(deposee=True)
    prendre_en_charge(petition, par=agent, agent=Compte.objects.get(pk=zenobie.pk))
    prendre_en_charge(petition, par=suivante)
    client.force_login(agent)
    page = petition.get_absolute_url()
    assertContains(client.get(page), f"Suivi par Ève Marchand, après {PRENOM} {NOM}")

    fermer_compte(zenobie, par=zenobie)

    reponse = client.get(page)
    assertContains(reponse, "Suivi par Ève Marchand, après compte fermé")
    assertNotContains(reponse, NOM)
    assert lignes_nommant(f"{PRENOM} {NOM}") == []


def test_no_act_of_the_demonstration_writes_the_name_of_an_account_in_a_journal(demonstration):
    noms = {c.get_full_name() for c in Compte.objects.exclude(prenom="").exclude(nom="")}

    assert len(noms) > 20
    assert {ligne.fait for nom in noms for ligne in lignes_nommant(nom)} == set()
