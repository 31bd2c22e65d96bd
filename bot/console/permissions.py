"""Permissions: what each role may do, and what each address under /staff takes. Whatever is not listed is refused."""

from collections.abc import Iterable
from enum import Enum


class Role(str, Enum):
    """What somebody works as; one account may have several."""

    AGENT = "agent"
    QUALITY = "quality"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


ROLE_NAMES = {Role.AGENT: "客服", Role.QUALITY: "质检", Role.SUPERVISOR: "主管", Role.ADMIN: "管理员"}


class Permission(str, Enum):
    """One thing that may be done on the console."""

    READ = "read"
    """Conversations: the inbox, the search, one conversation."""

    HEAR = "hear"
    """Recordings of calls."""

    REQUESTS = "requests"
    """The queue of people to call back."""

    REVIEW = "review"
    """Tags, flags and comments; the items that are one's own to review."""

    SCORE = "score"
    """Scores on the score sheet, and seeing them."""

    ASSIGN = "assign"
    """Samples, lists and who reviews what."""

    SHEET = "sheet"
    """What the score sheet asks."""

    REVEAL = "reveal"
    """The digits that transcripts mask, as far as they are stored."""

    LIVE = "live"
    """Conversations in progress, with their words as they are said."""

    LISTEN = "listen"
    """The sound of a call that goes on."""

    TAKE_OVER = "take_over"
    """Answer a chat in the bot's place."""

    CONTACT = "contact"
    """The whole number of somebody to call back, while looking after his request."""

    EXPORT = "export"
    """Files with what many conversations hold, or everything that one does."""

    DASHBOARDS = "dashboards"
    """What many conversations come to, day by day."""

    DATA_RIGHTS = "data_rights"
    """One person's data: find, hand out, remove."""

    CORRECT = "correct"
    """What a turn was and meant: a suggestion for the teaching queue; what nobody answers yet."""

    TEACH = "teach"
    """Accept suggestions, train, choose the model that serves."""

    AUDIT = "audit"
    """The log of what staff did."""

    USERS = "users"
    """Accounts of 客服 and 质检: make, disable, new password, roles."""

    ADMINS = "admins"
    """The same for accounts of 主管 and 管理员."""


_READING = frozenset({Permission.READ, Permission.HEAR, Permission.LIVE})
_JUDGING = frozenset({Permission.REVIEW, Permission.SCORE, Permission.ASSIGN})
_SERVING = frozenset({Permission.REQUESTS, Permission.CONTACT, Permission.LISTEN, Permission.TAKE_OVER})
ROLE_PERMISSIONS = {
    Role.AGENT: _READING | _SERVING | {Permission.REVIEW},
    Role.QUALITY: _READING | _JUDGING | {Permission.CORRECT},
    Role.SUPERVISOR: _READING
    | _JUDGING
    | _SERVING
    | {
        Permission.SHEET,
        Permission.REVEAL,
        Permission.EXPORT,
        Permission.DASHBOARDS,
        Permission.DATA_RIGHTS,
        Permission.AUDIT,
        Permission.USERS,
        Permission.CORRECT,
        Permission.TEACH,
    },
    Role.ADMIN: frozenset(Permission),
}


class Access(Enum):
    """What an address asks for that is no permission."""

    ANYBODY = "anybody"
    """The sign-in itself; it checks its own form token."""

    SIGNED_IN = "signed_in"
    """Whoever is signed in, whatever the role."""


