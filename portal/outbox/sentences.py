"""What entries say of themselves: codes, and the words for them."""

from django.utils.translation import gettext_lazy as _

from portal.common.texts import Sentence

NO_ANSWER_SO_FAR = Sentence(
    "entry.no-answer-so-far", _("It was asked for, and no answer has come so far.")
)()
