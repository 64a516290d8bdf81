"""Network of supported projets: join, leave, contact, write; its forms."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contrat_ville.models import AdhesionReseau, Equipier, MessageReseau, Projet, Voisin
from contrat_ville.models.reseau import Methode, Public
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe
from contrat_ville.reseau.lectures import adhesions, seances_du_reseau, suggestions, voisinage_de
from participation.seances.fiche import inviter
from participation.seances.models import Seance
from participation.socle.actions import exiger
from participation.socle.actions.avancer import enregistrer, verrouiller_ensemble
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_cases, champ_parmi, champ_texte
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.models import Compte, Courriel
from participation.socle.views.pages import Page, acte

ENVOIS = ("proposer_contact", "reprendre_contact", "ecrire_voisin")


def _au_reseau(objet: Projet | Voisin, fait: Any = None) -> str:
    return (objet.projet if isinstance(objet, Voisin) else objet).get_reseau_url()


CE_QU_ON_VOIT = (
    "Les équipes qui ont rejoint le réseau voient le nom de votre projet, son porteur, ses quartiers et ce que vous écrivez ici. "
    "Jamais une adresse, jamais un nom de personne."
)


class PresentationForm(ActeForm):
    """Presentation of a projet in the network, used to suggest contacts and read by the other teams."""

    PUBLICS = ("mot",)
    TELS_QUELS = "Montrer ces mots tels quels", "Cette personne veut bien que les autres équipes les lisent."
    objet: Projet

    publics = champ_cases(
        "Avec qui vous travaillez surtout", [(v, majuscule(t)) for v, t in Public.choices], requis=False
    )
    methodes = champ_cases(
        "Comment vous travaillez", [(v, majuscule(t)) for v, t in Methode.choices], requis=False
    )
    mot = champ_texte(
        "Ce que vous partagez, ou cherchez",
        "En une phrase, lue par les équipes voisines. Par exemple : nous prêtons une cuisine, nous cherchons une salle.",
        requis=False,
        maximum=300,
        lignes=2,
    )

    def ligne_montree(self) -> Any:
        return getattr(self.objet, "adhesion", None)

    def initiales(self) -> Mapping[str, Any]:
        return (
            {champ: getattr(self.ligne, champ) for champ in ("publics", "methodes", "mot")}
            if self.ligne
            else {}
        )


@acte(
    Page[Projet](
        form=PresentationForm,
        consequence=f"{CE_QU_ON_VOIT} Vous pouvez le quitter à tout moment.",
        est_publique=True,
        retour=_au_reseau,
        succes="Votre projet est dans le réseau.",
    )
)
@transaction.atomic
def rejoindre_reseau(
    projet: Projet, *, par: Compte, publics: Iterable[str] = (), methodes: Iterable[str] = (), mot: str = ""
) -> AdhesionReseau:
    """Join: the team agrees to be shown to the other teams of the network, and contacted by them."""
    pas = exiger(projet, "rejoindre_reseau", par=par)
    adhesion = AdhesionReseau(projet=projet, par=par, depuis_le=timezone.now())
    _decrire(adhesion, publics, methodes, mot)
    pas.avancer()
    return adhesion


@acte(
    Page[Projet](
        form=PresentationForm,
        consequence=CE_QU_ON_VOIT,
        est_publique=True,
        retour=_au_reseau,
        succes="Ce que le réseau lit est changé.",
    )
)
@transaction.atomic
def decrire_au_reseau(
    projet: Projet, *, par: Compte, publics: Iterable[str] = (), methodes: Iterable[str] = (), mot: str = ""
) -> None:
    pas = exiger(projet, "decrire_au_reseau", par=par)
    adhesion = AdhesionReseau.objects.get(projet=projet.pk)
    adhesion.decrite_le = timezone.now()
    _decrire(adhesion, publics, methodes, mot)
    pas.avancer()


def _decrire(adhesion: AdhesionReseau, publics: Iterable[str], methodes: Iterable[str], mot: str) -> None:
    enregistrer(adhesion, publics=list(publics), methodes=list(methodes), mot=mot)


@acte(
    Page[Projet](
        consequence="Votre projet n’est plus proposé à personne, et plus personne ne vous écrit par le réseau. Les équipes avec qui vous êtes en contact sont prévenues.",
        est_publique=True,
        retour=_au_reseau,
        succes="Votre projet n’est plus dans le réseau.",
    )
)
@transaction.atomic
def quitter_reseau(projet: Projet, *, par: Compte) -> None:
    """Leave: the projet is no longer suggested nor contacted. The teams in contact are told."""
    verrou("reseau")
    pas = exiger(projet, "quitter_reseau", par=par)
    for voisin in projet.voisins.ouverts().select_related("projet", "autre"):
        if voisin.etat == Voisin.Etat.LIE:
            _dire_rompre_contact(voisin)
        _finir(voisin, Voisin.Etat.ROMPU)
    AdhesionReseau.objects.filter(projet=projet.pk).delete()
    projet.refresh_from_db()  # drops the cached adhesion
    pas.avancer()


class ProposerContactForm(ActeForm):
    objet: Projet

    autre = champ_parmi(
        "Projet", Projet.objects.none(), vide=None, erreur="Choisissez un projet de la liste.",
        messages={"invalid_choice": "Ce projet n’est plus proposé : son équipe a quitté le réseau, ou vous êtes déjà en contact."},
    )  # fmt: skip

    def preparer(self) -> None:
        proches = [suggestion.projet.pk for suggestion in suggestions(self.objet)]
        self.choisir("autre", Projet.objects.filter(pk__in=proches))


@acte(
    Page[Projet](
        form=ProposerContactForm,
        est_publique=True,
        retour=_au_reseau,
        succes="Le contact est proposé : l’autre équipe répond sur sa page.",
        en_un_clic=True,
    )
)
@transaction.atomic
def proposer_contact(projet: Projet, *, par: Compte, autre: Projet) -> Voisin:
    """Propose a contact. The other team sees which projet asks and why, but no message.

    Raises ErreurMetier when the other projet cannot be asked, or above the daily limit.
    """
    verrou("reseau")
    pas = exiger(projet, "proposer_contact", par=par)
    _exiger_la_mesure(projet)
    voisinage = voisinage_de(projet, autre)
    if voisinage is None:
        raise ErreurMetier(
            "Ce projet n’est plus proposé : son équipe a quitté le réseau, ou vous êtes déjà en contact."
        )
    pas.avancer(fait=f"Contact proposé à {autre.reference}", details={"autre": autre.pk})
    return _proposer(projet, autre, raisons=voisinage.phrase[:400])


def _proposer(projet: Projet, autre: Projet, **champs: str) -> Voisin:
    """Create or update both rows, and tell the other team."""
    neuf = {**champs, "depuis_le": timezone.now(), "fini_le": None, "a_fini": False}
    propose, recu = (
        Voisin.objects.update_or_create(projet=de, autre=a, defaults={**neuf, "etat": etat})[0]
        for de, a, etat in ((projet, autre, Voisin.Etat.PROPOSE), (autre, projet, Voisin.Etat.RECU))
    )
    # `recu`: the row of the team that is asked.
    _ecrire(recu.projet, "proposer_contact", recu.autre, raisons=recu.raisons)
    return propose


@acte(
    Page[Voisin](
        est_publique=True,
        retour=_au_reseau,
        succes="Le contact est proposé de nouveau : l’autre équipe répond sur sa page.",
        en_un_clic=True,
    )
)
@transaction.atomic
def reprendre_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Propose again, by the team that ended or declined the contact.

    Raises ErreurMetier above the daily limit.
    """
    verrou("reseau")
    pas = exiger(voisin, "reprendre_contact", par=par)
    _exiger_la_mesure(voisin.projet)
    pas.avancer(
        fait=f"Contact proposé de nouveau à {voisin.autre.reference}", details={"autre": voisin.autre_id}
    )
    return _proposer(voisin.projet, voisin.autre)


