"""Acts on one signature: ask, confirm, correct, withdraw, refuse."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from participation.socle.bd.preparees import Preparee
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, nom_en_lettres
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Commune
from participation.socle.regles.adresses import canoniser
from petitions.models import CoPetitionnaire, Petition, Signature
from petitions.models.copetitionnaire import Qualite
from petitions.signatures.decompte import deplacer, numero_suivant
from petitions.signatures.referentiel import choix_communes, est_une_commune
from petitions.signatures.regles import empreintes, nom_canonique, suggestion
from petitions.workflow import Etat

# The hot path, in one statement: check that the pétition is open, then insert or mark a new request. If the
# same name already exists at the address, it is a new request: an unconfirmed row takes the new answers, a
# confirmed one keeps its own.
DEMANDER = Preparee(
    "demander_signature",
    """
INSERT INTO petitions_signature AS s (
    petition_id, prenom, nom, nom_canonique, courriel, courriel_canonique, commune_id, qualite, accord_nouvelles, accord_auteur,
    langue, empreinte_ip, empreinte_reseau, etat, origine, demandee_le, a_ecrire, courriels_ecrits, motif_ecart, est_comptee)
SELECT p.dossier_ptr_id, %(prenom)s, %(nom)s, %(nom_canonique)s, %(courriel)s, %(courriel_canonique)s, %(commune)s,
    %(qualite)s, %(accord_nouvelles)s, %(accord_auteur)s, %(langue)s, %(empreinte_ip)s, %(empreinte_reseau)s, 'demandee', 'en_ligne',
    clock_timestamp(), true, 0, '', false
FROM petitions_petition p JOIN socle_dossier d ON d.id = p.dossier_ptr_id
WHERE p.dossier_ptr_id = %(petition)s AND p.etat = 'en_collecte' AND d.est_publie AND p.date_fin_collecte >= %(jour)s
ON CONFLICT (petition_id, courriel_canonique, nom_canonique) DO UPDATE SET
    a_ecrire = true,
    demandee_le = excluded.demandee_le,
    langue = excluded.langue,
    empreinte_ip = excluded.empreinte_ip,
    empreinte_reseau = excluded.empreinte_reseau,
    prenom = CASE WHEN s.etat = 'demandee' THEN excluded.prenom ELSE s.prenom END,
    nom = CASE WHEN s.etat = 'demandee' THEN excluded.nom ELSE s.nom END,
    courriel = CASE WHEN s.etat = 'demandee' THEN excluded.courriel ELSE s.courriel END,
    commune_id = CASE WHEN s.etat = 'demandee' THEN excluded.commune_id ELSE s.commune_id END,
    qualite = CASE WHEN s.etat = 'demandee' THEN excluded.qualite ELSE s.qualite END,
    accord_nouvelles = CASE WHEN s.etat = 'demandee' THEN excluded.accord_nouvelles ELSE s.accord_nouvelles END,
    accord_auteur = CASE WHEN s.etat = 'demandee' THEN excluded.accord_auteur ELSE s.accord_auteur END
