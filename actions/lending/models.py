"""Models: the tables of the lending domain. Money in fen; what is personal is sealed (AES-GCM) or a keyed hash."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from actions.lending.column_types import Moment, Rate

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

marks = Table(
    "lending_marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(100), nullable=False),
)
"""Facts about the database itself: the check value of its data key, the day of its demo data."""

institutions = Table(
    "institutions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("institution_id", ForeignKey("institutions.id"), nullable=False),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
)
"""Only what rows refer to; terms and rules are in the policy files, by code and version."""

borrowers = Table(
    "borrowers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("gender", String(1), nullable=False),
    Column("phone_sealed", LargeBinary, nullable=False),
    Column("phone_hash", String(64), nullable=False, unique=True),
    Column("id_card_sealed", LargeBinary, nullable=False),
    Column("id_card_hash", String(64), nullable=False, unique=True),
    Column("id_last4_hash", String(64), nullable=False),
    Column("is_first_time_borrower", Boolean, nullable=False),
    Column("is_demo", Boolean, nullable=False),
    CheckConstraint("gender IN ('m', 'f')", name="gender"),
)

businesses = Table(
    "businesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("borrower_id", ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("industry", String(40), nullable=False),
    Column("region", String(40), nullable=False),
    Column("city", String(40), nullable=False),
    Column("founded_on", Date, nullable=False),
)

applications = Table(
    "applications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("borrower_id", ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("business_id", ForeignKey("businesses.id"), nullable=False),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("policy_version", String(20), nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("term_months", Integer, nullable=False),
    Column("method", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("submitted_on", Date, nullable=False),
    Column("decided_on", Date),
    Column("expected_disbursement_on", Date),
    Column("bank", String(40), nullable=False),
    Column("card_tail", String(4), nullable=False),
    Column("is_first_time_borrower", Boolean),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint(
        "state IN ('submitted', 'in_review', 'approved', 'rejected', 'cancelled', 'disbursed')", name="state"
    ),
    CheckConstraint("method IN ('equal_instalment', 'equal_principal', 'interest_first')", name="method"),
)
"""``is_first_time_borrower`` (首贷户) as it was on the day of the application; None: not known."""

application_events = Table(
    "application_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("note", String(200), nullable=False),
)

rejection_reasons = Table(
    "rejection_reasons",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("reason", String(200), nullable=False),
)

loans = Table(
    "loans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, unique=True),
    Column("borrower_id", ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("policy_version", String(20), nullable=False),
    Column("principal_fen", Integer, nullable=False),
    Column("term_months", Integer, nullable=False),
    Column("method", String(20), nullable=False),
    Column("annual_rate", Rate, nullable=False),
    Column("annualised_rate", Rate, nullable=False),
    Column("disbursed_on", Date, nullable=False),
    Column("repayment_day", Integer, nullable=False),
    Column("bank", String(40), nullable=False),
    Column("card_tail", String(4), nullable=False),
    Column("settled_on", Date),
    Column("is_first_time_borrower", Boolean),
    CheckConstraint("principal_fen > 0", name="principal_positive"),
    CheckConstraint("repayment_day BETWEEN 1 AND 31", name="repayment_day"),
)
"""``is_first_time_borrower`` as it was on the day of the disbursement; None: not known."""

instalments = Table(
    "instalments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("loan_id", ForeignKey("loans.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("principal_fen", Integer, nullable=False),
    Column("interest_fen", Integer, nullable=False),
    Column("paid_principal_fen", Integer, nullable=False),
    Column("paid_interest_fen", Integer, nullable=False),
    UniqueConstraint("loan_id", "number", name="uq_instalments_loan_id"),
    CheckConstraint("paid_principal_fen BETWEEN 0 AND principal_fen", name="paid_principal"),
    CheckConstraint("paid_interest_fen BETWEEN 0 AND interest_fen", name="paid_interest"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("loan_id", ForeignKey("loans.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("instalment_number", Integer, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("principal_fen", Integer, nullable=False),
    Column("interest_fen", Integer, nullable=False),
    Column("penalty_fen", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    CheckConstraint("channel IN ('autodebit', 'manual')", name="channel"),
)

autodebits = Table(
    "autodebits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("loan_id", ForeignKey("loans.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("instalment_number", Integer, nullable=False),
    Column("attempted_on", Date, nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("result", String(20), nullable=False),
    Column("reason", String(200), nullable=False),
    CheckConstraint("result IN ('succeeded', 'failed', 'pending')", name="result"),
)

credit_limits = Table(
    "credit_limits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("borrower_id", ForeignKey("borrowers.id"), nullable=False, index=True),
    Column("product_id", ForeignKey("products.id"), nullable=False),
    Column("total_fen", Integer, nullable=False),
    Column("available_fen", Integer, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("frozen_reason", String(200), nullable=False),
    CheckConstraint("available_fen BETWEEN 0 AND total_fen", name="available"),
)

identity_sessions = Table(
    "identity_sessions",
    metadata,
    Column("conversation_id", String(100), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("line_hash", String(64), nullable=False),
    Column("line_phone_sealed", LargeBinary),
    Column("claimed_phone_sealed", LargeBinary),
    Column("claimed_last4_sealed", LargeBinary),
    Column("other_phone_sealed", LargeBinary),
    Column("other_last4_sealed", LargeBinary),
    Column("phone_piece_sealed", LargeBinary),
    Column("last4_piece_sealed", LargeBinary),
    Column("new_phone_sealed", LargeBinary),
    Column("borrower_id", ForeignKey("borrowers.id")),
    Column("grant_id", String(64)),
    Column("verified_at", Moment),
)
"""What each conversation claims and whether it is verified. ``line_hash`` of a line without a number is the
conversation's own."""

