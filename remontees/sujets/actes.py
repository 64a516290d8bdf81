"""Acts on a sujet: group remontées, answer them together, separate them."""

from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances.points.decisions import exiger_le_vote
from participation.socle.actions import annuler_echeance, avancer, exiger, ouvrir, verrouiller
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import demander_texte
from participation.socle.francais import accorder
from participation.socle.models import Commune, Compte, Direction, Quartier
from participation.socle.regles.traces import dire_les_traces
from participation.socle.regles.versions import TexteDepasse, empreinte
from participation.socle.views.pages import Page, acte
from participation.suites.abonnements import prevenir_abonnes
from remontees.models import Attribution, Categorie, Organisme, Remontee, Sujet
from remontees.parts import actes as parts
from remontees.parts import reponse
from remontees.parts.actes import REPONSE, TRI, RouvrirForm, confier, devoir, exiger_jour, presser
from remontees.parts.reponse import repondre_du_sujet
from remontees.personne import titres_de
from remontees.workflow import SUJETS_EN_COURS, Etat, EtatSujet, Issue

# Fields shown to the agent who reads the answer.
RELUS = ("issue", "reponse", "date_prevue")


REPONDUS = frozenset({EtatSujet.REPONDU, EtatSujet.CLOS})


DetacherForm = demander_texte("Pourquoi la détacher")


def dire_ce_qui_devient_public(sujet: Sujet) -> str:
    dit = dire_les_traces(f"{sujet.titre}\n{sujet.texte_public}\n{sujet.reponse}")
    return f"Le titre, le texte et la réponse deviennent publics. Les remontées, jamais. {dit}".strip()


def dire_a_combien(sujet: Sujet) -> str:
    if sujet.est_publie and sujet.relue_le is None:
        return "Ce sujet est public : un autre agent relit sa première réponse avant qu’elle parte."
    combien = sujet.remontees.filter(etat=Etat.GROUPEE).count()
    return f"La réponse part à {accorder(combien, 'personne', 'personnes')} au plus : celles qui ont laissé de quoi les prévenir."


