"""A réponse argumentée: prepared, answered line by line, read by the élu, published, given back."""

from datetime import date, datetime, time
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.engagements.models import Collectif, LigneDeReponse, Proposition, ReponseArgumentee
from participation.engagements.propositions.actes import SENS, repondre_proposition
from participation.engagements.trouver import reponse_du_bureau
from participation.engagements.workflow import RETENUES, EtatProposition, EtatReponse
from participation.socle.actions import avancer, exiger, ouvrir
from participation.socle.actions.documents import demander_document
from participation.socle.actions.echeances import faire_echeance, fixer_echeance
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_choix,
    champ_heure,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import accorder, instant_texte, jour_texte
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Appartenance, Compte
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role
from participation.suites.models import ReglementSuites

RESTITUTION, LIVRET = "restitution", "engagements/reponse"


class PreparerReponseForm(ActeForm):
    collectif = champ_parmi("À qui elle répond", Collectif.objects.all(), erreur="Dites à qui elle répond.")
    titre = champ_ligne("Titre", "Par exemple « Réponse aux propositions de l’Agora, 2026 ».", maximum=160)
    introduction = champ_texte("En quelques mots", maximum=4000, lignes=4, requis=False)
    elu = champ_parmi(
        "Élu en charge",
        None,
        "Il la lit avant qu’elle parte.",
        erreur="Dites quel élu la lit avant son départ.",
    )

    def preparer(self) -> None:
        elus = Appartenance.objects.en_vigueur().filter(role=Role.ELU, compte__is_active=True)
        self.choisir("elu", Compte.objects.filter(pk__in=elus.values("compte")).order_by("nom", "prenom"))


class RestitutionForm(ActeForm):
    date = champ_jour("Jour de la restitution")
    heure = champ_heure("À quelle heure")
    restitution_lieu = champ_ligne("Où", maximum=200, erreur="Dites où se tient la restitution.")

    def initiales(self) -> dict[str, Any]:
        fixee = self.objet.restitution_le
        locale = timezone.localtime(fixee) if fixee else None
        return {
            "date": locale.date() if locale else None,
            "heure": locale.time() if locale else None,
            "restitution_lieu": self.objet.restitution_lieu,
        }


class LigneForm(ActeForm):
    ACTUELS = ("sens", "retour", "deliberation", "date_limite")

    sens = champ_choix("La réponse", SENS, boutons=True, erreur="Dites oui, en partie ou non.")
    retour = champ_texte(
        "Parce que",
        "Ce qui sera fait ou ne le sera pas, et pourquoi. Public : des phrases simples.",
        maximum=8000,
        lignes=6,
        erreur="Dites pourquoi : c’est ce que les membres attendent.",
    )
    deliberation = champ_ligne(
        "Numéro de la délibération", "Si le conseil en a délibéré.", maximum=120, requis=False
    )
    date_limite = champ_jour(
        "Ce sera fait au plus tard le", "Si vous le savez, et si c’est oui.", requis=False
    )


@acte(
    Page[ReponseArgumentee](
        ouvre=True,
        form=PreparerReponseForm,
        consequence="Elle répond à toutes ses propositions publiées qui attendent encore.",
    )
)
@transaction.atomic
def preparer_reponse(
    reponse: ReponseArgumentee, *, par: Compte, collectif: Collectif, **champs: Any
) -> ReponseArgumentee:
    ouvrir(reponse, "preparer_reponse", par=par, champs={**champs, "collectif": collectif})
    _ajouter(reponse)
    return reponse


def _ajouter(reponse: ReponseArgumentee) -> int:
    """Add the published propositions that no answer holds yet. Return how many."""
    prises = LigneDeReponse.objects.exclude(reponse__etat__in=[EtatReponse.PUBLIEE, EtatReponse.RENDUE])
    attendent: Any = Proposition.objects.filter(
        collectif=reponse.collectif_id, est_publie=True, etat=EtatProposition.A_DECIDER
    ).exclude(pk__in=prises.values("proposition"))
    lignes = LigneDeReponse.objects.bulk_create(
        LigneDeReponse(reponse=reponse, proposition=proposition) for proposition in attendent
    )
    return len(lignes)


@acte(
    Page[ReponseArgumentee](
        consequence="Les propositions publiées du collectif qui n’ont pas de réponse.",
        succes=lambda _, combien: accorder(combien, "proposition ajoutée", "propositions ajoutées"),
        retour="#propositions",
    )
)
@transaction.atomic
def ajouter_lignes(reponse: ReponseArgumentee, *, par: Compte) -> int:
    pas = exiger(reponse, "ajouter_lignes", par=par)
    combien = _ajouter(reponse)
    pas.avancer(fait=accorder(combien, "proposition ajoutée", "propositions ajoutées"))
    return combien


