"""Calling a conference off."""

from django import forms

from portal.conferences.services.cancel import REASON_LENGTH


class CancelForm(forms.Form):
    """Why, and whether people hear of it."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=REASON_LENGTH,
        help_text="Optional. People who were invited read it in their mail.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": "At most %(limit_value)d characters; this has %(show_value)d."
        },
    )
    notify = forms.BooleanField(
        label="Tell the people who were invited, by mail", required=False, initial=True
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        # The browser would cut a long text off without a word.
        self.fields["reason"].widget.attrs.pop("maxlength", None)