""",
    {
        "petition": "bigint",
        "prenom": "text",
        "nom": "text",
        "nom_canonique": "text",
        "courriel": "text",
        "courriel_canonique": "text",
        "commune": "text",
        "qualite": "text",
        "accord_nouvelles": "boolean",
        "accord_auteur": "boolean",
        "langue": "text",
        "empreinte_ip": "text",
        "empreinte_reseau": "text",
        "jour": "date",
    },
)


def demander_signature(
    petition: int,
    *,
    prenom: str,
    nom: str,
    courriel: str,
    commune: str,
    qualite: str,
    accord_nouvelles: bool,
    accord_auteur: bool = False,
    ip: str,
    reseau_connu: int | None = None,
) -> bool:
    """Write a request to sign, in one statement: no count, no letter, no fraud check.

    The letters will be in the language of the page.

    `petition` and `commune` are keys. `reseau_connu`: key of the known network of the request, if any.
    Returns False when the pétition is not open to signatures.
    """
    jour = timezone.localdate()
    adresse, reseau = lieu(ip, reseau_connu)
    ecrites = DEMANDER(
        {
            "petition": petition,
            "prenom": prenom,
            "nom": nom,
            "nom_canonique": nom_canonique(prenom, nom),
            "courriel": courriel,
            "courriel_canonique": canoniser(courriel),
            "commune": commune,
            "qualite": qualite,
            "accord_nouvelles": accord_nouvelles,
            "accord_auteur": accord_auteur,
            "langue": langue(),
            "empreinte_ip": adresse,
            "empreinte_reseau": reseau,
            "jour": jour,
        }
    )
    return bool(ecrites)


@transaction.atomic
def signer_copetitionnaire(
    copetitionnaire: CoPetitionnaire, *, ip: str = "", reseau_connu: int | None = None
) -> Signature:
    """Sign for a co-pétitionnaire from the signed link of their letter, which proves the address.

    Doing it twice changes nothing. Raises ErreurMetier when the person is no longer a co-pétitionnaire, or
    when the collecte is not open.
    """
    if not copetitionnaire.est_confirme or copetitionnaire.commune_id is None:
        raise ErreurMetier(
            gettext("Vous n’êtes plus co-pétitionnaire de cette pétition : signez-la depuis sa page.")
        )
    return _signer_en_un_geste(copetitionnaire.petition_id, copetitionnaire, ip=ip, reseau_connu=reseau_connu)


@transaction.atomic
def signer_la_reunie(
    ancienne: Signature, vers: Petition, *, ip: str = "", reseau_connu: int | None = None
) -> Signature:
    """Sign the pétition that another joined, from the link of the letter to its signers, which proves the address.

    The old signature does not move. Doing it twice changes nothing. Raises ErreurMetier when the collecte is not open,
    or when what the person had answered is erased.
    """
    if not ancienne.est_confirmee or not ancienne.nom_canonique:
        raise ErreurMetier(gettext("Vos réponses sont effacées : signez cette pétition depuis sa page."))
    return _signer_en_un_geste(vers.pk, ancienne, ip=ip, reseau_connu=reseau_connu)


def _signer_en_un_geste(
    petition: int, qui: CoPetitionnaire | Signature, *, ip: str, reseau_connu: int | None
) -> Signature:
    ouverte = demander_signature(
        petition,
        prenom=qui.prenom,
        nom=qui.nom,
        courriel=qui.courriel or "",
        commune=qui.commune_id or "",
        qualite=qui.qualite,
        accord_nouvelles=False,
        ip=ip,
        reseau_connu=reseau_connu,
    )
    if not ouverte:
        raise ErreurMetier(gettext("Cette pétition ne se signe pas aujourd’hui."))
    signature = Signature.objects.get(
        petition=petition,
        courriel_canonique=canoniser(qui.courriel or ""),
        nom_canonique=nom_canonique(qui.prenom, qui.nom),
    )
    confirmer_signature(signature, ip=ip, reseau_connu=reseau_connu)
    # No letter to write, even the second time.
    Signature.objects.filter(pk=signature.pk).update(a_ecrire=False)
    return signature


def lieu(ip: str, reseau_connu: int | None) -> tuple[str, str]:
    """Return the hashes of the address and of the network of a request; for a known network, only its key."""
    return empreintes(ip, timezone.localdate()) if reseau_connu is None else ("", f"connu-{reseau_connu}")


def verrouiller_adresse(signature: Signature) -> list[Signature]:
    """Lock every row of the address on this pétition, in the order of keys, and refresh `signature`."""
    lignes = list(
        Signature.objects.select_for_update()
        .filter(petition=signature.petition_id)
        .filter(
            Q(pk=signature.pk)
            | Q(courriel_canonique__isnull=False, courriel_canonique=signature.courriel_canonique)
        )
        .order_by("pk")
    )
    fraiche = next((ligne for ligne in lignes if ligne.pk == signature.pk), None)
    if fraiche is None:
        raise ErreurMetier(gettext("Cette signature n’existe plus. Vous pouvez signer de nouveau."))
    for champ in Signature._meta.concrete_fields:
        setattr(signature, champ.attname, getattr(fraiche, champ.attname))
    return lignes


@transaction.atomic
def confirmer_signature(signature: Signature, *, ip: str = "", reseau_connu: int | None = None) -> None:
    """Confirm a signature: give the lowest free rank of the address, and the number told to the person.

    Confirming again changes nothing. Raises ErreurMetier when the collecte is over or suspended, when the
    address has already served, when the signature was cancelled or taken out of the count. The place of the
    confirmation is checked before the next count (`ecarter_confirmations`), not here.
    """
    lignes = verrouiller_adresse(signature)
    if signature.est_confirmee:
        return
    if signature.est_sur_papier:
        raise ErreurMetier(signature.trop_tard())
    if signature.refusee_le is not None:
        raise ErreurMetier(gettext("Cette demande a été annulée depuis cette adresse."))
    if signature.etat not in {Signature.Etat.DEMANDEE, Signature.Etat.RETIREE}:
        raise ErreurMetier(
            gettext("Cette signature ne peut pas être confirmée. Écrivez au service participation.")
        )
    petition = _petition_tenue(signature.petition_id)
    if not petition.confirmation_possible():
        raise ErreurMetier(
            gettext("La collecte est suspendue : gardez ce lien, il marchera quand elle reprendra.")
            if petition.etat == Etat.SUSPENDUE
            else gettext("La collecte est close : il n’est plus possible de confirmer.")
        )
    signature.rang = _rang_libre(lignes, petition.reglement.signatures_par_adresse)
    signature.etat = Signature.Etat.CONFIRMEE
    # A row still counted keeps its first day: the counting task subtracts it from the day where it was added.
    if not signature.est_comptee or signature.confirmee_le is None:
        signature.confirmee_le = timezone.now()
    signature.retiree_le = None
    signature.a_ecrire = False
    signature.lettre_due = False
    signature.numero = numero_suivant(petition.pk)
    signature.empreinte_confirmation, signature.reseau_confirmation = lieu(ip, reseau_connu)
    signature.save(
        update_fields=[
            "rang",
            "etat",
            "confirmee_le",
            "retiree_le",
            "a_ecrire",
            "lettre_due",
            "numero",
            "empreinte_confirmation",
            "reseau_confirmation",
        ]
    )


def _petition_tenue(numero: int) -> Petition:
    """Read the pétition under a lock that confirmations share and that closing or suspending waits for."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM petitions_petition WHERE dossier_ptr_id = %s FOR SHARE", [numero])
    return Petition.objects.select_related("reglement").get(pk=numero)


