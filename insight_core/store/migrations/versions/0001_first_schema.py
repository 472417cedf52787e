"""The first schema."""

import sqlalchemy as sa
from alembic import op

from insight_core.store.guard import never_changed

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite has one kind of integer; elsewhere a count may outgrow the usual one.
_COUNT = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_APPEND_ONLY = ("consent_event", "receipt")


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recipe", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("read", _COUNT, nullable=False),
        sa.Column("accepted", _COUNT, nullable=False),
        sa.Column("duplicate", _COUNT, nullable=False),
        sa.Column("quarantined", _COUNT, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("unloaded_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_source"), ["source"], unique=False)

    op.create_table(
        "business_direction",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("industry", sa.String(), nullable=True),
        sa.Column("industry_code", sa.String(), nullable=True),
        sa.Column("business_type", sa.String(), nullable=True),
        sa.Column("employees", sa.BigInteger(), nullable=True),
        sa.Column("annual_sales", sa.BigInteger(), nullable=True),
        sa.Column("annual_revenue", sa.BigInteger(), nullable=True),
        sa.Column("founded_year", sa.BigInteger(), nullable=True),
        sa.Column("product_line", sa.String(), nullable=True),
        sa.Column("order_frequency", sa.String(), nullable=True),
        sa.Column("company_size", sa.String(), nullable=True),
        sa.Column("growth", sa.BigInteger(), nullable=True),
        sa.Column("industry_growth", sa.BigInteger(), nullable=True),
        sa.Column("direction", sa.String(), nullable=True),
        sa.Column("direction_reason", sa.String(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "card",
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("window", sa.String(), nullable=True),
        sa.Column("tone", sa.String(), nullable=True),
        sa.Column("cadence_days", sa.Integer(), nullable=True),
        sa.Column("solution_set", sa.String(), nullable=True),
        sa.Column("experience", sa.String(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column("abstained", sa.String(), nullable=True),
        sa.Column("eligible", sa.String(), nullable=False),
        sa.Column("propensity", sa.Integer(), nullable=False),
        sa.Column("context", sa.String(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("card"),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "community_of_interest",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("stated_interests", sa.Text(), nullable=True),
        sa.Column("interests", sa.Text(), nullable=True),
        sa.Column("top_interest", sa.String(), nullable=True),
        sa.Column("interest_share", sa.BigInteger(), nullable=True),
        sa.Column("circle_size", sa.BigInteger(), nullable=True),
        sa.Column("circle", sa.Text(), nullable=True),
        sa.Column("circle_contacts", sa.BigInteger(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "consent_state",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "purpose", "channel"),
    )
    op.create_table(
        "correction",
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("change_set", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("change"),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_change_set"), ["change_set"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "customer",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_kind"), ["kind"], unique=False)

    op.create_table(
        "demographics",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("gender", sa.String(), nullable=True),
        sa.Column("marital_status", sa.String(), nullable=True),
        sa.Column("nationality", sa.String(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("occupation", sa.String(), nullable=True),
        sa.Column("employer", sa.String(), nullable=True),
        sa.Column("annual_income", sa.BigInteger(), nullable=True),
        sa.Column("home_owner", sa.Boolean(), nullable=True),
        sa.Column("cars_owned", sa.BigInteger(), nullable=True),
        sa.Column("commute_distance", sa.String(), nullable=True),
        sa.Column("accessibility_need", sa.String(), nullable=True),
        sa.Column("area_income", sa.BigInteger(), nullable=True),
        sa.Column("area_population", sa.BigInteger(), nullable=True),
        sa.Column("area_kind", sa.String(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "household",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=True),
        sa.Column("household_size", sa.BigInteger(), nullable=True),
        sa.Column("household_adults", sa.BigInteger(), nullable=True),
        sa.Column("household_children", sa.BigInteger(), nullable=True),
        sa.Column("household_members", sa.Text(), nullable=True),
        sa.Column("household_since", sa.Date(), nullable=True),
        sa.Column("household_basis", sa.String(), nullable=True),
        sa.Column("household_role", sa.String(), nullable=True),
        sa.Column("dwelling", sa.String(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_household_id"), ["household_id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("name_prefix", sa.String(), nullable=True),
        sa.Column("given_name", sa.String(), nullable=True),
        sa.Column("middle_name", sa.String(), nullable=True),
        sa.Column("family_name", sa.String(), nullable=True),
        sa.Column("name_suffix", sa.String(), nullable=True),
        sa.Column("organisation_name", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("street", sa.String(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("postal_code", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("address_since", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("customer_since", sa.Date(), nullable=True),
        sa.Column("account_status", sa.String(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_family_name"), ["family_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_organisation_name"), ["organisation_name"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_phone"), ["phone"], unique=False)

    op.create_table(
        "lake_file",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=True),
        sa.Column("rows", _COUNT, nullable=False),
        sa.Column("bytes", _COUNT, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
    with op.batch_alter_table("lake_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lake_file_dataset"), ["dataset"], unique=False)

    op.create_table(
        "life_stage",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("employment_status", sa.String(), nullable=True),
        sa.Column("children_total", sa.BigInteger(), nullable=True),
        sa.Column("children_at_home", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("stage_since", sa.Date(), nullable=True),
        sa.Column("stage_reason", sa.String(), nullable=True),
        sa.Column("last_life_event", sa.String(), nullable=True),
        sa.Column("last_life_event_on", sa.Date(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_table(
        "link",
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("record_id"),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("window", sa.String(), nullable=True),
        sa.Column("tone", sa.String(), nullable=True),
        sa.Column("eligible", sa.String(), nullable=False),
        sa.Column("propensity", sa.Integer(), nullable=False),
        sa.Column("context", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("outcome_once", ["card", "at", "result"], unique=True)

    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("subjects", _COUNT, nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("served", sa.String(), nullable=False),
        sa.Column("withheld", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_subject"), ["subject"], unique=False)

    op.create_table(
        "usage_pattern",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("services", sa.Text(), nullable=True),
        sa.Column("contract_type", sa.String(), nullable=True),
        sa.Column("payment_method", sa.String(), nullable=True),
        sa.Column("paperless_billing", sa.Boolean(), nullable=True),
        sa.Column("tenure_months", sa.BigInteger(), nullable=True),
        sa.Column("monthly_charges", sa.BigInteger(), nullable=True),
        sa.Column("total_charges", sa.BigInteger(), nullable=True),
        sa.Column("first_contact_at", sa.BigInteger(), nullable=True),
        sa.Column("last_interaction_at", sa.BigInteger(), nullable=True),
        sa.Column("interaction_count", sa.BigInteger(), nullable=True),
        sa.Column("contact_gap_days", sa.BigInteger(), nullable=True),
        sa.Column("inbound_share", sa.BigInteger(), nullable=True),
        sa.Column("preferred_channel", sa.String(), nullable=True),
        sa.Column("preferred_hours", sa.String(), nullable=True),
        sa.Column("preferred_weekdays", sa.String(), nullable=True),
        sa.Column("channel_mix", sa.Text(), nullable=True),
        sa.Column("average_sentiment", sa.BigInteger(), nullable=True),
        sa.Column("last_complaint_at", sa.BigInteger(), nullable=True),
        sa.Column("order_count", sa.BigInteger(), nullable=True),
        sa.Column("order_value", sa.BigInteger(), nullable=True),
        sa.Column("average_order_value", sa.BigInteger(), nullable=True),
        sa.Column("first_order_date", sa.Date(), nullable=True),
        sa.Column("last_order_date", sa.Date(), nullable=True),
        sa.Column("order_gap_days", sa.BigInteger(), nullable=True),
        sa.Column("usage_trend", sa.String(), nullable=True),
        sa.Column("usage_change", sa.BigInteger(), nullable=True),
        sa.Column("product_mix", sa.Text(), nullable=True),
        sa.Column("won", sa.String(), nullable=True),
        sa.Column("opposed", sa.String(), nullable=True),
        sa.Column("derived_at", sa.BigInteger(), nullable=True),
        sa.Column("evidence_count", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    for table in _APPEND_ONLY:
        for statement in never_changed(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("usage_pattern")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_subject"))

    op.drop_table("receipt")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index("outcome_once")
        batch_op.drop_index(batch_op.f("ix_outcome_customer_id"))

    op.drop_table("outcome")
    op.drop_table("note")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_customer_id"))

    op.drop_table("link")
    op.drop_table("life_stage")
    with op.batch_alter_table("lake_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lake_file_dataset"))

    op.drop_table("lake_file")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_phone"))
        batch_op.drop_index(batch_op.f("ix_identity_organisation_name"))
        batch_op.drop_index(batch_op.f("ix_identity_family_name"))
        batch_op.drop_index(batch_op.f("ix_identity_email"))

    op.drop_table("identity")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_household_id"))

    op.drop_table("household")
    op.drop_table("demographics")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_kind"))

    op.drop_table("customer")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_customer_id"))
        batch_op.drop_index(batch_op.f("ix_correction_change_set"))

    op.drop_table("correction")
    op.drop_table("consent_state")
    op.drop_table("consent_event")
    op.drop_table("community_of_interest")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_customer_id"))

    op.drop_table("card")
    op.drop_table("business_direction")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_source"))

    op.drop_table("batch")
