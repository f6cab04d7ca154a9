"""Our side of each kind: which rows stand on an account, and how a row reads as fields."""

from integrations.base.records import Kind
from portal.sync.mirror import Mirror
from portal.sync.mirrors.conferences import ConferenceMirror, ModeratorMirror, RegistrationMirror
from portal.sync.mirrors.people import AttendeeMirror, GroupMirror, MembershipMirror
from portal.sync.mirrors.results import AttendanceMirror, RecordingMirror, SessionMirror

MIRRORS: dict[Kind, Mirror] = {
    mirror.kind: mirror
    for mirror in (
        AttendeeMirror(),
        GroupMirror(),
        MembershipMirror(),
        ConferenceMirror(),
        ModeratorMirror(),
        RegistrationMirror(),
        SessionMirror(),
        AttendanceMirror(),
        RecordingMirror(),
    )
}
