"""What an applicant answered to the questions of the call."""

from participation.renouvellement.models import Candidature, QuestionCampagne


def reponses_aux_questions(candidature: Candidature) -> list[tuple[QuestionCampagne, str]]:
    return [
        (question, candidature.reponses[str(question.pk)])
        for question in candidature.campagne.questions.all()
        if candidature.reponses.get(str(question.pk))
    ]