@acte(
    Page[LigneDeReponse](
        form=LigneForm,
        consequence=lambda ligne: f"{ligne.proposition.texte}",
        bouton="Enregistrer",
        retour="#propositions",
    )
)
def repondre_ligne(ligne: LigneDeReponse, *, par: Compte, **champs: Any) -> None:
    if champs.get("date_limite") and champs["sens"] not in RETENUES:
        raise ValidationError({"date_limite": "Rien ne sera fait : ne donnez pas de date."})
    avancer(
        ligne, "repondre_ligne", par=par, fait=f"Réponse écrite : {ligne.proposition.titre}", champs=champs
    )


@acte(
    Page[LigneDeReponse](
        consequence="Elle attend encore sa réponse, seule ou dans une autre.", retour="#propositions"
    )
)
@transaction.atomic
def retirer_ligne(ligne: LigneDeReponse, *, par: Compte) -> None:
    pas = exiger(ligne, "retirer_ligne", par=par)
    titre = ligne.proposition.titre
    ligne.delete()
    pas.avancer(fait=f"Proposition retirée de la réponse : {titre}")


@acte(Page[ReponseArgumentee](consequence=lambda r: f"{r.elu} reçoit une lettre pour la lire."))
@transaction.atomic
def soumettre_reponse(reponse: ReponseArgumentee, *, par: Compte) -> None:
    avancer(reponse, "soumettre_reponse", par=par, nomme=[reponse.elu])
    _ecrire("soumettre_reponse", reponse, reponse.elu.courriel)


@acte(Page[ReponseArgumentee](consequence="Le service peut alors la publier, telle que vous l’avez lue."))
@transaction.atomic
def viser_reponse(reponse: ReponseArgumentee, *, par: Compte) -> None:
    avancer(reponse, "viser_reponse", par=par, champs={"lue_le": timezone.now()})
    _dire_viser_reponse(reponse)


@acte(
    Page[ReponseArgumentee](
        consequence="Elle revient à l’écriture ; l’agent qui la suit lit ce que vous demandez."
    )
)
@transaction.atomic
def renvoyer_reponse(
    reponse: ReponseArgumentee,
    *,
    par: Compte,
    motif: Annotated[str, champ_texte("Ce qui est à corriger", maximum=2000, lignes=4)],
) -> None:
    avancer(reponse, "renvoyer_reponse", par=par, motif=motif)
    _dire_viser_reponse(reponse, motif=motif)


@acte(Page[ReponseArgumentee](consequence="Une fois corrigée, l’élu la lit de nouveau."))
def reprendre_reponse(reponse: ReponseArgumentee, *, par: Compte) -> None:
    avancer(reponse, "reprendre_reponse", par=par, champs={"lue_le": None})


@acte(
    Page[ReponseArgumentee](
        form=RestitutionForm,
        consequence="Qui a proposé est invité à l’entendre. Le jour et le lieu sont publics avec la réponse.",
    )
)
@transaction.atomic
def preparer_restitution(
    reponse: ReponseArgumentee, *, par: Compte, date: date, heure: time, restitution_lieu: str
) -> None:
    """Raises ValidationError for a day that is gone."""
    if date < timezone.localdate():
        raise ValidationError({"date": "Ce jour est passé."})
    pas = exiger(reponse, "preparer_restitution", par=par)
    quand = timezone.make_aware(datetime.combine(date, heure))
    pas.avancer(
        fait=f"Restitution fixée au {instant_texte(quand)}, {restitution_lieu}",
        champs={"restitution_le": quand, "restitution_lieu": restitution_lieu},
        est_publique=reponse.est_publie,
    )
    reglement = ReglementSuites.objects.en_vigueur()
    fixer_echeance(
        reponse,
        RESTITUTION,
        libelle="Rendre la réponse à qui a proposé",
        date_limite=date,
        rappels=reglement.rappels if reglement else (),
        relances=reglement.relances if reglement else (),
        responsable=reponse.agent,
    )


@acte(
    Page[ReponseArgumentee](
        consequence=lambda r: (
            f"{accorder(r.lignes.count(), 'réponse devient publique', 'réponses deviennent publiques')}, et les suites des propositions avancent. "
            "L’association et les membres reçoivent une lettre, avec le jour de la restitution. Un livret à imprimer est fait."
        )
    )
)
@transaction.atomic
def publier_reponse(reponse: ReponseArgumentee, *, par: Compte) -> None:
    """Answer each proposition as the élu read it, in one transaction, and tell who proposed by one letter."""
    pas = exiger(reponse, "publier_reponse", par=par)
    lignes = list(
        reponse.lignes.select_related("proposition__collectif", "proposition__direction").order_by(
            Length("proposition__numero"), "proposition__numero", "proposition__reference"
        )
    )
    pas.avancer(champs={"est_publie": True})
    for ligne in lignes:
        repondre_proposition(
            ligne.proposition,
            par=par,
            etat=ligne.sens,
            retour=ligne.retour,
            deliberation=ligne.deliberation,
            decidee_par=f"Réponse argumentée {reponse.reference}",
            decidee_le=timezone.localdate(),
            date_limite=ligne.date_limite,
            prevenir=False,
        )
    demander_document(
        nature=LIVRET,
        titre=reponse.titre,
        dossier=reponse,
        donnees=_livret(reponse, lignes),
        par=par,
        est_public=True,
    )
    _dire_publier_reponse(reponse)