identity_tries = Table(
    "identity_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number_hash", String(64), nullable=False, index=True),
    Column("line_hash", String(64), nullable=False, index=True),
    Column("tried_at", Moment, nullable=False),
)
"""Confirmed wrong tries that count towards a lock."""

identity_locks = Table(
    "identity_locks",
    metadata,
    Column("subject_hash", String(64), primary_key=True),
    Column("locked_until", Moment, nullable=False),
)

service_requests = Table(
    "service_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(10), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("conversation_id", String(100), nullable=False, index=True),
    Column("borrower_id", ForeignKey("borrowers.id")),
    Column("contact_phone_sealed", LargeBinary),
    Column("new_phone_sealed", LargeBinary),
    Column("product_code", String(40)),
    Column("amount_fen", Integer),
    Column("term_months", Integer),
    Column("industry", String(40)),
    Column("region", String(40)),
    Column("business_months", Integer),
    Column("is_first_time_borrower", Boolean),
    Column("summary", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("closed_at", Moment),
    Column("staff", String(60)),
    Column("wished", String(60)),
    Column("wished_at", Moment),
    CheckConstraint("kind IN ('lead', 'handoff', 'change', 'complaint', 'callback')", name="kind"),
    CheckConstraint("state IN ('open', 'taken', 'closed')", name="state"),
    Index("ix_service_requests_state", "state", "kind"),
)

policy_archive = Table(
    "policy_archive",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", Text, nullable=False),
    Column("archived_at", Moment, nullable=False),
)
"""Product versions and words that decisions were taken by, as canonical JSON. Triggers refuse changes."""

decision_records = Table(
    "decision_records",
    metadata,
    Column("reference", String(20), primary_key=True),
    Column("conversation_id", String(100), nullable=False, index=True),
    Column("decided_at", Moment, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("engine_version", String(20), nullable=False),
    Column("inputs", Text, nullable=False),
    Column("policies", Text, nullable=False),
    Column("words", String(64), nullable=False),
    Column("result", Text, nullable=False),
    Column("result_digest", String(64), nullable=False),
)
"""Decisions that customers were told (decision_records.py); canonical JSON in text. Triggers refuse changes."""

disclosure_log = Table(
    "disclosure_log",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("said_at", Moment, nullable=False),
    Column("conversation_id", String(100), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("inputs", Text, nullable=False),
    Column("policy_version", String(20)),
    Column("previous_hash", String(64), nullable=False),
    Column("own_hash", String(64), nullable=False),
)
"""Every figure that was told, in order, chained by keyed hashes (disclosure_log.py). Triggers refuse changes."""