def _rang_libre(lignes: list[Signature], permis: int) -> int:
    pris = {ligne.rang for ligne in lignes}
    for rang in range(1, permis + 1):
        if rang not in pris:
            return rang
    raise ErreurMetier(
        gettext(
            "Cette adresse a déjà servi à signer cette pétition. Chaque personne signe avec sa propre adresse."
        )
        if permis == 1
        else gettext(
            "Deux personnes ont déjà signé avec cette adresse. C’est le nombre le plus grand permis."
        )
    )


@transaction.atomic
def corriger_signature(
    signature: Signature,
    *,
    prenom: str,
    nom: str,
    commune: Commune,
    accord_nouvelles: bool,
    accord_auteur: bool = False,
) -> None:
    """Change what the signer may correct; the count by commune follows.

    Raises ErreurMetier when the signature no longer counts, or when the address already has this name.
    """
    lignes = verrouiller_adresse(signature)
    exiger_vivante(signature)
    if signature.est_sur_papier:
        raise ErreurMetier(gettext("Une signature sur papier se corrige au service participation."))
    canonique = nom_canonique(prenom, nom)
    if any(ligne.nom_canonique == canonique and ligne.pk != signature.pk for ligne in lignes):
        raise ErreurMetier(gettext("Une autre signature de cette adresse porte déjà ce nom."))
    if signature.commune_id != commune.pk:
        deplacer(signature, commune)
    signature.prenom, signature.nom, signature.nom_canonique = prenom, nom, canonique
    signature.commune = commune
    signature.accord_nouvelles, signature.accord_auteur = accord_nouvelles, accord_auteur
    signature.save(
        update_fields=["prenom", "nom", "nom_canonique", "commune", "accord_nouvelles", "accord_auteur"]
    )