def lettre_a_toutes(sujet: Sujet, reponses: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    """Preview of the letter to all the people, with the first remontée, by mail."""
    premiere: Any = sujet.remontees.filter(etat=Etat.GROUPEE).order_by("pk").first() or Remontee(
        reference=sujet.reference, titre=sujet.titre
    )
    lien = reverse("remontees:suivi", args=[premiere.jeton()]) if premiere.pk else ""
    for champ in ("issue", "reponse", "date_prevue"):
        setattr(premiere, champ, reponses[champ])
    dites = {"remontee": premiere, **titres_de(premiere), "sujet": sujet, "lien": lien}
    return "remontees/repondre", dites, "courriel"


def dire_la_relecture(sujet: Sujet) -> str:
    combien = sujet.remontees.filter(etat=Etat.GROUPEE).count()
    return (
        f"Écrite par {sujet.ecrite_par or 'le service'}. En l’envoyant, vous la rendez publique : elle part à "
        f"{accorder(combien, 'personne')} au plus. Un mot à changer ? Répondez autrement : elle sera relue de nouveau."
    )


@acte(
    Page[Sujet](
        ouvre=True,
        form=parts.OuvrirSujetForm,
        consequence="Un sujet réunit plusieurs remontées : une seule réponse, que chacune reçoit.",
        succes=lambda sujet, _: f"Sujet {sujet.reference} ouvert.",
        retour=lambda sujet, fait: sujet.get_absolute_url() if fait else reverse("remontees:sujets"),
        contexte=lambda *_: {"sujet": "Plusieurs remontées qui disent la même chose"},
    )
)
@transaction.atomic
def ouvrir_sujet(
    sujet: Sujet,
    *,
    par: Compte,
    titre: str,
    categorie: Categorie | None = None,
    commune: Commune | None = None,
    quartier: Quartier | None = None,
    texte_public: str = "",
) -> Sujet:
    """Open a sujet, on a new row."""
    if quartier is not None:
        commune = quartier.commune
    ouvrir(
        sujet,
        "ouvrir_sujet",
        par=par,
        champs={
            "titre": titre,
            "texte_public": texte_public,
            "resume": texte_public,
            "categorie": categorie,
            "commune": commune,
            "quartier": quartier,
        },
    )
    sujet.communes.set([commune] if commune else [])
    sujet.quartiers.set([quartier] if quartier else [])
    devoir(sujet, TRI, "Choisir qui s’en occupe")
    return sujet


@acte(
    Page[Sujet](form=parts.RedigerSujetForm, consequence="Vos mots : aucun nom, aucune adresse de personne.")
)
def rediger_sujet(sujet: Sujet, *, par: Compte, titre: str, texte_public: str) -> None:
    """Write the title and the text. Raises ErreurMetier when a published sujet would have no text."""
    if sujet.est_publie and not texte_public.strip():
        raise ErreurMetier("Ce sujet est public : son texte ne peut pas être vide.")
    avancer(
        sujet,
        "rediger_sujet",
        par=par,
        champs={"titre": titre, "texte_public": texte_public, "resume": texte_public},
        motif=texte_public,
        est_publique=sujet.est_publie,
    )


@acte(Page[Sujet](consequence=dire_ce_qui_devient_public))
def publier_sujet(sujet: Sujet, *, par: Compte) -> None:
    """Publish the sujet. For an answered one this is the second reading, refused to the author."""
    with transaction.atomic():
        pas = exiger(sujet, "publier_sujet", par=par)
        relue = {"relue_par": par, "relue_le": timezone.now()} if sujet.etat in REPONDUS else {}
        pas.avancer(champs={"est_publie": True, **relue})


@acte(Page[Sujet](form=DetacherForm, consequence="La page publique n’existe plus."))
def depublier_sujet(sujet: Sujet, *, par: Compte, motif: str) -> None:
    avancer(sujet, "depublier_sujet", par=par, champs={"est_publie": False}, motif=motif)


def exiger_en_cours(sujet: Sujet) -> None:
    """Raise ErreurMetier unless the sujet is open: an answered one takes no more remontées."""
    if sujet.etat not in SUJETS_EN_COURS:
        raise ErreurMetier(
            f"Le sujet {sujet.reference} est « {sujet.get_etat_display()} » : rouvrez-le d’abord."
        )


@transaction.atomic
def rattacher(remontee: Remontee, *, par: Compte, sujet: Sujet) -> None:
    """Put a remontée in a sujet, whose answer it will receive, at once when the sujet is answered.

    An urgent one makes an open sujet urgent. Raises ErreurMetier for an urgent one and an answered sujet: somebody must act.
    """
    pas = exiger(remontee, "rattacher", par=par)
    verrouiller(sujet)
    est_repondu = sujet.etat in REPONDUS
    if est_repondu and remontee.est_urgente:
        raise ErreurMetier(
            f"Elle est urgente et le sujet {sujet.reference} est déjà répondu : rouvrez le sujet, ou donnez-la à un service."
        )
    pas.avancer(
        champs={"sujet_commun": sujet, "agent": remontee.agent or sujet.agent},
        fait=f"Rattachée au sujet {sujet.reference}",
        details={"sujet": sujet.pk},
    )
    etendre(sujet, remontee)
    if est_repondu:
        repondre_du_sujet(remontee, sujet, par=par)


def etendre(sujet: Sujet, remontee: Remontee) -> None:
    """Add the places and urgency of the remontée to the sujet, and cancel its own échéances.

    Call within the act.
    """
    for cle in (TRI, REPONSE):
        annuler_echeance(remontee, cle)
    if remontee.commune is not None:
        sujet.communes.add(remontee.commune)
    if remontee.quartier is not None:
        sujet.quartiers.add(remontee.quartier)
    if remontee.est_urgente:
        presser(sujet, remontee)


@acte(Page[Remontee](form=DetacherForm, consequence="La remontée revient au tri."))
@transaction.atomic
def detacher(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Take the remontée out of its sujet, back to triage."""
    ancien = remontee.sujet_commun
    avancer(
        remontee,
        "detacher",
        par=par,
        champs={"sujet_commun": None},
        motif=motif,
        details={"sujet": ancien.pk if ancien else None},
    )
    devoir(remontee, TRI, "Choisir qui s’en occupe")


@transaction.atomic
def attribuer_sujet(
    sujet: Sujet, *, par: Compte, a: Direction | Commune | Organisme, date_limite: date, consigne: str = ""
) -> Attribution:
    """Give a part to a service, for all the remontées of the sujet."""
    return confier(
        sujet, "attribuer_sujet", "Donné", par=par, a=a, date_limite=date_limite, consigne=consigne
    )


@acte(
    Page[Sujet](
        form=reponse.RepondreAvecModeleForm,
        consequence=dire_a_combien,
        apercu=lettre_a_toutes,
        gabarit="remontees/dossiers/repondre.html",
        succes=lambda _, combien: (
            "Réponse enregistrée. Un autre agent la relit avant qu’elle parte."
            if combien is None
            else f"Réponse donnée pour {accorder(combien, 'remontée')}."
        ),
    )
)
@transaction.atomic
def repondre_sujet(
    sujet: Sujet, *, par: Compte, issue: str, reponse: str, date_prevue: date | None = None
) -> int | None:
    """Answer all the people of a sujet; return the number of remontées answered.

    None when the sujet is public and had no second reading yet: the answer waits for another agent
    (`relire`).
    """
    exiger_jour(issue, date_prevue)
    pas = exiger(sujet, "repondre_sujet", par=par)
    exiger_le_vote(sujet, "repondre_sujet", par=par, motif=reponse, champ="reponse")
    champs = {"issue": issue, "reponse": reponse, "date_prevue": date_prevue, "ecrite_par": par}
    annuler_echeance(sujet, TRI)
    if sujet.est_publie and sujet.relue_le is None:
        pas.avancer(
            vers=EtatSujet.A_REPONDRE,
            champs=champs,
            fait="Réponse écrite, à relire par un autre agent",
            motif=reponse,
            est_publique=False,
        )
        devoir(sujet, REPONSE, "Faire relire la réponse")
        autres = Compte.objects.agents_du_service().exclude(pk=par.pk).order_by("pk")
        ecrire(
            "remontees/faire_relire",
            a=list(autres.values_list("courriel", flat=True)) or adresses_du_service(),
            dossier=sujet,
            contexte={"sujet": sujet, "par": par, "lien": reverse("remontees:relire", args=[sujet.pk])},
        )
        return None
    pas.avancer(
        vers=EtatSujet.REPONDU,
        champs={**champs, "repondu_le": timezone.now()},
        fait=f"Réponse : {Issue(issue).label}",
        motif=reponse,
    )
    return _donner_la_reponse(sujet, par=par)


@acte(
    Page[Sujet](
        form=reponse.RelireForm,
        consequence=dire_la_relecture,
        succes=lambda _, combien: f"Réponse donnée pour {accorder(combien, 'remontée')}.",
        gabarit="remontees/sujets/relire.html",
        contexte=lambda _requete, sujet, _form: {
            "rendues": sujet.attributions.exclude(reponse="").select_related(
                "direction", "commune", "organisme"
            )
        },
    )
)
@transaction.atomic
def relire(sujet: Sujet, *, par: Compte, vu: str = "") -> int:
    """Send the answer, after its second reading.

    Raises ErreurMetier for its author, TexteDepasse when it changed.
    """
    pas = exiger(sujet, "relire", par=par)
    if vu and vu != empreinte(sujet, RELUS):
        raise TexteDepasse(
            {
                NON_FIELD_ERRORS: [
                    "La réponse a changé pendant que vous la lisiez. Relisez-la, puis envoyez-la."
                ]
            }
        )
    maintenant = timezone.now()
    pas.avancer(
        champs={"relue_par": par, "relue_le": maintenant, "repondu_le": maintenant},
        fait=f"Réponse : {Issue(sujet.issue).label}",
        motif=sujet.reponse,
    )
    return _donner_la_reponse(sujet, par=par)


def _donner_la_reponse(sujet: Sujet, *, par: Compte) -> int:
    annuler_echeance(sujet, REPONSE)
    groupees: Any = sujet.remontees.filter(etat=Etat.GROUPEE).order_by("pk")
    combien = 0
    for remontee in groupees.iterator(chunk_size=500):
        repondre_du_sujet(remontee, sujet, par=par)
        combien += 1
    _dire_repondre_sujet(sujet)
    prevenir_abonnes(
        sujet,
        "remontees/annoncer_reponse",
        {"sujet": sujet},
        cle=f"reponse-sujet:{sujet.pk}:{sujet.repondu_le:%Y%m%d%H%M%S}",
    )
    return combien


@acte(
    Page[Sujet](form=RouvrirForm, consequence="Le sujet revient au tri ; les réponses déjà données restent.")
)
@transaction.atomic
def rouvrir_sujet(sujet: Sujet, *, par: Compte | None, motif: str) -> None:
    """Reopen the sujet, back to triage. Answers already sent to people stay."""
    pas = exiger(sujet, "rouvrir_sujet", par=par)
    pas.avancer(
        champs={
            "issue": "",
            "reponse": "",
            "date_prevue": None,
            "ecrite_par": None,
            "repondu_le": None,
            "clos_le": None,
        },
        motif=motif,
    )
    devoir(sujet, TRI, "Relire ce qui a été rouvert")


@acte(Page[Sujet](consequence="Plus rien n’est attendu sur ce sujet."))
def clore_sujet(sujet: Sujet, *, par: Compte) -> None:
    with transaction.atomic():
        avancer(sujet, "clore_sujet", par=par, champs={"clos_le": timezone.now()})
        annuler_echeance(sujet)


def _dire_repondre_sujet(sujet: Sujet) -> None:
    """Tell the services that answered what was sent to the people."""
    for part in sujet.attributions.exclude(repondue_le=None).select_related(
        "direction", "commune", "organisme"
    ):
        ecrire("remontees/repondre_sujet", a=part.adresses(), dossier=sujet, contexte={"sujet": sujet})
