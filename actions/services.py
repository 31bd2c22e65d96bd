"""Services: what the actions of this process work with; opened at the first message, its setting read at import."""

from dataclasses import dataclass
from functools import lru_cache

from actions.lending.clock import SYSTEM_CLOCK, Clock
from actions.lending.database import open_database
from actions.lending.decision_records import DecisionRecords
from actions.lending.disclosure_anchors import DisclosureAnchors
from actions.lending.disclosure_log import DisclosureLog, anchors_folder
from actions.lending.identity import IdentityService
from actions.lending.keys import load_keys
from actions.lending.lending_records import LendingRecords
from actions.lending.policy import PolicyBook
from actions.lending.repositories import LendingRepository
from actions.lending.service_desk import ServiceDesk
from actions.staff_hours import StaffHours


@dataclass(frozen=True)
class Services:
    """The lending domain as the actions see it."""

    identity: IdentityService
    records: LendingRecords
    desk: ServiceDesk
    policies: PolicyBook
    disclosures: DisclosureLog
    decisions: DecisionRecords
    clock: Clock = SYSTEM_CLOCK
    staff_hours: StaffHours | None = None
    """None: people are there at any hour."""


STAFF_HOURS = StaffHours.from_environment()
"""Read when the action server starts: a wrong setting ends it there, not the first conversation."""


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of the action server, from the environment (DATABASE_URL, SHOUDAI_DATA_KEY)."""
    database, keys, policies = open_database(), load_keys(), PolicyBook.load()
    return Services(
        IdentityService(database, keys),
        LendingRepository(database, keys, policies),
        ServiceDesk(database, keys),
        policies,
        DisclosureLog(database, keys, DisclosureAnchors(anchors_folder())),
        DecisionRecords(database, policies),
        staff_hours=STAFF_HOURS,
    )
