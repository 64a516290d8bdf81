"""Letters of the socle: demandes and their answers, accounts, reminders. One function per letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from participation.socle.courriels.ecriture import Ecrite, ecrire, poster
from participation.socle.courriels.porte import rediger_par_la_porte
from participation.socle.langues import FRANCAIS
from participation.socle.models import (
    Absence,
    Appartenance,
    Compte,
    Courriel,
    Demande,
    Dossier,
    Echeance,
    Moderation,
    ReglageService,
)
from participation.socle.models.comptes import DUREE_APPAREIL
from participation.socle.workflow import Role


def adresses_du_service(pour: Dossier | None = None) -> list[str]:
    """Return the shared mailbox of the service if it has one, else the address of each agent.

    For a reserved dossier (`pour`): the addresses of the agents who may read it.
    """
    if pour is not None and pour.est_reserve:
        return list(Compte.objects.referents().order_by("pk").values_list("courriel", flat=True))
    contact = ReglageService.actuel().contact
    if contact:
        return [contact]
    return list(Compte.objects.agents_du_service().order_by("pk").values_list("courriel", flat=True))


def demander(demande: Demande, *, jeton: str) -> None:
    ecrire(
        "socle/demander",
        a=demande.adresses(),
        dossier=demande.dossier,
        repondre_a=demande.par.courriel if demande.par else "",
        cle=f"demande:{demande.pk}",
        contexte={
            "demande": demande,
            "dossier": demande.dossier,
            "a_lire": demande.dossier.enfant.a_lire() if demande.montre_le_dossier else [],
            "pieces": demande.pieces_a_lire().count(),
            "lien": reverse("socle:repondre_demande", args=[jeton]),
            "autres": demande.autres_avis().count() if demande.nature == demande.Nature.AVIS else 0,
        },
    )


def demander_ensemble(demandes: Sequence[Demande]) -> None:
    """Write one letter for demandes to one addressee, each with its link, then the opinions that it owes already."""
    demandes = sorted(demandes, key=lambda demande: (demande.date_limite, demande.pk))
    premiere = demandes[0]
    autres = premiere.autres_avis().exclude(pk__in=[demande.pk for demande in demandes])
    dues = autres.prefetch_related(Prefetch("dossier", Dossier.objects.avec_enfants()))
    ecrire(
        "socle/demander_ensemble",
        a=premiere.adresses(),
        repondre_a=premiere.par.courriel if premiere.par else "",
        cle=f"demandes:{premiere.pk}",
        contexte={
            "demande": premiere,
            "lignes": [(d, d.dossier.enfant.lien_reponse(d)) for d in demandes],
            "dues": [(d, d.dossier.enfant.lien_reponse(d)) for d in dues],
            "est_d_un_jour": len({d.date_limite for d in demandes}) == 1,
            "est_d_un_texte": len({d.texte for d in demandes}) == 1,
        },
    )


def repondre_demande(demande: Demande, *, sens: str) -> None:
    """Tell the agent who asked that the answer has come."""
    if demande.par is not None:
        ecrire(
            "socle/repondre_demande",
            a=[demande.par.courriel],
            dossier=demande.dossier,
            contexte={
                "demande": demande,
                "sens": sens,
                "dossier": demande.dossier,
                "lien": demande.dossier.get_absolute_url(),
            },
        )


def annuler_demande(demande: Demande, *, motif: str) -> None:
    ecrire(
        "socle/annuler_demande",
        a=demande.adresses(),
        dossier=demande.dossier,
        contexte={"demande": demande, "dossier": demande.dossier, "motif": motif},
    )


def proposer_cet_appareil(compte: Compte) -> None:
    """Write the link by which a browser is recognised.

    At most one letter a day per account, however many attempts.
    """
    # By the gate, for a stranger makes it leave; not counted there, or strangers would use its limit up.
    lien = reverse("socle:reconnaitre_appareil", args=[Compte.LIEN_APPAREIL.jeton(compte)])
    courriel = rediger_par_la_porte(
        "socle/proposer_cet_appareil",
        compte.courriel,
        {"lien": lien, "fin": timezone.now() + DUREE_APPAREIL},
        cle=f"appareil:{compte.pk}:{timezone.localdate()}",
    )
    poster([Ecrite(courriel)])


def inviter(appartenance: Appartenance, *, par: Compte) -> None:
    ecrire(
        "socle/inviter",
        a=[appartenance.compte.courriel],
        contexte={
            "appartenance": appartenance,
            "compte": appartenance.compte,
            "par": par,
            "lien": f"{reverse('account_login')}?{urlencode({'courriel': appartenance.compte.courriel})}",
            "delai": settings.MFA_DELAI_GRACE_JOURS if appartenance.role != Role.MEMBRE else 0,
        },
    )


def retirer_second_facteur(compte: Compte, *, par: Compte) -> None:
    ecrire(
        "socle/retirer_second_facteur",
        a=[compte.courriel],
        contexte={"par": par, "lien": reverse("mfa_index")},
    )


def fermer_compte(courriel: str) -> None:
    ecrire("socle/fermer_compte", a=[courriel], contexte={})


def relancer_demande(demande: Demande, *, jeton: str, mot: str = "") -> bool:
    """Write the reminder of the day. Return False when it was already written."""
    return (
        ecrire(
            "socle/relancer_demande",
            a=demande.adresses(),
            dossier=demande.dossier,
            cle=f"relance:{demande.pk}:{timezone.localdate():%Y%m%d}",
            contexte={
                "demande": demande,
                "dossier": demande.dossier,
                "mot": mot,
                "est_en_retard": demande.date_limite < timezone.localdate(),
                "lien": reverse("socle:repondre_demande", args=[jeton]),
            },
        )
        is not None
    )


def prendre_en_charge(dossier: Dossier, *, agent: Compte, par: Compte) -> None:
    """Tell an agent that a colleague gave them the dossier."""
    ecrire(
        "socle/prendre_en_charge",
        a=[agent.courriel],
        dossier=dossier,
        contexte={"dossier": dossier, "agent": agent, "par": par, "lien": dossier.get_absolute_url()},
    )


def remplacer(absence: Absence) -> None:
    """Tell who stands in for an agent, by somebody else than herself: she may not open the site before it begins."""
    ecrire(
        "socle/remplacer",
        a=[absence.remplacant.courriel],
        contexte={
            "absence": absence,
            "delegation": Dossier.libelles_natures().get(absence.domaine, ""),
            "lien": reverse("socle:journee"),
        },
    )


@dataclass(frozen=True, slots=True)
class LigneRappel:
    """An échéance to remind somebody of.

    `etape`: J-7, J, retard, J+8, escalade, elu. `jours`: days left, negative when late. `due`: day of the step.
    """

    echeance: Echeance
    etape: str
    jours: int
    due: date

    @property
    def monte(self) -> bool:
        """Whether the reminder goes to those above, who are not the ones to answer."""
        return self.etape in {"escalade", "elu"}

    @property
    def se_repond_en_ligne(self) -> bool:
        return not self.monte and bool(self.echeance.demande or self.echeance.lien)

    @property
    def lien(self) -> str:
        enfant = self.echeance.dossier.enfant
        if self.echeance.demande is not None and not self.monte:
            return enfant.lien_reponse(self.echeance.demande)
        if self.echeance.lien and not self.monte:
            return self.echeance.lien
        return self.echeance.page or enfant.get_absolute_url()

    @property
    def quand(self) -> str:
        if self.jours > 1:
            return f"dans {self.jours} jours"
        if self.jours < -1:
            return f"en retard de {-self.jours} jours"
        return {1: "demain", 0: "aujourd’hui", -1: "en retard d’un jour"}[self.jours]


def rappeler(adresse: str, ligne: LigneRappel) -> None:
    ecrire(
        "socle/rappeler",
        a=[adresse],
        dossier=ligne.echeance.dossier,
        contexte={"ligne": ligne, "echeance": ligne.echeance, "dossier": ligne.echeance.dossier},
    )


def rappeler_ensemble(adresse: str, lignes: Sequence[LigneRappel]) -> None:
    """Write one letter for several reminders, the most urgent first."""
    ecrire(
        "socle/rappeler_ensemble",
        a=[adresse],
        contexte={"lignes": sorted(lignes, key=lambda ligne: (ligne.jours, ligne.echeance.pk))},
    )


def juger_moderation(moderation: Moderation) -> None:
    """Answer each author who contested, in the language of the last letter that she got about this dossier."""
    for adresse in moderation.adresses:
        siennes = Courriel.objects.filter(dossier=moderation.dossier_id, destinataires=[adresse])
        derniere = siennes.order_by("-pk").values_list("langue", flat=True).first()
        ecrire(
            "socle/juger_moderation",
            a=[adresse],
            dossier=moderation.dossier,
            contexte={"moderation": moderation},
            langue=derniere or FRANCAIS,
        )
