"""Demonstration of the work of the service: comité, paper sheets, signatures set aside, failed letters."""

from django.db.models import F

from participation.seances.models import College, Instance, Mandature, Membre, Seance
from participation.socle.management.scene import DOMAINE
from participation.socle.models import Courriel
from petitions.collecte import papier
from petitions.demo.troupe import Troupe
from petitions.models import Petition
from petitions.recevabilite import comite
from petitions.signatures import decompte
from petitions.signatures import envois as signatures_envois
from petitions.signatures.actes import demander_signature
from petitions.workflow import INSTANCE


def reunir_le_comite(t: Troupe) -> None:
    """Create the comité: two élus and a technician, invented, since the real composition is not known."""
    depuis = t.jour(-900)
    mandature = Mandature.objects.create(
        instance=Instance.objects.get(cle=INSTANCE), intitule="Depuis 2024", debut=depuis, installee_le=depuis
    )
    for ordre, (nom, cles) in enumerate((("Élus", ("elue", "elu")), ("Techniciens", ("agent2",))), start=1):
        college = College.objects.create(
            mandature=mandature,
            nom=nom,
            ordre=ordre,
            sieges=len(cles),
            vote_depuis=depuis,
            a_des_suppleants=False,
            est_elu=nom == "Élus",
        )
        for cle in cles:
            Membre.objects.create(college=college, compte=t.compte(cle), du=depuis)


def convoquer_le_comite(t: Troupe) -> None:
    """Plan a comité in six days, with the waiting pétitions on its agenda, and convene its members."""
    seance = t.programmer(
        Instance.objects.get(cle=INSTANCE),
        6,
        "Comité de recevabilité",
        avant=14,
        heure=14,
        tenue=Seance.Tenue.HYBRIDE,
        lieu="Salle Bonne, Grenoble",
        lien_visio="https://visio.example.org/comite",
        acces="",
    )
    with t.le(-1):
        comite.inscrire_au_comite(seance, comite.a_inscrire(), par=t.agent)
    t.convoquer(seance, -1)


def remplir_des_feuilles(t: Troupe) -> None:
    """Create sheets in each état: validated, to check, in entry, rejected, and two only printed."""
    petition = Petition.objects.get(titre=t.textes["fontaines"].titre)
    with t.le(-14):
        papier.imprimer_feuilles(petition, par=t.agent, nombre=6)
    feuilles = list(petition.feuilles.order_by("numero"))
    with t.le(-2):
        for feuille, lignes in zip(feuilles, (9, 7, 4, 3), strict=False):
            for _ in range(lignes):
                _, prenom, nom = t.personne("papier")
                papier.saisir_ligne(
                    feuille,
                    par=t.agent,
                    prenom=prenom,
                    nom=nom,
                    commune=t.communes["Meylan"],
                    qualite="resident",
                    malgre_doublon=True,
                )
        for feuille in (feuilles[0], feuilles[1], feuilles[3]):
            papier.clore_saisie(feuille, par=t.agent)
    with t.le(-1):
        papier.valider_feuille(feuilles[0], par=t.agent2, conformes=set(feuilles[0].lignes_a_controler))
        papier.rejeter_feuille(feuilles[3], par=t.agent2, motif="Trois lignes sont de la même main.")
    decompte.compter()


def ecarter_des_signatures(t: Troupe) -> None:
    """Requests from a disposable domain and from a single machine, set aside by the real checks."""
    petition = Petition.objects.get(titre=t.textes["fontaines"].titre)
    for i in range(14):
        hote, ip = ("yopmail.com", f"198.51.100.{i}") if i < 5 else (DOMAINE, "203.0.113.7")
        demander_signature(
            petition.pk,
            prenom=t.hasard.choice(("Alex", "Sasha", "Lou")),
            nom=t.hasard.choice(("Martin", "Bernard", "Petit")),
            courriel=f"essai{i}@{hote}",
            commune=t.communes["Grenoble"].pk,
            qualite="resident",
            accord_nouvelles=False,
            ip=ip,
        )
    signatures_envois.ecrire_aux_signataires()


def manquer_deux_lettres() -> None:
    """Mark two letters as failed: one address does not exist, one mailbox is full."""
    parties = Courriel.objects.filter(dossier__nature="petition", dossier__ouvert_le__isnull=False)
    for acte, etat, erreur, tentatives in (
        (
            "petitions/deposer_copetitionnaires",
            Courriel.Etat.REJETE,
            "550 5.1.1 Cette adresse n’existe pas.",
            1,
        ),
        ("socle/demander", Courriel.Etat.ECHEC, "452 4.2.2 La boîte du destinataire est pleine.", 30),
    ):
        derniere = parties.filter(acte=acte).order_by("-cree_le", "-pk").values("pk")[:1]
        Courriel.objects.filter(pk__in=derniere).update(
            etat=etat, erreur=erreur, tentatives=tentatives, envoye_le=None, prochain_essai_le=F("cree_le")
        )
