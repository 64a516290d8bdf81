"""Years of propositions, rencontres, contacts, answers of profile and requests, copied in SQL like the rest."""

from typing import Any

from django.db import connection
from django.utils import timezone

from bench.croissance import Volumes
from bench.donnees.remontees import phrase
from bench.listes import copier, copier_dossier
from participation.droits.models import Bordereau, DemandeDroit
from participation.engagements.models import Deliberation, Proposition
from participation.inclusion.models import CommandeDeBesoin
from participation.inclusion.workflow import VALEURS, Critere
from participation.panels.models import AdresseInvitee, Panel
from participation.rencontres.models import Rencontre
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Compte, Moderation, RaisonModeration
from participation.suites.models import Abonnement
from participation.tirage.models import Volontaire
from petitions.models import Petition

SAUT, JOUR = "interval '7 hours'", "interval '1 day'"
LIGNES = 10  # of a slip


def remplir(volumes: Volumes) -> None:
    deliberations(volumes.deliberations)
    propositions(volumes.propositions, volumes.deliberations)
    rencontres(volumes.rencontres, volumes.inscriptions)
    profils(volumes.profils)
    contacts(volumes.contacts)
    droits(volumes.demandes, volumes.bordereaux)
    moderations(volumes.moderations)
    abonnements(volumes.abonnements)
    commandes(volumes.commandes)


def deliberations(nombre: int) -> None:
    copier(
        "engagements_deliberation",
        Deliberation.objects.earliest("pk").pk,
        nombre,
        numero="'2001-' || i",
        objet=phrase("i * 17"),
        date="t.date - (i / 5)::int",
    )


def propositions(nombre: int, deliberations: int) -> None:
    """As many of each answer and degree as in the demonstration; each has its suite, and one in three its verdict."""
    modeles: Any = Proposition.objects.filter(suite__isnull=False, est_publie=True).order_by("pk")
    chacune = nombre // len(modeles)
    for modele in list(modeles):
        copies = copier_dossier(
            modele,
            chacune,
            f"PRX{modele.pk}",
            suite_id="NULL",
            numero="t.numero || '-' || i",
            texte=phrase(f"i * 13 + {modele.pk}"),
            deliberation=f"CASE WHEN t.deliberation = '' THEN '' ELSE '2001-' || (1 + i % {deliberations}) END",
        )
        ici = f"{copies[0] - 1} + i"
        suites = copier("suites_suite", modele.suite_id, chacune, dossier_id=ici)
        for verdict in modele.suite.verdicts.filter(est_courant=True):
            demandes = copier("suites_sollicitation", verdict.sollicitation_id, chacune)
            copier(
                "suites_verdict",
                verdict.pk,
                chacune,
                suite_id=f"{suites[0] - 1} + i",
                sollicitation_id=f"{demandes[0] - 1} + i",
            )
        for entree in modele.journal.all()[:3]:
            copier("socle_entree", entree.pk, chacune, dossier_id=ici)
        with connection.cursor() as curseur:
            curseur.execute(
                f"UPDATE engagements_proposition SET suite_id = dossier_ptr_id + {suites[0] - copies[0]}"
                f" WHERE dossier_ptr_id BETWEEN {copies[0]} AND {copies[-1]}"
            )
            curseur.execute(
                "UPDATE socle_dossier d SET resume = p.texte FROM engagements_proposition p"
                f" WHERE d.id = p.dossier_ptr_id AND d.id BETWEEN {copies[0]} AND {copies[-1]}"
            )


