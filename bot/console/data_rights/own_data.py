"""OwnData: finds all that is kept of one person, and removes or copies it once somebody vouches for who asks."""

import json
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from actions.lending.claims import ClaimMalformed, normalised_phone
from actions.lending.database import Database
from actions.lending.keys import DataKeys, Place
from actions.lending.models import disclosure_log, identity_sessions, service_requests
from actions.lending.person_file import (
    CheckedIdentity,
    Person,
    forget_borrower,
    lending_copy,
    person_of_borrower,
    person_of_phone,
)
from bot.console.data_rights.erased_list import ErasedList
from bot.console.data_rights.erasing import erase, forget_asides, recordings_of
from bot.console.data_rights.file_traces import FileTraces
from bot.console.data_rights.rights_log import Kind, RightsLog
from bot.console.inbox_tables import conversation_index, saved_views
from bot.recordings import RecordingBroken, RecordingMissing, RecordingStore
from bot.transcript_tables import calls, conversations, figures, turns

_MEMORY_BYTES = 8 << 20
"""A larger copy is put together in a file without a name."""


@dataclass(frozen=True)
class Holding:
    """What is kept of a person."""

    person: Person
    conversations: tuple[str, ...]
    recordings: int
    requests: tuple[str, ...]
    """Reference numbers."""
    disclosures: int
    asides: tuple[str, ...] = ()
    """Conversations that only a request or the identity's claims know: the transcript is gone."""


class OwnData:
    """Blocks: called from worker threads."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        recordings: RecordingStore,
        files: FileTraces,
        log: RightsLog,
        erased: ErasedList,
    ) -> None:
        self._database = database
        self._keys = keys
        self._recordings = recordings
        self._files = files
        self._log = log
        self._erased = erased

    def find(self, phone: str = "", reference: str = "") -> Holding | None:
        """What is kept of whoever has this number, or made this request; None for nobody."""
        with self._database.reading() as connection:
            person = (
                self._of_request(connection, reference)
                if reference
                else person_of_phone(connection, self._keys, phone)
            )
            return None if person is None else self._holding(connection, person, reference)

    def copy(self, holding: Holding, checked: CheckedIdentity) -> BinaryIO:
        """A ZIP file with everything as JSON and the recordings as WAV; it is on record before it is handed out."""
        spool = tempfile.SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 - the answer closes it
        person = holding.person
        with self._database.writing(durable=True) as connection:
            details = {"conversations": len(holding.conversations), "how": checked.how, "note": checked.note}
            self._log.append(connection, Kind.EXPORT, checked.staff, person.borrower_id, **details)
        with (
            self._database.reading() as connection,
            zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            if person.borrower_id is not None:
                lending = lending_copy(connection, self._keys, person.borrower_id, checked)
                _put(archive, "lending.json", lending)
            _put(archive, "requests.json", _requests(connection, holding.requests))
            _put(archive, "disclosures.json", _disclosures(connection, holding.conversations))
            for number, conversation_id in enumerate(holding.conversations, start=1):
                _put(archive, f"conversations/{number:04d}.json", _conversation(connection, conversation_id))
            names = recordings_of(connection, holding.conversations)
            for number, name in enumerate(names, start=1):
                self._put_sound(archive, f"recordings/{number:04d}.wav", name)
        spool.seek(0)
        return spool  # type: ignore[return-value]

    def delete(self, holding: Holding, checked: CheckedIdentity) -> dict[str, int]:
        """Remove what no law keeps; returns the counts that are on record too. Raises sqlite3.Error, OSError."""
        ids, person = list(holding.conversations), holding.person
        with self._database.reading() as connection:
            names = recordings_of(connection, ids)
        self._erased.add(ids)
        sounds, events = self._files.remove_recordings(names), self._files.forget_dialogue(ids)
        with self._database.writing(durable=True) as connection:
            self._files.overwrite(connection)
            erased = erase(connection, ids)
            asides = forget_asides(connection, _without_transcript(connection, holding.asides))
            kept = False
            if person.borrower_id is not None:
                kept = not forget_borrower(connection, person.borrower_id)
            counts = vars(erased) | {
                "requests": erased.requests + asides,
                "recordings": sounds,
                "tracker_events": events,
                "views": _forget_views(connection, person),
                "borrower": int(person.borrower_id is not None and not kept),
                "kept_borrower": int(kept),
                "kept_disclosures": holding.disclosures,
            }
            self._log.append(
                connection,
                Kind.DELETION,
                checked.staff,
                person.borrower_id,
                **counts,
                how=checked.how,
                note=checked.note,
            )
        self._files.wipe()
        return counts

    def _of_request(self, connection: Connection, reference: str) -> Person | None:
        row = connection.execute(
            select(service_requests).where(service_requests.c.reference == reference)
        ).first()
        if row is None:
            return None
        if row.borrower_id is not None:
            return person_of_borrower(connection, self._keys, row.borrower_id)
        phone = self._opened(row.contact_phone_sealed, "service_requests", "contact_phone_sealed", reference)
        return person_of_phone(connection, self._keys, phone) if phone else Person(None, None, "非借款客户")

    def _holding(self, connection: Connection, person: Person, reference: str) -> Holding:
        ids, references = self._ids_by_request(connection, person, reference)
        ids |= self._ids_by_identity(connection, person)
        if person.borrower_id is not None:
            own = conversation_index.c.borrower_id == person.borrower_id
            ids |= set(connection.execute(select(conversation_index.c.conversation_id).where(own)).scalars())
        known = (
            select(conversations.c.id)
            # One that goes on is still being written; it is found once it is over.
            .where(conversations.c.id.in_(ids), conversations.c.ended_at_ms.isnot(None))
            .order_by(conversations.c.started_at_ms)
        )
        found = tuple(connection.execute(known).scalars())
        told = (
            select(func.count())
            .select_from(disclosure_log)
            .where(disclosure_log.c.conversation_id.in_(found))
        )
        disclosures = connection.execute(told).scalar_one()
        recordings = len(recordings_of(connection, found))
        asides = tuple(_without_transcript(connection, sorted(ids)))
        return Holding(person, found, recordings, tuple(sorted(references)), disclosures, asides)

    def _ids_by_request(
        self, connection: Connection, person: Person, reference: str
    ) -> tuple[set[str], set[str]]:
        ids, references = set(), set()
        for row in connection.execute(select(service_requests)):
            mine = row.reference == reference or (
                person.borrower_id is not None and row.borrower_id == person.borrower_id
            )
            if not mine and person.phone and row.contact_phone_sealed:
                place = ("service_requests", "contact_phone_sealed", row.reference)
                mine = self._same_phone(self._opened(row.contact_phone_sealed, *place), person)
            if mine:
                ids.add(row.conversation_id)
                references.add(row.reference)
        return ids, references

    def _ids_by_identity(self, connection: Connection, person: Person) -> set[str]:
        ids = set()
        for row in connection.execute(select(identity_sessions)):
            mine = person.borrower_id is not None and row.borrower_id == person.borrower_id
            for column in ("line_phone_sealed", "claimed_phone_sealed"):
                sealed = getattr(row, column)
                if not mine and sealed and person.phone:
                    opened = self._opened(sealed, "identity_sessions", column, row.conversation_id)
                    mine = self._same_phone(opened, person)
            if mine:
                ids.add(row.conversation_id)
        return ids

    def _opened(self, sealed: bytes | None, table: str, column: str, row: str) -> str | None:
        return self._keys.unseal(sealed, Place(table, column, row)) if sealed else None

    def _same_phone(self, phone: str | None, person: Person) -> bool:
        try:
            return phone is not None and normalised_phone(phone) == person.phone
        except ClaimMalformed:
            return False

    def _put_sound(self, archive: zipfile.ZipFile, name: str, recording: str) -> None:
        try:
            stored = self._recordings.open(recording)
            with archive.open(name, "w") as file:
                for piece in stored.read(0, stored.size):
                    file.write(piece)
        except (RecordingMissing, RecordingBroken) as error:
            archive.writestr(f"{name}.txt", f"{error.code}\n")


def _without_transcript(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Those of which no row is kept; one that goes on has its row."""
    known = select(conversations.c.id).where(conversations.c.id.in_(ids))
    held = set(connection.execute(known).scalars())
    return [one for one in ids if one not in held]