@acte(
    Page[Voisin](
        est_publique=True,
        retour=_au_reseau,
        succes="Vous êtes en contact : vous pouvez vous écrire.",
        en_un_clic=True,
    )
)
def accepter_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Accept: the two teams can write to each other."""
    return _repondre(
        voisin,
        "accepter_contact",
        Voisin.Etat.LIE,
        _dire_accepter_contact,
        par=par,
        fait=f"Contact accepté avec {voisin.autre.reference}",
    )


@acte(
    Page[Voisin](
        est_publique=True,
        retour=_au_reseau,
        succes="Vous ne donnez pas suite. L’autre équipe est prévenue.",
        en_un_clic=True,
    )
)
def decliner_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """Decline: no suggestion between these projets until this team changes its description, or asks."""
    return _repondre(voisin, "decliner_contact", Voisin.Etat.DECLINE, _dire_decliner_contact, par=par)


@acte(
    Page[Voisin](
        consequence=lambda v: (
            f"Vous ne pourrez plus écrire à l’équipe de « {v.autre.titre} », ni elle à la vôtre. Vous pourrez reprendre contact."
        ),
        est_publique=True,
        retour=_au_reseau,
        succes="Vous n’êtes plus en contact.",
    )
)
def rompre_contact(voisin: Voisin, *, par: Compte) -> Voisin:
    """End the contact: no more messages. Suggested again as after `decliner_contact`."""
    return _repondre(voisin, "rompre_contact", Voisin.Etat.ROMPU, _dire_rompre_contact, par=par)


@transaction.atomic
def _repondre(
    voisin: Voisin, acte: str, etat: str, prevenir: Callable[[Voisin], None], *, par: Compte, fait: str = ""
) -> Voisin:
    """Update both rows, write in the journal, and tell the other team if it knew of the contact."""
    verrou("reseau")
    pas = exiger(voisin, acte, par=par)
    est_a_dire = acte != "rompre_contact" or voisin.etat == Voisin.Etat.LIE
    if etat == Voisin.Etat.LIE:
        _passer(voisin, etat)
    else:
        _finir(voisin, etat)
    pas.avancer(fait=fait, details={"autre": voisin.autre_id})
    if est_a_dire:
        prevenir(voisin)
    return voisin


TerminerContactForm = demander_texte(
    "Pourquoi", aide="Les deux équipes lisent ces mots.", maximum=1000, lignes=3
)


@acte(
    Page[Voisin](
        form=TerminerContactForm,
        consequence=lambda v: (
            f"Les équipes de « {v.projet.titre} » et de « {v.autre.titre} » ne peuvent plus s’écrire. Les deux reçoivent la raison."
        ),
        apercu=lambda v, reponses: (
            "contrat_ville/terminer_contact",
            {"autre": v.autre, "lien_reseau": v.projet.get_reseau_url(), **reponses},
        ),
        retour=lambda _, __: reverse("contrat_ville:reseau"),
        succes="Le contact est terminé : les deux équipes sont prévenues.",
    )
)
@transaction.atomic
def terminer_contact(voisin: Voisin, *, par: Compte, motif: str) -> None:
    """End a contact by decision of the service. The reason is given to both teams and in both journals.

    Neither team is suggested to the other before the other changes its description.
    """
    verrou("reseau")
    verrouiller_ensemble(Projet, (voisin.projet_id, voisin.autre_id))
    for ligne in (voisin, voisin.en_face()):
        exiger(ligne, "terminer_contact", par=par).avancer(motif=motif, details={"autre": ligne.autre_id})
    _finir(voisin, Voisin.Etat.ROMPU, par_elle=False)
    _dire_terminer_contact(voisin, motif=motif)


class EcrireVoisinForm(ActeForm):
    PUBLICS = ("texte",)
    TELS_QUELS = "Envoyer ces mots tels quels", "Cette personne veut bien que l’autre équipe les lise."

    texte = champ_texte(
        "Votre message",
        "L’autre équipe le lit sur sa page et par courriel. Elle ne voit pas votre adresse.",
        maximum=4000,
        lignes=8,
        erreur="Écrivez votre message.",
    )


@acte(
    Page[Voisin](
        form=EcrireVoisinForm,
        consequence=lambda v: f"À l’équipe de « {v.autre.titre} » ({v.autre.porte_par}).",
        est_publique=True,
        retour=_au_reseau,
        succes="Votre message est parti.",
    )
)
@transaction.atomic
def ecrire_voisin(voisin: Voisin, *, par: Compte, texte: str) -> MessageReseau:
    """Send a message. Raises ErreurMetier above the daily limit.

    The text is stored with the contact, not in the journal.
    """
    verrou("reseau")
    pas = exiger(voisin, "ecrire_voisin", par=par)
    _exiger_la_mesure(voisin.projet)
    message = enregistrer(MessageReseau(voisin=voisin, par=par, texte=texte, ecrit_le=timezone.now()))
    pas.avancer(fait=f"Message écrit à {voisin.autre.reference}", details={"autre": voisin.autre_id})
    _ecrire(message.voisin.autre, "ecrire_voisin", message.voisin.projet, message=message)
    return message


def _finir(voisin: Voisin, etat: str, *, par_elle: bool = True) -> None:
    _passer(voisin, etat, fini_le=timezone.now())
    Voisin.objects.filter(pk=voisin.pk).update(a_fini=par_elle)


def _passer(voisin: Voisin, etat: str, **champs: datetime) -> None:
    """Update both rows of a contact."""
    voisin.en_face()  # raises if the other row is missing
    deux = Q(projet=voisin.projet_id, autre=voisin.autre_id) | Q(
        projet=voisin.autre_id, autre=voisin.projet_id
    )
    Voisin.objects.filter(deux).update(etat=etat, **champs)
    voisin.etat = etat


def _exiger_la_mesure(projet: Projet) -> None:
    """Check the daily limit, counted in the journal. The caller holds the lock of the projet."""
    debut = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    au_plus = projet.programmation.envois_reseau_par_jour
    if projet.journal.filter(acte__in=ENVOIS, le__gte=debut).count() >= au_plus:
        raise ErreurMetier(
            f"Votre équipe a déjà fait {accorder(au_plus, 'envoi')} aujourd’hui. Continuez demain."
        )


@transaction.atomic
def inviter_le_reseau(seance: Seance, *, par: Compte) -> int:
    """Invite one signataire of each projet of the network. Return the number of new guests.

    They are written to with the convocation, with a calendar event.
    """
    deja = set(seance.invites.filter(retire_le=None).values_list("courriel", flat=True))
    invites = 0
    for adhesion in adhesions():
        equipier = (
            adhesion.projet.equipe.presents()
            .filter(role=Equipier.Role.SIGNATAIRE, compte__is_active=True)
            .select_related("compte")
            .first()
        )
        if equipier is None or equipier.compte.courriel in deja:
            continue
        deja.add(equipier.compte.courriel)
        porteur = str(adhesion.projet.porte_par or adhesion.projet.titre)
        inviter(
            seance,
            par=par,
            nom=(equipier.compte.get_full_name() or porteur)[:160],
            qualite=porteur[:160],
            courriel=equipier.compte.courriel,
        )
        invites += 1
    if not invites:
        raise ValidationError("Chaque équipe du réseau est déjà invitée à cette séance.")
    return invites


class InviterReseauForm(forms.Form):
    seance = champ_parmi("Rencontre", Seance.objects.none(), vide=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix: Any = self.fields["seance"]
        choix.queryset = seances_du_reseau()
        choix.label_from_instance = lambda s: f"{s.titre}, {jour_texte(s.jour)}"


def _ecrire(a: Projet, lettre: str, de: Projet, **contexte: Any) -> Courriel | None:
    """Write to the team of `a` about `de`, named only by its projet and its porteur."""
    return ecrire_a_l_equipe(a, lettre, autre=de, lien_reseau=a.get_reseau_url(), **contexte)


def _dire_accepter_contact(voisin: Voisin) -> None:
    _ecrire(voisin.autre, "accepter_contact", voisin.projet)


def _dire_decliner_contact(voisin: Voisin) -> None:
    _ecrire(voisin.autre, "decliner_contact", voisin.projet)


def _dire_rompre_contact(voisin: Voisin) -> None:
    _ecrire(voisin.autre, "rompre_contact", voisin.projet)


def _dire_terminer_contact(voisin: Voisin, *, motif: str) -> None:
    for de, autre in ((voisin.projet, voisin.autre), (voisin.autre, voisin.projet)):
        _ecrire(de, "terminer_contact", autre, motif=motif)