def _livret(reponse: ReponseArgumentee, lignes: list[LigneDeReponse]) -> dict[str, Any]:
    return {
        "collectif": str(reponse.collectif),
        "introduction": reponse.introduction,
        "restitution": f"{instant_texte(reponse.restitution_le)}, {reponse.restitution_lieu}",
        "lignes": [
            {
                "numero": ligne.proposition.numero,
                "titre": ligne.proposition.titre,
                "texte": ligne.proposition.texte,
                "sens": dict(SENS)[ligne.sens],
                "retour": ligne.retour,
                "deliberation": ligne.deliberation,
                "date_limite": jour_texte(ligne.date_limite) if ligne.date_limite else "",
                "direction": str(ligne.proposition.direction) if ligne.proposition.direction else "",
            }
            for ligne in lignes
        ],
    }


@acte(Page[ReponseArgumentee](consequence="Public : ce qui s’est dit le jour où la réponse a été rendue."))
@transaction.atomic
def rendre_reponse(
    reponse: ReponseArgumentee,
    *,
    par: Compte,
    compte_rendu: Annotated[
        str, champ_texte("Ce qui s’est dit", "Sans nom de personne.", maximum=8000, lignes=8)
    ],
) -> None:
    """Raises ValidationError before the meeting."""
    pas = exiger(reponse, "rendre_reponse", par=par)
    if reponse.restitution_le is not None and reponse.restitution_le > timezone.now():
        raise ValidationError(
            f"La restitution est fixée au {instant_texte(reponse.restitution_le)} : changez le jour, ou attendez."
        )
    pas.avancer(champs={"compte_rendu": compte_rendu, "clos_le": timezone.now()}, motif=compte_rendu)
    faire_echeance(reponse, RESTITUTION)


def _dire_viser_reponse(reponse: ReponseArgumentee, *, motif: str = "") -> None:
    """Tell the agent that the élu read it, or what she asks to correct."""
    if reponse.agent is not None:
        _ecrire("viser_reponse", reponse, reponse.agent.courriel, motif=motif)


def _ecrire(lettre: str, reponse: ReponseArgumentee, a: str, motif: str = "") -> None:
    ecrire(
        f"engagements/{lettre}",
        a=[a],
        dossier=reponse,
        contexte={
            "reponse": reponse,
            "collectif": reponse.collectif,
            "motif": motif,
            "lien": reponse.get_absolute_url(),
        },
    )


def _dire_publier_reponse(reponse: ReponseArgumentee) -> None:
    """Tell the association and each member, by one letter, that all is answered, and when it is given back."""
    assert reponse.restitution_le is not None  # noqa: S101 what `restitution_fixee` said
    for voix in reponse.collectif.voix():
        porte.ecrire(
            "engagements/publier_reponse",
            a=voix.courriel,
            sujet=reponse,
            dossier=reponse,
            mots={
                "titre": porte.lu(reponse, "titre"),
                "combien": reponse.lignes.count(),
                "lieu": porte.lu(reponse, "restitution_lieu"),
                "quand": reponse.restitution_le,
                "lien": reponse.get_public_url(),
            },
        )


def _lignes(reponse: ReponseArgumentee) -> Any:
    return reponse.lignes.select_related("proposition__collectif", "reponse").order_by(
        Length("proposition__numero"), "proposition__numero", "proposition__reference"
    )


@publique
@require_safe
@gardable(300)
def reponse(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole answer, proposition by proposition."""
    publiees: Any = ReponseArgumentee.objects.filter(est_publie=True)
    trouvee = get_object_or_404(publiees.select_related("collectif"), reference=reference)
    livret = trouvee.documents.filter(nature=LIVRET, est_public=True, etat="pret").order_by("-pk").first()
    return render(
        request,
        "engagements/reponse.html",
        {
            "reponse": trouvee,
            "dossier": trouvee,
            "lignes": _lignes(trouvee),
            "sens": dict(SENS),
            "livret": livret,
        },
    )


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def dossiers_reponses(request: RequeteConnectee) -> HttpResponse:
    vues: Any = ReponseArgumentee.objects.visibles_par(request.user)
    if not request.user.est_agent:
        vues = vues.filter(elu=request.user.pk)
    return render(
        request,
        "engagements/dossiers_reponses.html",
        {
            "reponses": vues.select_related("collectif", "elu").order_by("-ouvert_le", "-pk"),
            "est_agent": request.user.est_agent,
        },
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def dossier_reponse(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = reponse_du_bureau(request, pk)
    if not request.user.est_agent and trouvee.elu_id != request.user.pk:
        return ou_se_lit(trouvee)
    return page_dossier(
        request,
        trouvee,
        "engagements/dossier_reponse.html",
        {
            "lignes": [(ligne, boutons_de(ligne, request.user)) for ligne in _lignes(trouvee)],
            "sens": dict(SENS),
        },
    )