def rencontres(nombre: int, inscriptions: int) -> None:
    """Half are to come, a day apart; the registrations are shared between all."""
    for sens, signe in (("open", "+"), ("tenue", "-")):
        modele: Any = (
            Rencontre.objects.order_by("-debut" if sens == "open" else "debut")
            .filter(inscriptions__isnull=False)
            .distinct()
            .first()
        )
        copies = copier_dossier(modele, nombre // 2, "RENX" if sens == "open" else "RENY")
        with connection.cursor() as curseur:
            rang = f"(dossier_ptr_id - {copies[0]})"
            curseur.execute(
                f"UPDATE rencontres_rencontre SET debut = debut {signe} {rang} * {JOUR}, fin = fin {signe} {rang} * {JOUR},"
                f" date_limite = date_limite {signe} {rang}::int WHERE dossier_ptr_id BETWEEN {copies[0]} AND {copies[-1]}"
            )
        siennes = list(modele.inscriptions.order_by("pk"))
        for inscription in siennes:
            copier(
                "rencontres_inscription",
                inscription.pk,
                inscriptions // 2 // len(siennes),
                rencontre_id=f"{copies[0]} + i % {len(copies)}",
                courriel=f"'inscrit' || i || '.{inscription.pk}@example.org'",
                cle="gen_random_uuid()",
            )


def profils(combien: int) -> None:
    """Six answers each, shared between the ten petitions that most people sign and the rencontres to come."""
    petitions: Any = Petition.objects.filter(reference__startswith="PET-2001-").order_by("pk")[:10]
    reunions: Any = Rencontre.objects.filter(reference__startswith="RENX").order_by("pk")[:10]
    demarches = [(d.nature, d.pk) for d in (*petitions, *reunions)]
    natures = ", ".join(f"'{nature}'" for nature, _ in demarches)
    numeros = ", ".join(str(numero) for _, numero in demarches)
    rang = f"1 + i % {len(demarches)}"
    with connection.cursor() as curseur:
        for graine, critere in enumerate(c for c in Critere):
            valeurs = (
                "(SELECT array_agg(code_insee ORDER BY code_insee) FROM socle_commune)"
                if critere == Critere.COMMUNE
                else f"ARRAY[{', '.join(repr(v) for v in VALEURS[critere].values)}]"
                if critere in VALEURS
                else "ARRAY['oui']"
            )
            curseur.execute(
                "INSERT INTO inclusion_reponsedeprofil (cle, nature, numero, critere, valeur)"
                f" SELECT md5('{critere}' || i) || md5(i::text), (ARRAY[{natures}])[{rang}], (ARRAY[{numeros}])[{rang}], '{critere}',"
                f" v.v[1 + (hashint8(i + {graine}) & 1023) % cardinality(v.v)]::varchar"
                f" FROM generate_series(1, {combien}) AS i, (SELECT {valeurs}::text[] AS v) AS v"
            )


def contacts(combien: int) -> None:
    """The addresses that a panel invited, and as many volunteers of a draw."""
    panel = Panel.objects.filter(adresses__isnull=False).order_by("pk").first()
    assert panel is not None
    adresse = AdresseInvitee.objects.filter(panel=panel.pk).earliest("pk")
    copier(
        "panels_adresseinvitee",
        adresse.pk,
        combien,
        simple="i % 200 || ' rue ' || substr(md5((i / 200)::text), 1, 9) || ' ' || (38000 + i % 400)",
    )
    volontaire = Volontaire.objects.filter(place="aucune").order_by("tirage__fige_le", "pk")[0]
    copier(
        "tirage_volontaire",
        volontaire.pk,
        combien,
        nom="'Volontaire ' || i",
        courriel="'volontaire' || i || '@example.org'",
        numero="'W' || i",
        origine="''",
    )


def droits(demandes: int, bordereaux: int) -> None:
    """No demonstration has them: one of each is written, done, then copied."""
    demande = DemandeDroit.objects.create(droit="effacement", etat="faite")
    copier(
        "droits_demandedroit",
        demande.pk,
        demandes,
        demande_le=f"t.demande_le - i * {SAUT}",
        droit="CASE WHEN i % 3 = 0 THEN 'copie' ELSE 'effacement' END",
    )
    bordereau = Bordereau.objects.create(etat="elimine")
    for rang in range(LIGNES):
        bordereau.lignes.create(
            nature="signatures", objet=rang, service="Participation", genre="Signatures", intitule=f"Lot {rang}",
            dua="cinq ans", nombre=100, avis="visa",
        )  # fmt: skip
    copies = copier("droits_bordereau", bordereau.pk, bordereaux, cree_le=f"t.cree_le - i * {JOUR}")
    for ligne in bordereau.lignes.all():
        copier("droits_lignebordereau", ligne.pk, bordereaux, bordereau_id=f"{copies[0] - 1} + i")


def moderations(combien: int) -> None:
    """One in ten is contested; all but one in a hundred of these were answered. Published dossiers are moderated in turn."""
    agent, autre = Compte.objects.filter(appartenances__role="agent").order_by("pk").distinct()[:2]
    dossier: Any = Petition.objects.filter(est_publie=True).earliest("pk")
    raison = RaisonModeration.objects.earliest("pk")
    une = Moderation.objects.create(
        dossier=dossier.dossier_ptr, acte="masquer", objet=f"petitions.petition.{dossier.pk}", quoi="Un texte du public",
        raison=raison, motif="Il nomme une personne, qui n’a rien demandé.", par=agent,
    )  # fmt: skip
    copier(
        "socle_moderation",
        une.pk,
        combien,
        dossier_id=f"(SELECT array_agg(id ORDER BY id) FROM socle_dossier WHERE nature = 'petition')[1 + i % {Petition.objects.count()}]",
        quoi="'Un texte du public, n° ' || i",
        decidee_le=f"t.decidee_le - i * {SAUT}",
        contestee_le=f"CASE WHEN i % 10 = 0 THEN t.decidee_le - i * {SAUT} + {JOUR} END",
        contestation="CASE WHEN i % 10 = 0 THEN 'Je ne nomme personne.' ELSE '' END",
        jugee_le=f"CASE WHEN i % 10 = 0 AND i % 1000 > 0 THEN t.decidee_le - i * {SAUT} + 2 * {JOUR} END",
        jugee_par_id=f"CASE WHEN i % 10 = 0 AND i % 1000 > 0 THEN {autre.pk} END",
        issue="CASE WHEN i % 10 > 0 OR i % 1000 = 0 THEN '' WHEN i % 20 = 0 THEN 'levee' ELSE 'maintenue' END",
    )


def abonnements(combien: int) -> None:
    """A hundred of them are those of the agent of the demonstration, the others of as many addresses."""
    dossiers: Any = Petition.objects.filter(est_publie=True).order_by("pk")
    suivi = Abonnement.objects.create(
        dossier=dossiers[0].dossier_ptr, courriel="suit0@example.org", confirme_le=timezone.now()
    )
    numeros = ", ".join(str(pk) for pk in dossiers.values_list("pk", flat=True))
    copier(
        "suites_abonnement",
        suivi.pk,
        combien,
        cle="gen_random_uuid()",
        dossier_id=f"(ARRAY[{numeros}])[1 + i % {len(dossiers)}]",
        courriel=f"CASE WHEN i <= 100 THEN 'agent@{DOMAINE}' ELSE 'suit' || i || '@example.org' END",
    )


def commandes(combien: int) -> None:
    """Years of orders for the meetings that were held: those to come have the few of their needs."""
    maintenant = timezone.now()
    une = CommandeDeBesoin.objects.create(
        titre="Un interprète", auteur=Compte.objects.get(courriel=f"agent@{DOMAINE}"), ouvert_le=maintenant,
        reference="CDE-2000-1", reunion="Rencontre", page="/rencontres/1/", quand=maintenant, besoin="Un interprète",
        combien=1, prestataire="Interprètes de l’Isère",
    )  # fmt: skip
    copier_dossier(une, combien, "CDE", besoin="'Un interprète, n° ' || i", quand=f"t.quand - i * {SAUT}")