def _put(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    archive.writestr(name, json.dumps(content, ensure_ascii=False, indent=1, default=str))


def _conversation(connection: Connection, conversation_id: str) -> dict[str, Any]:
    def rows(query: Any, *left_out: str) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in row.items() if name not in left_out}
            for row in connection.execute(query).mappings()
        ]

    own_turns = select(turns.c.id).where(turns.c.conversation_id == conversation_id)
    (head,) = rows(select(conversations).where(conversations.c.id == conversation_id))
    said = select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.position)
    return {
        "conversation": head,
        "calls": rows(select(calls).where(calls.c.conversation_id == conversation_id), "recording"),
        "turns": rows(said, "conversation_id"),
        "figures": rows(select(figures).where(figures.c.turn_id.in_(own_turns))),
    }


def _requests(connection: Connection, references: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = service_requests.c
    shown = select(
        columns.reference,
        columns.kind,
        columns.topic,
        columns.summary,
        columns.wished,
        columns.product_code,
        columns.amount_fen,
        columns.term_months,
        columns.industry,
        columns.region,
        columns.business_months,
        columns.state,
        columns.created_at,
        columns.closed_at,
    )
    return [
        dict(row) for row in connection.execute(shown.where(columns.reference.in_(references))).mappings()
    ]


def _disclosures(connection: Connection, ids: tuple[str, ...]) -> list[dict[str, Any]]:
    columns = disclosure_log.c
    told = select(columns.said_at, columns.name, columns.value, columns.unit, columns.inputs)
    own = told.where(columns.conversation_id.in_(ids)).order_by(columns.sequence)
    return [dict(row) for row in connection.execute(own).mappings()]


def _forget_views(connection: Connection, person: Person) -> int:
    """Saved searches for his number's last digits."""
    if not person.phone:
        return 0
    query = saved_views.c.query.like(f"%borrower={person.phone[-4:]}%")
    return int(connection.execute(saved_views.delete().where(query)).rowcount)