def exiger_vivante(signature: Signature) -> None:
    if signature.etat != Signature.Etat.DEMANDEE and not signature.est_confirmee:
        raise ErreurMetier(gettext("Cette signature ne compte plus : elle ne peut pas être changée."))
    if not signature.nom_canonique:
        raise ErreurMetier(
            gettext(
                "Vos données ont été effacées à la fin du délai de conservation : il n’en reste rien à changer."
            )
        )


def relancer_signatures() -> int:
    """Mark one more letter for requests not confirmed after `relance_jours`, once each. Returns how many."""
    nombre = 0
    for petition in _en_collecte():
        limite = il_y_a_plus_de(petition.reglement.relance_jours)
        nombre += Signature.objects.filter(
            petition=petition,
            etat=Signature.Etat.DEMANDEE,
            demandee_le__lt=limite,
            relancee_le__isnull=True,
            courriels_ecrits__gte=1,
            refusee_le__isnull=True,
        ).update(relancee_le=timezone.now(), a_ecrire=True)
    return nombre


def _en_collecte() -> QuerySet[Petition]:
    return Petition.objects.select_related("reglement").filter(
        etat=Etat.EN_COLLECTE, date_fin_collecte__gte=timezone.localdate()
    )


ACCORDS = ("accord_nouvelles", "accord_auteur")


valider_courriel = EmailValidator()


def propre(texte: str) -> str:
    """Return a name in composed form, with single spaces. Raises ValidationError if it is not a name."""
    texte = nom_en_lettres(texte)
    if not nom_canonique(texte, ""):
        raise ValidationError(gettext("Écrivez ce nom avec des lettres."))
    return texte


class CommuneField(forms.ChoiceField):
    """Choice of a commune, checked by its code: going through the choices would double the cost of the
    form."""

    def valid_value(self, value: str) -> bool:
        return est_une_commune(value)


class NomMixin(forms.Form):
    """Fields of identity; each error message says what to write."""

    prenom = champ_ligne(
        _("Prénom"),
        maximum=80,
        erreur=_("Écrivez votre prénom."),
        messages={"max_length": _("Écrivez votre prénom en 80 lettres au plus.")},
        attributs={"autocomplete": "given-name"},
    )
    nom = champ_ligne(
        _("Nom"),
        maximum=80,
        erreur=_("Écrivez votre nom."),
        messages={"max_length": _("Écrivez votre nom en 80 lettres au plus.")},
        attributs={"autocomplete": "family-name"},
    )
    commune = CommuneField(
        label=_("Commune"),
        choices=lambda: [("", _("Choisir dans la liste")), *choix_communes()],
        help_text=_("Là où vous habitez ou, sinon, là où vous payez un impôt local."),
        error_messages={
            "required": _("Choisissez votre commune dans la liste."),
            "invalid_choice": _("Choisissez votre commune dans la liste."),
        },
        widget=forms.Select(attrs={"autocomplete": "address-level2", "class": "champ-court"}),
    )

    def clean_prenom(self) -> str:
        return propre(self.cleaned_data["prenom"])

    def clean_nom(self) -> str:
        return propre(self.cleaned_data["nom"])


