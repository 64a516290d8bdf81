"""What the CCSPL shows on shared pages: home page, menus, members' space, « Ma journée », personal data."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from ccspl import journee
from ccspl import public as donnees_ouvertes
from ccspl.models import INSTANCE, AbonnementResume, Avis, Controle, ReunionDuConseil, ServiceSuivi, siege
from ccspl.resume import arreter_le_resume
from ccspl.tableau.avis import avec_suites, reponse_de
from ccspl.workflow import RENDUS, Etat
from participation.socle import langues
from participation.socle.calendrier import jours_entre
from participation.socle.collectivite import ici
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.francais import INSECABLE, accorder, jour_texte, nombre, pluriel
from participation.socle.journee import SectionJournee
from participation.socle.lectures.chiffres import des_douze_mois
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte, Dossier, Echeance
from participation.socle.models.champs import parmi
from participation.socle.models.echeances import EcheanceQuerySet
from participation.socle.vitrine import (
    Chiffre,
    ChiffresCles,
    Echange,
    EntreeBureau,
    EntreePublique,
    Etape,
    PageDuPlan,
    Porte,
    Rattachable,
    Reglage,
    Resultat,
    Rubrique,
    SectionAccueil,
    Suivie,
)
from participation.socle.workflow import Role

REPONSES_MONTREES, TEXTES_MONTRES = 3, 10


# The home ------------------------------------------------------------------------------------------------------------


def section_accueil() -> SectionAccueil:
    """Last answered avis, and figures of the last twelve months."""
    publies: Any = Avis.objects.filter(est_publie=True, etat__in=sorted(RENDUS))
    repondus = (
        avec_suites(publies.filter(repondu_le__isnull=False))
        .select_related("service")
        .prefetch_related("preconisations__suite__direction")
        .order_by("-repondu_le", "-pk")[:REPONSES_MONTREES]
    )
    url = reverse("ccspl:avis_liste")
    return SectionAccueil(
        app="ccspl",
        porte=Porte(
            gettext("Lire les avis de la CCSPL"),
            url,
            ici(
                gettext("Eau, déchets, énergie : ce que dit la commission, et ce que la {metropole} en fait.")
            ),
            "voix",
        ),
        reponses=[_echange(avis) for avis in repondus],
        resultats=_resultats(publies),
        url_ouverts="",
        url_reponses=url,
    )


def _echange(avis: Any) -> Echange:
    reponse = reponse_de(avis)
    suites = [ligne.suite for ligne in avis.preconisations.all() if ligne.suite is not None]
    texte = next((s.texte_public or s.motif for s in suites if s.texte_public or s.motif), "")
    jours = jours_entre(avis.transmis_le or avis.adopte_le, avis.repondu_le)
    return Echange(
        genre="Avis de la CCSPL",
        dit=avis.titre,
        qui=f"{avis.service}, {avis.get_sens_display()}",
        etat=reponse.texte,
        couleur=reponse.couleur,
        reponse=f"{texte[:220].rstrip()}…" if len(texte) > 220 else texte,
        precision=f"{accorder(avis.n_suivies, 'préconisation suivie')} sur {avis.n_lignes}."
        + (f" Répondu en {jours}{INSECABLE}jours." if jours > 1 else ""),
        url=avis.get_public_url(),
        le=avis.repondu_le,
    )


def _resultats(publies: Any) -> list[Resultat]:
    combien = publies.filter(des_douze_mois("adopte_le")).count()
    if not combien:
        return []
    return [
        Resultat(
            langues.nombre(combien),
            ngettext(
                "avis rendu par la CCSPL en douze mois", "avis rendus par la CCSPL en douze mois", combien
            ),
        )
    ]


def chiffres_cles() -> ChiffresCles:
    publies = Avis.objects.filter(est_publie=True, adopte_le__isnull=False)
    comptes = publies.aggregate(n=Count("pk"), repondus=Count("pk", filter=Q(repondu_le__isnull=False)))
    liste = reverse("ccspl:avis_liste")
    rendus, repondus = comptes["n"], comptes["repondus"]
    attendus = rendus - repondus
    return ChiffresCles(
        "ccspl",
        "Commission consultative des services publics locaux",
        [
            Chiffre(nombre(rendus), f"avis publié{pluriel(rendus)}", liste),
            Chiffre(nombre(repondus), ici("avec une réponse de la {metropole}"), f"{liste}?reponse=oui"),
            Chiffre(
                nombre(attendus), f"attend{pluriel(attendus, 'ent')} une réponse", f"{liste}?reponse=non"
            ),
        ],
        "Un avis a une réponse quand chacune de ses préconisations en a reçu une.",
    )


# Menus ---------------------------------------------------------------------------------------------------------------


def jours_pris(jour: date) -> list[str]:
    """Return the meetings of the council on that day, in sentences: élus would miss a séance."""
    return [
        f"{reunion.intitule}, {reunion.get_nature_display()} : les élus y sont attendus."
        for reunion in ReunionDuConseil.objects.filter(date=jour).order_by("nature", "pk")
    ]


def menu_public() -> list[EntreePublique]:
    """Entry of the public menu, without any query: it is on every public page."""
    return [
        EntreePublique(
            Rubrique.SUIVRE, gettext("CCSPL"), reverse("ccspl:avis_liste"), sous=reverse("ccspl:commission")
        )
    ]


def plan_du_site() -> list[PageDuPlan]:
    avis = Avis.objects.filter(est_publie=True).order_by("-pk").values_list("reference", flat=True)
    return [
        *(PageDuPlan(reverse(f"ccspl:{nom}")) for nom in ("commission", "avis_liste", "bibliotheque")),
        *(PageDuPlan(reverse("ccspl:avis", args=[reference])) for reference in avis),
    ]


def _avis_a(echeances: Any) -> Any:
    """Return the avis that have one of the échéances: counting them stops at the bound, sorting none."""
    return Dossier.objects.filter(Exists(echeances.filter(dossier=OuterRef("pk"))), nature="avis")


def _avis_en_retard(echeances: EcheanceQuerySet) -> Any:
    """Return the avis that have one of the échéances late: these are read by their day, not avis by avis.

    With two « not », the nature stays a list of keys, asked before whose the échéance is.
    """
    d_un_avis = ~Q(dossier__in=Dossier.objects.filter(nature="avis"))
    return Dossier.objects.filter(
        parmi(echeances.en_retard().exclude(d_un_avis).order_by().values("dossier"))
    )


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    entrees = []
    if compte.roles & {Role.AGENT, Role.AGENT_DIRECTION}:
        siennes = partial(_echeances_de, compte)
        entrees.append(
            EntreeBureau(
                "CCSPL",
                reverse("ccspl:tableau"),
                app="ccspl",
                nombre=lambda: _avis_a(siennes()),
                retards=lambda: _avis_en_retard(siennes()),
            )
        )
    if compte.est_agent:
        entrees += [
            EntreeBureau("Calendrier légal", reverse("ccspl:calendrier"), icone="calendrier"),
            EntreeBureau("Vie de la commission", reverse("ccspl:vie_de_la_commission"), icone="salle"),
            EntreeBureau(
                "Bibliothèque de la CCSPL", reverse("ccspl:documents_bibliotheque"), icone="lecture"
            ),
        ]
    if compte.roles & {Role.AGENT, Role.ELU}:
        entrees.append(
            EntreeBureau(
                "Contrôle de gestion externe",
                reverse("ccspl:controle"),
                icone="suites",
                retards=Controle.objects.en_retard,
            )
        )
        entrees.append(EntreeBureau("Élus : avis CCSPL", reverse("ccspl:tableau_de_bord"), icone="graphique"))
    return entrees


def _echeances_de(compte: Compte) -> EcheanceQuerySet:
    return Echeance.objects.de(compte).actives()


# The member's space --------------------------------------------------------------------------------------------------


def portes_des_membres(compte: Compte, cle: str) -> list[Porte]:
    """Links for a member on the page of the commission: texts being written or voted, then the library."""
    if cle != INSTANCE or not siege(compte):
        return []
    ecrits: Any = Avis.objects.filter(etat__in=[Etat.EN_REDACTION, Etat.SOUMIS]).select_related("service")
    portes = [
        Porte(
            avis.titre,
            reverse("ccspl:redaction", args=[avis.pk]),
            f"Avis en cours d’écriture ({avis.service}) : proposez une rédaction."
            if avis.etat == Etat.EN_REDACTION
            else f"Avis soumis au vote ({avis.service}) : lisez le texte.",
            "document",
            attend=True,
        )
        for avis in ecrits.order_by("etat", "-ouvert_le", "-pk")[:TEXTES_MONTRES]
    ]
    return [
        *portes,
        Porte(
            "Bibliothèque de la commission",
            reverse("ccspl:bibliotheque_des_membres"),
            "Rapports, comptes rendus et documents réservés aux membres.",
            "lecture",
        ),
    ]


# Personal data -------------------------------------------------------------------------------------------------------


def section_journee(compte: Compte) -> SectionJournee | None:
    """For agents: legal alerts, avis to transmit, propositions to decide, members to call, annual report."""
    return SectionJournee("ccspl", "CCSPL", journee.attendues()) if compte.est_agent else None


def suivies(courriel: str) -> list[Suivie]:
    siens = AbonnementResume.objects.filter(compte__courriel=courriel, arrete_le=None)
    return [
        Suivie(
            f"resume-{abonnement.pk}",
            "Une lettre par mois",
            "Ce qui est nouveau à la CCSPL",
            f"Depuis le {jour_texte(abonnement.demande_le)}",
            partial(arreter_le_resume, abonnement),
            reverse("ccspl:tableau_de_bord"),
        )
        for abonnement in siens.order_by("pk")
    ]


def traitements() -> list[Traitement]:
    """Personal data of the members, and of the subscribers to the letter of the month."""
    return [
        Traitement(
            cle="ccspl-participer",
            titre="Participer à la CCSPL",
            personnes="Les membres de la commission, qui la saisit ou reçoit ses avis.",
            donnees="Présences et absences aux séances, inscriptions aux visites, rédactions proposées, position minoritaire si vous en donnez une, appels du service.",
            finalite="Écrire les avis à plusieurs et dire qui les a écrits, prendre des nouvelles des membres absents, rendre compte de l’activité chaque année.",
            base_legale=ici(
                "Obligation légale ({loi_ccspl}) et mission d’intérêt public (article 6.1.e du RGPD)."
            ),
            destinataires="Les agents du service. Les avis adoptés, leurs co-auteurs et le rapport annuel sont publics. Le genre et l’âge ne sortent qu’en nombres, les plus petits cachés.",
            tables=("ccspl.Avis", "ccspl.Transmission"),
            duree="Les avis et les rapports sont des archives publiques. Le suivi des présences est gardé avec la mandature.",
        ),
        Traitement(
            cle="ccspl-resume",
            titre="Recevoir le résumé du mois",
            personnes="Les élues et élus qui l’ont demandé.",
            donnees="Adresse électronique du compte.",
            finalite="Envoyer aux élues et élus qui le demandent ce qui est nouveau à la CCSPL.",
            base_legale="Votre accord, que vous reprenez en un clic depuis chaque lettre.",
            destinataires="Les agents du service.",
            tables=("ccspl.AbonnementResume",),
            duree="Jusqu’à l’arrêt de l’abonnement.",
        ),
    ]


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [donnees_ouvertes.JEU]


def mise_en_place() -> list[Reglage]:
    services = ServiceSuivi.objects.filter(est_actif=True)
    conseils = ReunionDuConseil.objects.filter(date__gte=timezone.localdate())
    return [
        Reglage(
            Etape.REGLES,
            "Nommer les services publics que suit la CCSPL",
            "" if services.exists() else "Aucun service n’est suivi.",
            "Un avis ne dit pas de quel service il parle, et aucun rapport annuel n’est attendu.",
            reverse("admin:ccspl_servicesuivi_changelist"),
            aux_tables=True,
        ),
        Reglage(
            Etape.OUVRIR,
            "Écrire les dates du conseil",
            "" if conseils.exists() else "Aucune réunion à venir n’est écrite.",
            "Rien ne dit pour quand un avis doit être rendu, ni quand une pétition est débattue.",
            reverse("ccspl:reunions"),
            a_un_agent=True,
            peut_attendre=True,
        ),
    ]


def rattachables() -> Rattachable:
    return Rattachable(
        Avis, lambda: Avis.objects.filter(clos_le=None).order_by("-ouvert_le", "-pk"), "tous les avis"
    )
