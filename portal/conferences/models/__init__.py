"""The mirrored world: what staff work with."""

from portal.conferences.models.conference import Conference, Moderator
from portal.conferences.models.conference_template import ConferenceTemplate
from portal.conferences.models.date_poll import AskedPerson, DatePoll, ProposedTime
from portal.conferences.models.history import Change
from portal.conferences.models.invited_group import InvitedGroup
from portal.conferences.models.job import Job
from portal.conferences.models.mail_copy import MailCopy
from portal.conferences.models.mail_template import MailTemplate
from portal.conferences.models.people import Attendee, AttendeeGroup, Membership
from portal.conferences.models.person_field import PersonField
from portal.conferences.models.platform_change import PlatformChange
from portal.conferences.models.registration import Invitation, Registration
from portal.conferences.models.registration_page import (
    Question,
    QuestionAnswer,
    RegistrationPage,
    UnconfirmedRegistration,
)
from portal.conferences.models.reminder import Reminder
from portal.conferences.models.results import Attendance, Recording, Session
from portal.conferences.models.series import Series
from portal.conferences.models.tag import Tag
from portal.conferences.models.unsaved_form import UnsavedForm

__all__ = [
    "AskedPerson",
    "Attendance",
    "Attendee",
    "AttendeeGroup",
    "Change",
    "Conference",
    "ConferenceTemplate",
    "DatePoll",
    "Invitation",
    "InvitedGroup",
    "Job",
    "MailCopy",
    "MailTemplate",
    "Membership",
    "Moderator",
    "PersonField",
    "PlatformChange",
    "ProposedTime",
    "Question",
    "QuestionAnswer",
    "Recording",
    "Registration",
    "RegistrationPage",
    "Reminder",
    "Series",
    "Session",
    "Tag",
    "UnconfirmedRegistration",
    "UnsavedForm",
]