ROUTES: dict[tuple[str, str], Permission | Access] = {
    ("GET", "/staff"): Access.SIGNED_IN,
    ("GET", "/staff/login"): Access.ANYBODY,
    ("POST", "/staff/login"): Access.ANYBODY,
    ("GET", "/staff/login/code"): Access.ANYBODY,
    ("POST", "/staff/login/code"): Access.ANYBODY,
    ("POST", "/staff/logout"): Access.ANYBODY,
    ("GET", "/staff/me"): Access.SIGNED_IN,
    ("POST", "/staff/me/password"): Access.SIGNED_IN,
    ("POST", "/staff/me/code/offer"): Access.SIGNED_IN,
    ("POST", "/staff/me/code/confirm"): Access.SIGNED_IN,
    ("POST", "/staff/me/code/remove"): Access.SIGNED_IN,
    ("POST", "/staff/me/sessions/end"): Access.SIGNED_IN,
    ("GET", "/staff/conversations"): Permission.READ,
    ("POST", "/staff/views"): Permission.READ,
    ("POST", "/staff/views/forget"): Permission.READ,
    ("GET", "/staff/live/inbox"): Permission.READ,
    ("GET", "/staff/export/conversations.csv"): Permission.EXPORT,
    ("GET", "/staff/conversations/{conversation_id}"): Permission.READ,
    ("GET", "/staff/conversations/{conversation_id}/bundle.zip"): Permission.EXPORT,
    ("POST", "/staff/conversations/{conversation_id}/numbers"): Permission.REVEAL,
    ("POST", "/staff/conversations/{conversation_id}/tags"): Permission.REVIEW,
    ("POST", "/staff/conversations/{conversation_id}/flags"): Permission.REVIEW,
    ("POST", "/staff/conversations/{conversation_id}/comments"): Permission.REVIEW,
    ("POST", "/staff/conversations/{conversation_id}/scores"): Permission.SCORE,
    ("POST", "/staff/conversations/{conversation_id}/assign"): Permission.ASSIGN,
    ("GET", "/staff/review"): Permission.REVIEW,
    ("POST", "/staff/review"): Permission.ASSIGN,
    ("GET", "/staff/review/sheet"): Permission.SHEET,
    ("POST", "/staff/review/sheet"): Permission.SHEET,
    ("GET", "/staff/review/{list_id}"): Permission.REVIEW,
    ("GET", "/staff/review/{list_id}/next"): Permission.REVIEW,
    ("POST", "/staff/review/items/assignee"): Permission.ASSIGN,
    ("POST", "/staff/review/items/done"): Permission.REVIEW,
    ("GET", "/staff/recordings/{call_id}"): Permission.HEAR,
    ("GET", "/staff/waveforms/{call_id}"): Permission.HEAR,
    ("GET", "/staff/handoffs"): Permission.REQUESTS,
    ("GET", "/staff/dashboards"): Permission.DASHBOARDS,
    ("GET", "/staff/dashboards/{chart}.csv"): Permission.EXPORT,
    ("GET", "/staff/live/handoffs"): Permission.REQUESTS,
    ("POST", "/staff/handoffs/{reference}/take"): Permission.REQUESTS,
    ("POST", "/staff/handoffs/{reference}/return"): Permission.REQUESTS,
    ("POST", "/staff/handoffs/{reference}/done"): Permission.REQUESTS,
    ("POST", "/staff/handoffs/{reference}/phone"): Permission.CONTACT,
    ("GET", "/staff/live"): Permission.LIVE,
    ("GET", "/staff/live/board"): Permission.LIVE,
    ("GET", "/staff/live/conversations/{conversation_id}"): Permission.LIVE,
    ("GET", "/staff/live/conversations/{conversation_id}/events"): Permission.LIVE,
    ("GET", "/staff/live/conversations/{conversation_id}/sound"): Permission.LISTEN,
    ("POST", "/staff/live/conversations/{conversation_id}/take-over"): Permission.TAKE_OVER,
    ("POST", "/staff/live/conversations/{conversation_id}/say"): Permission.TAKE_OVER,
    ("POST", "/staff/live/conversations/{conversation_id}/typing"): Permission.TAKE_OVER,
    ("POST", "/staff/live/conversations/{conversation_id}/hand-back"): Permission.TAKE_OVER,
    ("GET", "/staff/data-rights"): Permission.DATA_RIGHTS,
    ("POST", "/staff/data-rights/find"): Permission.DATA_RIGHTS,
    ("GET", "/staff/data-rights/cases/{case_id}"): Permission.DATA_RIGHTS,
    ("POST", "/staff/data-rights/cases/{case_id}/export"): Permission.DATA_RIGHTS,
    ("POST", "/staff/data-rights/cases/{case_id}/delete"): Permission.DATA_RIGHTS,
    ("GET", "/staff/teaching"): Permission.CORRECT,
    ("POST", "/staff/teaching/corrections"): Permission.CORRECT,
    ("POST", "/staff/teaching/suggestions/change"): Permission.CORRECT,
    ("POST", "/staff/teaching/suggestions/reject"): Permission.CORRECT,
    ("POST", "/staff/teaching/batches"): Permission.TEACH,
    ("GET", "/staff/teaching/batches/{batch_id}"): Permission.CORRECT,
    ("GET", "/staff/teaching/batches/{batch_id}/patch"): Permission.TEACH,
    ("POST", "/staff/teaching/batches/train"): Permission.TEACH,
    ("POST", "/staff/teaching/batches/discard"): Permission.TEACH,
    ("POST", "/staff/teaching/live"): Permission.TEACH,
    ("GET", "/staff/teaching/unanswered"): Permission.CORRECT,
    ("POST", "/staff/teaching/unanswered/sort"): Permission.CORRECT,
    ("POST", "/staff/teaching/unanswered/faq"): Permission.TEACH,
    ("POST", "/staff/teaching/recognition"): Permission.EXPORT,
    ("POST", "/staff/teaching/recognition/remove"): Permission.EXPORT,
    ("GET", "/staff/audit"): Permission.AUDIT,
    ("GET", "/staff/users"): Permission.USERS,
    ("POST", "/staff/users"): Permission.USERS,
    ("POST", "/staff/users/roles"): Permission.USERS,
    ("POST", "/staff/users/disabled"): Permission.USERS,
    ("POST", "/staff/users/password"): Permission.USERS,
}
"""(method, path as the router knows it) -> what it takes. ``tests/bot/test_permissions.py`` walks it for every role."""

UNATTENDED = frozenset(
    {
        "/staff/live/inbox",
        "/staff/live/handoffs",
        "/staff/live/board",
        "/staff/live/conversations/{conversation_id}/events",
        "/staff/live/conversations/{conversation_id}/sound",
    }
)
"""What a page asks for by itself: it does not keep a session from running out, nor does ``?live=1``."""

OPEN_WHILE_PASSWORD_IS_FOREIGN = frozenset({"/staff/me", "/staff/me/password"})
"""All that opens with a password that somebody else chose."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that these roles may do together."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))


def needed_for(roles: Iterable[Role]) -> Permission:
    """What it takes to make or change an account with these roles."""
    return Permission.ADMINS if {Role.SUPERVISOR, Role.ADMIN} & set(roles) else Permission.USERS


def read_roles(stored: str) -> tuple[Role, ...]:
    """Roles from their column; a word that is none is no role."""
    return tuple(role for role in Role if role.value in stored.split(","))


def stored_roles(roles: Iterable[Role]) -> str:
    """Roles for their column, in one order."""
    wanted = set(roles)
    return ",".join(role.value for role in Role if role in wanted)