class SignerForm(NomMixin):
    courriel = champ_ligne(
        _("Adresse de courriel"),
        _("Nous y envoyons un lien. Votre signature compte quand vous l’avez ouvert."),
        maximum=254,
        erreur=_("Écrivez votre adresse de courriel."),
        messages={"max_length": _("Cette adresse est trop longue. Exemple : lea@exemple.fr")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    # Address already questioned as a typing error: if the person sends it again, it is accepted.
    courriel_verifie = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)
    qualite = champ_choix(
        ici_plus_tard(_("Vous et la {metropole}")),
        [
            (Qualite.RESIDENT.value, ici_plus_tard(_("J’habite l’une des {communes} communes"))),
            (Qualite.CONTRIBUABLE.value, _("Je n’y habite pas, mais j’y paie un impôt local")),
        ],
        erreur=ici_plus_tard(_("Dites si vous habitez la {metropole} ou si vous y payez un impôt local.")),
        boutons=True,
    )
    age = champ_case(
        _("J’ai l’âge demandé"),
        erreur=_("Cochez cette case si vous avez l’âge demandé. Sinon, vous ne pouvez pas encore signer."),
    )
    accord_nouvelles = champ_case(
        ici_plus_tard(_("Je veux recevoir la réponse de la {metropole} et les nouvelles de cette pétition")),
        requis=False,
    )
    accord_auteur = champ_case(
        _("Je veux aussi recevoir ce que ses auteurs écrivent aux signataires"),
        _("Le service relit chaque message avant l’envoi. Vos nom et adresse ne leur sont jamais donnés."),
        requis=False,
    )

    def dire_age(self, minimum: int) -> None:
        """Put the age of the règlement in the label. Only needed when the form is displayed."""
        self.fields["age"].label = self["age"].label = ngettext(
            "J’ai %(ans)s an ou plus", "J’ai %(ans)s ans ou plus", minimum
        ) % {"ans": minimum}

    def clean_courriel(self) -> str:
        courriel: str = self.cleaned_data["courriel"].strip()
        valider_courriel(courriel)
        if courriel.endswith("]"):  # an IP literal: no real mailbox, and possibly one of our machines
            raise ValidationError(valider_courriel.message)
        propose = suggestion(courriel)
        if propose and self.data.get("courriel_verifie") != courriel:
            self.data = {**{cle: self.data[cle] for cle in self.data}, "courriel_verifie": courriel}
            raise ValidationError(
                gettext(
                    "Vouliez-vous écrire %(adresse)s ? Corrigez l’adresse ou, si elle est juste, envoyez de nouveau."
                )
                % {"adresse": propose}
            )
        return courriel

    @property
    def reponses(self) -> dict[str, Any]:
        """Arguments of the action. Declarations are conditions, and are not kept."""
        return {
            cle: self.cleaned_data[cle]
            for cle in ("prenom", "nom", "courriel", "commune", "qualite", *ACCORDS)
        }


class _Partages(dict[str, forms.Field]):
    """Fields shared by all instances of a form; Django would copy them so that an instance may change
    them."""

    def __deepcopy__(self, memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class LireSignatureForm(SignerForm):
    """The same form, to validate and never to display: copying its fields is a tenth of the cost of
    signing."""


LireSignatureForm.base_fields = _Partages(SignerForm.base_fields)


class CorrigerSignatureForm(NomMixin):
    accord_nouvelles = champ_case(
        ici_plus_tard(_("Je veux recevoir la réponse de la {metropole} et les nouvelles de cette pétition")),
        requis=False,
    )
    accord_auteur = champ_case(
        _("Je veux aussi recevoir ce que ses auteurs écrivent aux signataires"),
        _("Le service relit chaque message avant l’envoi. Vos nom et adresse ne leur sont jamais donnés."),
        requis=False,
    )

    @classmethod
    def de(cls, signature: Signature, donnees: Any = None) -> "CorrigerSignatureForm":
        return cls(
            donnees,
            initial={
                "prenom": signature.prenom,
                "nom": signature.nom,
                "commune": signature.commune_id,
                "accord_nouvelles": signature.accord_nouvelles,
                "accord_auteur": signature.accord_auteur,
            },
        )
