"""What officers type about the association: its name, who joins and leaves when, who holds which post."""

from django import forms
from django.utils.translation import gettext_lazy as _

from brokers import codes
from brokers.actions.associations import BRANCH_HEAD
from brokers.columns import ASSOCIATION
from brokers.models import Membership
from laborreg import clock
from laborreg.forms import ActionForm, DateInput

_NAME, _DAY = ASSOCIATION


def _day(label):
    return _DAY.field(label=label, widget=DateInput, initial=clock.today)


class AssociationForm(ActionForm):
    name = _NAME.field()
    founded_on = _DAY.field(widget=DateInput)


class JoinForm(ActionForm):
    joined_on = _day(_("Joined on"))


class LeaveForm(ActionForm):
    left_on = _day(_("Left the association on"))


class PostForm(ActionForm):
    """A post for one member; a station names heads of branches only."""

    kind = forms.ChoiceField(label=_("Post"), choices=codes.POSTS)
    from_on = _day(_("From"))

    def __init__(self, *args, is_county, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in codes.POSTS if is_county or kind[0] == BRANCH_HEAD]
        self.fields["kind"].choices = kinds
        self.fields["kind"].initial = BRANCH_HEAD


class EndPostForm(ActionForm):
    to_on = _day(_("Until"))


class _ByName(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return f"{membership.broker.name} · {membership.broker.village.label}"


class HeadForm(ActionForm):
    """One of the branch's members as its head."""

    member = _ByName(label=_("Member"), queryset=Membership.objects.none(), empty_label=_("Choose"))
    from_on = _day(_("From"))

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
