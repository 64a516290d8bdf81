"""Answers of members by signed link: room, video, excused, proxy; letters to suppléants and mandataires."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from participation.seances.convocation import actes as convocation
from participation.seances.convocation.reponses import (
    mandataires_possibles,
    noter_ouverture,
    relancer_reponses,
    repondre,
)
from participation.seances.models import Convie, Convocation, Envoi, Profil, Seance
from participation.seances.workflow import Etat
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel
from participation.socle.models.suivi import nommer
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    MembreFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def convies():
    """Alma, whose suppléant is on call, and two others, convened to the same séance."""
    seance = SeanceFactory(convoquee=True)
    college = CollegeFactory(mandature=seance.mandature)
    trois = [ConvieFactory(seance=seance, membre=MembreFactory(college=college)) for _ in range(3)]
    MembreFactory(college=college, suppleant=True, suppleant_de=trois[0].membre)
    envoi = Convocation.objects.create(
        seance=seance, sequence=0, date_limite=timezone.localdate(), envoyee_le=timezone.now()
    )
    for convie in trois:
        Envoi.objects.create(convocation=envoi, convie=convie)
    return trois


def relire(convie):
    return Convie.objects.select_related(
        "seance__instance", "seance__reglement", "membre__compte", "membre__college"
    ).get(pk=convie.pk)


def regler(**champs):
    ReglementInstanceFactory._meta.model.objects.update(**champs)


def lettres_a(convie, acte):
    return Courriel.objects.filter(acte=f"seances/{acte}", destinataires=[convie.membre.compte.courriel])


def test_an_answer_is_kept_confirmed_and_changed_until_the_seance_opens(convies):
    alma = convies[0]

    repondre(relire(alma), reponse="salle", besoins=["boucle"], precisions="Au premier rang")
    repondre(relire(alma), reponse="distance")

    alma.refresh_from_db()
    assert (alma.reponse, alma.besoins) == ("distance", [])
    assert lettres_a(alma, "repondre").count() == 2
    Seance.objects.update(etat=Etat.OUVERTE)
    with pytest.raises(ActeInterdit, match="Prévenez l’animateur"):
        repondre(relire(alma), reponse="excuse")


def test_what_the_seance_does_not_allow_is_refused(convies):
    Seance.objects.update(tenue="salle")
    with pytest.raises(ValidationError, match="visioconférence"):
        repondre(relire(convies[0]), reponse="distance")
    Seance.objects.update(tenue="distance")
    with pytest.raises(ValidationError, match="pas de salle"):
        repondre(relire(convies[0]), reponse="salle")
    with pytest.raises(ValidationError, match="liste"):
        repondre(relire(convies[0]), reponse="peut-etre")
    with pytest.raises(ValidationError, match="besoins"):
        repondre(relire(convies[0]), reponse="distance", besoins=["helicoptere"])


def test_needs_are_not_written_in_a_journal_that_cannot_be_rubbed_out(convies):
    repondre(relire(convies[0]), reponse="salle", besoins=["interprete"], precisions="LSF")

    (entree,) = convies[0].seance.journal.filter(acte="repondre")
    assert "interprete" not in f"{entree.fait} {entree.motif} {entree.details}"
    assert "LSF" not in f"{entree.fait} {entree.motif} {entree.details}"


# Proxies


def test_a_proxy_is_told_to_who_holds_it_and_withdrawn_likewise(convies):
    alma, basile, chloe = convies

    repondre(relire(alma), reponse="pouvoir", pouvoir_a=basile)
    assert lettres_a(basile, "recevoir_pouvoir").count() == 1
    repondre(relire(alma), reponse="pouvoir", pouvoir_a=chloe)

    assert lettres_a(basile, "perdre_pouvoir").count() == 1
    assert lettres_a(chloe, "recevoir_pouvoir").count() == 1
    alma.refresh_from_db()
    assert alma.pouvoir_a == chloe


def test_a_proxy_goes_only_where_the_reglement_lets_it(convies):
    alma, basile, chloe = convies
    seance = alma.seance
    ailleurs = ConvieFactory(seance=SeanceFactory(convoquee=True))
    retire = ConvieFactory(seance=seance, retire_le=timezone.now())
    elus = CollegeFactory(mandature=seance.mandature, nom="Élus")
    elue = ConvieFactory(seance=seance, membre=MembreFactory(college=elus))
    experts = CollegeFactory(mandature=seance.mandature, nom="Experts", vote_depuis=None)
    expert = ConvieFactory(seance=seance, membre=MembreFactory(college=experts))
    regler(pouvoir_entre_colleges=False)

    for mandataire, dit in (
        (alma, "autre personne"),
        (ailleurs, "n’est pas convoqué"),
        (retire, "n’est pas convoqué"),
        (elue, "votre collège"),
        (expert, "droit de vote"),
        (None, "à qui"),
    ):
        with pytest.raises(ValidationError, match=dit):
            repondre(relire(alma), reponse="pouvoir", pouvoir_a=mandataire)
    repondre(relire(basile), reponse="excuse")
    with pytest.raises(ValidationError, match="est excusé"):
        repondre(relire(alma), reponse="pouvoir", pouvoir_a=basile)
    assert mandataires_possibles(relire(alma)) == [chloe]
    assert mandataires_possibles(relire(expert)) == []


def test_nobody_carries_more_proxies_than_allowed(convies):
    alma, basile, chloe = convies
    repondre(relire(alma), reponse="pouvoir", pouvoir_a=chloe)

    with pytest.raises(ValidationError, match="déjà un pouvoir"):
        repondre(relire(basile), reponse="pouvoir", pouvoir_a=chloe)
    # Changing her own proxy does not give her a second one.
    repondre(relire(alma), reponse="pouvoir", pouvoir_a=chloe, precisions="Toujours")
    regler(pouvoirs_par_personne=0)
    with pytest.raises(ValidationError, match="ne permet pas"):
        repondre(relire(basile), reponse="pouvoir", pouvoir_a=chloe)


def test_a_holder_who_is_excused_makes_it_known_to_both(convies):
    alma, basile, _ = convies
    repondre(relire(alma), reponse="pouvoir", pouvoir_a=basile)

    repondre(relire(basile), reponse="excuse")

    assert lettres_a(alma, "pouvoir_caduc").count() == 1
    assert lettres_a(basile, "pouvoir_caduc_mandataire").count() == 1


# Suppléants


def test_the_suppleant_of_who_is_excused_is_convened_at_once(convies):
    alma = convies[0]

    repondre(relire(alma), reponse="excuse")

    suppleant = alma.remplacants.get()
    assert suppleant.membre.suppleant_de == alma.membre
    assert (
        f"{suppleant.membre} vous supplée, et a sa convocation depuis cet instant."
        in lettres_a(alma, "repondre").get().corps
    )
    lettre = lettres_a(suppleant, "convoquer_suppleant").get()
    calendrier = Calendar.from_ical(bytes(lettre.pieces.get(nom="invitation.ics").contenu))
    assert calendrier["METHOD"] == "REQUEST"
    assert suppleant.envois.get().courriel == lettre


def test_when_the_titulaire_comes_back_the_suppleant_is_told(convies, client):
    alma = convies[0]
    repondre(relire(alma), reponse="excuse")
    suppleant = alma.remplacants.get()
    premier = Calendar.from_ical(
        bytes(lettres_a(suppleant, "convoquer_suppleant").get().pieces.get(nom="invitation.ics").contenu)
    )

    repondre(relire(alma), reponse="salle")

    suppleant.refresh_from_db()
    assert suppleant.retire_le is not None
    # The journal, which cannot be erased, keeps the places of both names.
    lignes = nommer(alma.seance.journal.filter(acte__endswith="_suppleant"))
    assert [ligne.fait for ligne in lignes if "⟨2⟩" not in ligne.fait] == []
    assert all(str(suppleant.membre) in ligne.fait_en_clair for ligne in lignes)
    retour = Calendar.from_ical(
        bytes(lettres_a(suppleant, "liberer_suppleant").get().pieces.get(nom="annulation.ics").contenu)
    )
    assert retour["METHOD"] == "CANCEL"
    assert retour.walk("VEVENT")[0]["SEQUENCE"] > premier.walk("VEVENT")[0]["SEQUENCE"]
    with pytest.raises(ActeInterdit):
        repondre(relire(suppleant), reponse="salle")
    dit = {"reponse": "salle", "precisions": "J’arrive avec mes deux enfants.", "montre": "etat:convoquee"}
    page = client.post(reverse("seances:repondre", args=[suppleant.jeton()]), dit).content.decode()
    assert "J’arrive avec mes deux enfants." in page, "What was typed before she was freed is given back."
    # Excused again: the same suppléant is convened again.
    repondre(relire(alma), reponse="excuse")
    suppleant.refresh_from_db()
    assert suppleant.retire_le is None
    assert lettres_a(suppleant, "convoquer_suppleant").count() == 2


def test_when_the_seance_moves_no_suppleant_reads_that_the_titulaire_comes(convies, agent):
    alma = convies[0]
    repondre(relire(alma), reponse="excuse")
    suppleant, seance, ancien = alma.remplacants.get(), alma.seance, alma.seance.debut
    debut = ancien + timedelta(days=7)

    convocation.deplacer(seance, par=agent, motif="Salle prise", debut=debut, fin=debut + timedelta(hours=2))

    corps = lettres_a(suppleant, "liberer_suppleant").get().corps
    assert "siégera" not in corps
    assert jour_texte(ancien, "long") in corps
    assert jour_texte(debut, "long") in corps


def test_the_next_suppleant_follows_the_first_who_is_excused_too(convies):
    alma = convies[0]
    libre = MembreFactory(college=alma.membre.college, suppleant=True)
    repondre(relire(alma), reponse="excuse")

    repondre(relire(alma.remplacants.get()), reponse="excuse")

    assert set(alma.remplacants.values_list("membre", flat=True)) >= {libre.pk}


def test_a_reglement_without_suppleants_convenes_none(convies):
    regler(avec_suppleants=False)

    repondre(relire(convies[0]), reponse="excuse")

    assert not convies[0].remplacants.exists()


# Signed link


def test_a_get_never_answers_and_the_log_says_that_the_link_was_opened(client, convies):
    adresse = reverse("seances:repondre", args=[convies[0].jeton()])

    page = client.get(adresse)

    convies[0].refresh_from_db()
    assert convies[0].reponse == ""
    assert convies[0].envois.get().ouvert_le is not None
    assert "no-store" in page["Cache-Control"]
    assert client.head(adresse).status_code == 200


def test_the_link_answers_without_an_account_and_keeps_what_was_typed(client, convies):
    alma, basile, _ = convies
    adresse = reverse("seances:repondre", args=[alma.jeton()])

    refusee = client.post(adresse, {"reponse": "pouvoir", "precisions": "Je serai en voyage"})
    assert "Dites à qui vous donnez pouvoir" in refusee.content.decode()
    assert "Je serai en voyage" in refusee.content.decode()

    faite = client.post(
        adresse, {"reponse": "pouvoir", "pouvoir_a": str(basile.pk), "besoins": ["transport"]}
    )
    alma.refresh_from_db()
    assert (alma.reponse, alma.pouvoir_a, alma.besoins) == ("pouvoir", basile, ["transport"])
    apres = client.get(faite.url).content.decode()
    assert "Votre réponse est notée" in apres
    assert "qui participe" not in apres  # she does not come
    autre = client.post(reverse("seances:repondre", args=[basile.jeton()]), {"reponse": "salle"})
    assert "qui participe" in client.get(autre.url).content.decode()


def test_a_proxy_to_who_is_not_convened_is_refused_by_name(client, convies):
    ailleurs = ConvieFactory(seance=SeanceFactory(convoquee=True))
    adresse = reverse("seances:repondre", args=[convies[0].jeton()])

    nommee = client.post(adresse, {"reponse": "pouvoir", "pouvoir_a": str(ailleurs.pk)}).content.decode()
    inconnue = client.post(adresse, {"reponse": "pouvoir", "pouvoir_a": "999999"}).content.decode()

    assert f"{ailleurs.membre} n’est pas convoqué" in nommee
    assert "n’est pas convoquée" in inconnue


def test_a_broken_or_foreign_link_leads_nowhere(client, convies):
    for jeton in (convies[0].jeton()[:-3], "1:2:3", "x"):
        assert client.get(reverse("seances:repondre", args=[jeton])).status_code == 404


def test_once_open_or_called_off_the_page_says_so(client, convies):
    adresse = reverse("seances:repondre", args=[convies[0].jeton()])
    Seance.objects.update(etat=Etat.ANNULEE, motif="Grève des transports")
    assert "Grève des transports" in client.get(adresse).content.decode()
    Seance.objects.update(etat=Etat.OUVERTE)
    assert "Prévenez l’animateur" in client.get(adresse).content.decode()
    assert client.post(adresse, {"reponse": "salle"}).status_code == 409


def test_the_needs_of_the_profile_are_proposed(client, convies):
    Profil.objects.create(compte=convies[0].membre.compte, besoins=["garde"])

    page = client.get(reverse("seances:repondre", args=[convies[0].jeton()]))

    assert page.context["form"]["besoins"].value() == ["garde"]


# Page of the member, reminder, agent


def test_a_member_answers_on_her_page_and_others_do_not_see_it(client, convies, agent):
    adresse = reverse("seances:ma_seance", args=[convies[0].seance_id])
    client.force_login(convies[0].membre.compte)

    assert "Viendrez-vous" in client.get(adresse).content.decode()
    client.post(adresse, {"reponse": "salle"})
    convies[0].refresh_from_db()
    assert convies[0].reponse == "salle"

    client.force_login(CompteFactory())
    assert client.get(adresse).status_code == 404


def test_those_who_said_nothing_are_reminded_once_a_day(convies, agent):
    seance = convies[0].seance
    repondre(relire(convies[0]), reponse="salle")

    assert relancer_reponses(seance, par=agent) == 2
    with pytest.raises(ErreurMetier, match="déjà partie"):
        relancer_reponses(seance, par=agent)

    assert not lettres_a(convies[0], "relancer_reponse").exists()
    Convie.objects.filter(reponse="").update(reponse="salle")
    with pytest.raises(ErreurMetier, match="Tout le monde a répondu"):
        relancer_reponses(seance, par=agent)


def test_an_agent_writes_down_what_was_said_by_telephone(client, convies, agent):
    client.force_login(agent)

    client.post(reverse("seances:noter_reponse", args=[convies[1].pk]), {"reponse": "distance"})

    convies[1].refresh_from_db()
    assert convies[1].reponse == "distance"
    entree = convies[1].seance.journal.get(acte="repondre")
    assert (entree.par, entree.details["note_par_agent"]) == (agent, True)


def test_the_opening_is_noted_on_the_last_sending_only(convies):
    alma = convies[0]
    second = Convocation.objects.create(
        seance=alma.seance, sequence=1, date_limite=timezone.localdate(), envoyee_le=timezone.now()
    )
    dernier = Envoi.objects.create(convocation=second, convie=alma, le=timezone.now() + timedelta(seconds=1))

    noter_ouverture(alma)

    dernier.refresh_from_db()
    assert dernier.ouvert_le is not None
    assert alma.envois.exclude(pk=dernier.pk).get().ouvert_le is None


def test_on_the_day_the_link_leads_to_note_ones_presence_without_an_account(client, convies):
    convie = convies[0]
    page = reverse("seances:repondre", args=[convie.jeton()])
    presence = reverse("seances:presence_par_lien", args=[convie.jeton()]).split(":")[0]
    assert presence not in client.get(page).content.decode()

    # Past midnight: a séance of last evening not opened yet; then one still open since yesterday.
    seance, hier = convie.seance, timezone.localtime() - timedelta(days=1)
    siennes = Seance.objects.filter(pk=seance.pk)
    for fin, etat, est_offert in (
        (hier, Etat.CONVOQUEE, False),
        (timezone.localtime(), Etat.CONVOQUEE, True),
        (hier, Etat.OUVERTE, True),
    ):
        siennes.update(debut=hier - timedelta(minutes=1), fin=fin, etat=etat, ouverte_le=hier)
        assert (presence in client.get(page).content.decode()) == est_offert

    Seance.objects.filter(pk=seance.pk).update(etat=Etat.LEVEE)
    assert presence not in client.get(page).content.decode()
