"""Lending tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001_lending"
down_revision = None
branch_labels = None
depends_on = None

# Types are spelt out here, not taken from actions.lending.models: a migration must not change with the code.


def upgrade() -> None:
    """Create the tables of the lending domain."""
    _create_catalogue()
    _create_people()
    _create_applications()
    _create_histories()
    _create_loans()
    _create_instalments()
    _create_identity()
    _create_requests()


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in (
        "service_requests",
        "identity_locks",
        "identity_tries",
        "identity_sessions",
        "autodebits",
        "payments",
        "instalments",
        "loans",
        "rejection_reasons",
        "application_events",
        "applications",
        "credit_limits",
        "businesses",
        "borrowers",
        "products",
        "institutions",
        "lending_marks",
    ):
        op.drop_table(table)


def _create_catalogue() -> None:
    """Facts about the database, institutions and their products."""
    op.create_table(
        "lending_marks",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lending_marks")),
    )
    op.create_table(
        "institutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
        sa.UniqueConstraint("code", name=op.f("uq_institutions_code")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_products_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )


def _create_people() -> None:
    """Borrowers, their businesses and limits."""
    op.create_table(
        "borrowers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("gender", sa.String(1), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_hash", sa.String(64), nullable=False),
        sa.Column("id_card_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_card_hash", sa.String(64), nullable=False),
        sa.Column("id_last4_hash", sa.String(64), nullable=False),
        sa.Column("is_first_time_borrower", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("gender IN ('m', 'f')", name=op.f("ck_borrowers_gender")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrowers")),
        sa.UniqueConstraint("id_card_hash", name=op.f("uq_borrowers_id_card_hash")),
        sa.UniqueConstraint("phone_hash", name=op.f("uq_borrowers_phone_hash")),
    )
    op.create_table(
        "businesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("industry", sa.String(40), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("city", sa.String(40), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_businesses_borrower_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    op.create_index(op.f("ix_businesses_borrower_id"), "businesses", ["borrower_id"])
    op.create_table(
        "credit_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("available_fen", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("frozen_reason", sa.String(200), nullable=False),
        sa.CheckConstraint("available_fen BETWEEN 0 AND total_fen", name=op.f("ck_credit_limits_available")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_credit_limits_borrower_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_credit_limits_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_limits")),
    )
    op.create_index(op.f("ix_credit_limits_borrower_id"), "credit_limits", ["borrower_id"])


def _create_applications() -> None:
    """Applications."""
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(20), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date()),
        sa.Column("expected_disbursement_on", sa.Date()),
        sa.Column("bank", sa.String(40), nullable=False),
        sa.Column("card_tail", sa.String(4), nullable=False),
        sa.CheckConstraint(
            "method IN ('equal_instalment', 'equal_principal', 'interest_first')",
            name=op.f("ck_applications_method"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'in_review', 'approved', 'rejected', 'cancelled', 'disbursed')",
            name=op.f("ck_applications_state"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_applications_amount_positive")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_applications_borrower_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_applications_business_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_applications_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("reference", name=op.f("uq_applications_reference")),
    )
    op.create_index(op.f("ix_applications_borrower_id"), "applications", ["borrower_id"])


def _create_histories() -> None:
    """Their history and rejection reasons."""
    op.create_table(
        "application_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_events_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_events")),
    )
    op.create_index(op.f("ix_application_events_application_id"), "application_events", ["application_id"])
    op.create_table(
        "rejection_reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_rejection_reasons_application_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejection_reasons")),
    )
    op.create_index(op.f("ix_rejection_reasons_application_id"), "rejection_reasons", ["application_id"])


def _create_loans() -> None:
    """Loans."""
    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.String(20), nullable=False),
        sa.Column("principal_fen", sa.Integer(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("annual_rate", sa.String(20), nullable=False),
        sa.Column("annualised_rate", sa.String(20), nullable=False),
        sa.Column("disbursed_on", sa.Date(), nullable=False),
        sa.Column("repayment_day", sa.Integer(), nullable=False),
        sa.Column("bank", sa.String(40), nullable=False),
        sa.Column("card_tail", sa.String(4), nullable=False),
        sa.Column("settled_on", sa.Date()),
        sa.CheckConstraint("principal_fen > 0", name=op.f("ck_loans_principal_positive")),
        sa.CheckConstraint("repayment_day BETWEEN 1 AND 31", name=op.f("ck_loans_repayment_day")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_loans_application_id")
        ),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_loans_borrower_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_loans_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("application_id", name=op.f("uq_loans_application_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_loans_reference")),
    )
    op.create_index(op.f("ix_loans_borrower_id"), "loans", ["borrower_id"])


def _create_instalments() -> None:
    """Their schedules, payments and debits."""
    op.create_table(
        "instalments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal_fen", sa.Integer(), nullable=False),
        sa.Column("interest_fen", sa.Integer(), nullable=False),
        sa.Column("paid_principal_fen", sa.Integer(), nullable=False),
        sa.Column("paid_interest_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "paid_interest_fen BETWEEN 0 AND interest_fen", name=op.f("ck_instalments_paid_interest")
        ),
        sa.CheckConstraint(
            "paid_principal_fen BETWEEN 0 AND principal_fen", name=op.f("ck_instalments_paid_principal")
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loans.id"], name=op.f("fk_instalments_loan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
        sa.UniqueConstraint("loan_id", "number", name="uq_instalments_loan_id"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("instalment_number", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("principal_fen", sa.Integer(), nullable=False),
        sa.Column("interest_fen", sa.Integer(), nullable=False),
        sa.Column("penalty_fen", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.CheckConstraint("channel IN ('autodebit', 'manual')", name=op.f("ck_payments_channel")),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loans.id"], name=op.f("fk_payments_loan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index(op.f("ix_payments_loan_id"), "payments", ["loan_id"])
    op.create_table(
        "autodebits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("instalment_number", sa.Integer(), nullable=False),
        sa.Column("attempted_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("result IN ('succeeded', 'failed', 'pending')", name=op.f("ck_autodebits_result")),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loans.id"], name=op.f("fk_autodebits_loan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autodebits")),
    )
    op.create_index(op.f("ix_autodebits_loan_id"), "autodebits", ["loan_id"])


def _create_identity() -> None:
    """Claims, verifications, wrong tries, locks."""
    op.create_table(
        "identity_sessions",
        sa.Column("conversation_id", sa.String(100), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_hash", sa.String(64), nullable=False),
        sa.Column("line_phone_sealed", sa.LargeBinary()),
        sa.Column("claimed_phone_sealed", sa.LargeBinary()),
        sa.Column("claimed_last4_sealed", sa.LargeBinary()),
        sa.Column("borrower_id", sa.Integer()),
        sa.Column("grant_id", sa.String(64)),
        sa.Column("verified_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.id"], name=op.f("fk_identity_sessions_borrower_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_identity_sessions")),
    )
    op.create_table(
        "identity_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number_hash", sa.String(64), nullable=False),
        sa.Column("line_hash", sa.String(64), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_tries")),
    )
    op.create_index(op.f("ix_identity_tries_line_hash"), "identity_tries", ["line_hash"])
    op.create_index(op.f("ix_identity_tries_number_hash"), "identity_tries", ["number_hash"])
    op.create_table(
        "identity_locks",
        sa.Column("subject_hash", sa.String(64), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_hash", name=op.f("pk_identity_locks")),
    )


def _create_requests() -> None:
    """What customers ask staff to do."""
    op.create_table(
        "service_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("conversation_id", sa.String(100), nullable=False),
        sa.Column("borrower_id", sa.Integer()),
        sa.Column("contact_phone_sealed", sa.LargeBinary()),
        sa.Column("product_code", sa.String(40)),
        sa.Column("amount_fen", sa.Integer()),
        sa.Column("term_months", sa.Integer()),
        sa.Column("industry", sa.String(40)),
        sa.Column("region", sa.String(40)),
        sa.Column("business_months", sa.Integer()),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("staff", sa.String(60)),
        sa.CheckConstraint(
            "kind IN ('lead', 'handoff', 'change', 'complaint', 'callback')",
            name=op.f("ck_service_requests_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'taken', 'closed')", name=op.f("ck_service_requests_state")),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrowers.id"], name=op.f("fk_service_requests_borrower_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_service_requests_reference")),
    )
    op.create_index(op.f("ix_service_requests_conversation_id"), "service_requests", ["conversation_id"])
    op.create_index("ix_service_requests_state", "service_requests", ["state", "kind"])
