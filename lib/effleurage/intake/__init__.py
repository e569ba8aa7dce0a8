"""A client as the intake knows them: history, medicines, events, signs today, wishes, baseline measures.

Every question has three answers: yes, no, and not known. What nobody asked is not known, and never
counts as no.

>>> client = load("office-neck")
>>> client.answer("fever")
'no'
"""

from effleurage.intake.clients import (
    Answer,
    Clearance,
    Client,
    Complaint,
    Place,
    Present,
    Taken,
    cases,
    load,
    missing,
    sections,
)
from effleurage.intake.sheets import AnswerSheet, Catch, Expected, Question, answer_sheet, kinds

__all__ = [
    "Answer",
    "AnswerSheet",
    "Catch",
    "Clearance",
    "Client",
    "Complaint",
    "Expected",
    "Place",
    "Present",
    "Question",
    "Taken",
    "answer_sheet",
    "cases",
    "kinds",
    "load",
    "missing",
    "sections",
]
