"""The first schema: people, cases, what runs, and the full-text index over what cases say."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# bytes decide order and equality on every database
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSTGRES_FULL_TEXT = """
CREATE TABLE case_words (
  id bigint PRIMARY KEY REFERENCES case_search (id) ON DELETE CASCADE, words tsvector NOT NULL);
--
CREATE INDEX ix_case_words_words ON case_words USING gin (words) WITH (fastupdate = off);
"""
FULL_TEXT = """
CREATE VIRTUAL TABLE case_words USING fts5(
  content, content='case_search', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3');
--
CREATE TRIGGER case_search_added AFTER INSERT ON case_search BEGIN
  INSERT INTO case_words (rowid, content) VALUES (new.id, new.content);
END;
--
CREATE TRIGGER case_search_removed AFTER DELETE ON case_search BEGIN
  INSERT INTO case_words (case_words, rowid, content) VALUES ('delete', old.id, old.content);
END;
--
CREATE TRIGGER case_search_changed AFTER UPDATE ON case_search BEGIN
  INSERT INTO case_words (case_words, rowid, content) VALUES ('delete', old.id, old.content);
  INSERT INTO case_words (rowid, content) VALUES (new.id, new.content);
END;
"""


def upgrade() -> None:

    op.create_table(
        "anchor",
        sa.Column("day", TEXT, server_default="", nullable=False),
        sa.Column("cases", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest", TEXT, server_default="", nullable=False),
        sa.Column("mac", TEXT, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_anchor")),
    )
    op.create_table(
        "approval_level",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("max_amount", TEXT, nullable=True),
        sa.Column("rank", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_approval_level")),
    )
    op.create_table(
        "attachment_content",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_attachment_content")),
    )
    op.create_table(
        "counter",
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("value", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_counter")),
    )
    op.create_table(
        "counter_delta",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("delta", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_delta")),
    )
    op.create_index("ix_counter_delta_name", "counter_delta", ["name", "key"], unique=False)
    op.create_table(
        "customer",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=True),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("email", TEXT, server_default="", nullable=False),
        sa.Column("phone", TEXT, server_default="", nullable=False),
        sa.Column("address", TEXT, server_default="", nullable=False),
        sa.Column("language", TEXT, server_default="en", nullable=False),
        sa.Column("country", TEXT, server_default="", nullable=False),
        sa.Column("segment", TEXT, server_default="standard", nullable=False),
        sa.Column("party", TEXT, server_default="consumer", nullable=False),
        sa.Column("search", TEXT, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    op.create_index("ix_customer_email", "customer", ["email"], unique=False)
    op.create_index("uq_customer_number", "customer", ["number"], unique=True)
    op.create_table(
        "deployment",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("process_ids", TEXT, server_default="[]", nullable=False),
        sa.Column("deployed_at", sa.BigInteger(), nullable=False),
        sa.Column("deployed_by", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_deployment_key_version")),
    )
    op.create_index(op.f("ix_deployment_digest"), "deployment", ["digest"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("actor_id", TEXT, server_default="", nullable=False),
        sa.Column("route", TEXT, server_default="", nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("body_hash", TEXT, server_default="", nullable=False),
        sa.Column("status", sa.Integer(), server_default="200", nullable=False),
        sa.Column("answer", TEXT, server_default="{}", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "route", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "kept_message",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("correlation", TEXT, nullable=True),
        sa.Column("payload", TEXT, server_default="{}", nullable=False),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, server_default="kept", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_message")),
    )
    op.create_index("ix_kept_message_name", "kept_message", ["name", "state"], unique=False)
    op.create_index("uq_kept_message_id", "kept_message", ["message_id"], unique=True)
    op.create_table(
        "login_attempt",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("login", TEXT, server_default="", nullable=False),
        sa.Column("address", TEXT, server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ok", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_login_at", "login_attempt", ["login", "at"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("email", TEXT, server_default="", nullable=False),
        sa.Column("password_hash", TEXT, server_default="", nullable=False),
        sa.Column("language", TEXT, server_default="en", nullable=False),
        sa.Column("zone", TEXT, server_default="UTC", nullable=False),
        sa.Column("active", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "segment",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("decision_within", TEXT, server_default="", nullable=False),
        sa.Column("priority_lift", TEXT, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_segment")),
    )
    op.create_table(
        "sequence",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequence")),
    )
    op.create_table(
        "setting",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "absence",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("first_day", TEXT, server_default="", nullable=False),
        sa.Column("last_day", TEXT, server_default="", nullable=False),
        sa.Column("substitute_id", TEXT, nullable=True),
        sa.Column("note", TEXT, server_default="", nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_absence_substitute_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"], unique=False)
    op.create_index(op.f("ix_absence_substitute_id"), "absence", ["substitute_id"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("tracking", TEXT, server_default="", nullable=False),
        sa.Column("kind", TEXT, server_default="complaint", nullable=False),
        sa.Column("subject", TEXT, server_default="", nullable=False),
        sa.Column("customer_id", TEXT, nullable=True),
        sa.Column("complainant_id", TEXT, nullable=True),
        sa.Column("stage", TEXT, server_default="received", nullable=False),
        sa.Column("status", TEXT, server_default="open", nullable=False),
        sa.Column("category", TEXT, server_default="", nullable=False),
        sa.Column("product_group", TEXT, server_default="", nullable=False),
        sa.Column("area", TEXT, server_default="", nullable=False),
        sa.Column("queue", TEXT, server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="3", nullable=False),
        sa.Column("channel", TEXT, server_default="web", nullable=False),
        sa.Column("country", TEXT, server_default="", nullable=False),
        sa.Column("party", TEXT, server_default="consumer", nullable=False),
        sa.Column("sector", TEXT, server_default="general", nullable=False),
        sa.Column("segment", TEXT, server_default="standard", nullable=False),
        sa.Column("language", TEXT, server_default="en", nullable=False),
        sa.Column("medium", TEXT, server_default="email", nullable=False),
        sa.Column("remedy", TEXT, server_default="", nullable=False),
        sa.Column("received_on", TEXT, server_default="", nullable=False),
        sa.Column("posted_on", TEXT, nullable=True),
        sa.Column("disputed_amount", TEXT, nullable=True),
        sa.Column("facts", TEXT, server_default="{}", nullable=False),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("reference", TEXT, nullable=True),
        sa.Column("earlier_case_id", TEXT, nullable=True),
        sa.Column("joined_to_id", TEXT, nullable=True),
        sa.Column("root_cause", TEXT, server_default="", nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("audit_sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audit_hash", TEXT, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("is_demo", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["complainant_id"], ["customer.id"], name=op.f("fk_case_file_complainant_id_customer")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_case_file_customer_id_customer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index(op.f("ix_case_file_customer_id"), "case_file", ["customer_id"], unique=False)
    op.create_index("ix_case_status_opened", "case_file", ["status", "opened_at"], unique=False)
    op.create_index("uq_case_source_reference", "case_file", ["source", "reference"], unique=True)
    op.create_table(
        "deployment_file",
        sa.Column("deployment_id", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_file_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "name", name=op.f("pk_deployment_file")),
    )
    op.create_table(
        "person_level",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("level_key", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["level_key"], ["approval_level.key"], name=op.f("fk_person_level_level_key_approval_level")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_level_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "level_key", name=op.f("pk_person_level")),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("role", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "queue",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("mode", TEXT, server_default="pick", nullable=False),
        sa.Column("lead_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_queue_lead_id_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_queue")),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_token_token_hash")),
    )
    op.create_index(op.f("ix_token_person_id"), "token", ["person_id"], unique=False)
    op.create_table(
        "anchor_head",
        sa.Column("day", TEXT, server_default="", nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hash", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_anchor_head_case_id_case_file")),
        sa.PrimaryKeyConstraint("day", "case_id", name=op.f("pk_anchor_head")),
    )
    op.create_index("ix_anchor_head_case", "anchor_head", ["case_id", "sequence"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("task_id", TEXT, nullable=True),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("media_type", TEXT, server_default="", nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("digest", TEXT, server_default="", nullable=False),
        sa.Column("author_id", TEXT, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_attachment_author_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_attachment_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", TEXT, server_default="", nullable=False),
        sa.Column("actor_id", TEXT, nullable=True),
        sa.Column("on_behalf_of", TEXT, nullable=True),
        sa.Column("data", TEXT, server_default="{}", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", TEXT, server_default="", nullable=False),
        sa.Column("hash", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_audit_event_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("case_id", "sequence", name=op.f("uq_audit_event_case_id_sequence")),
    )
    op.create_table(
        "case_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("content", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_search_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_search")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_search_case_id")),
    )
    op.create_table(
        "clock",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("kind", TEXT, server_default="", nullable=False),
        sa.Column("state", TEXT, server_default="running", nullable=False),
        sa.Column("data", TEXT, server_default="{}", nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("due_local", TEXT, nullable=True),
        sa.Column("zone", TEXT, server_default="UTC", nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("fired", TEXT, server_default="[]", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_clock_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_clock_case_id_key")),
    )
    op.create_index(op.f("ix_clock_case_id"), "clock", ["case_id"], unique=False)
    op.create_index(
        "ix_clock_running_due",
        "clock",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "comment",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("author_id", TEXT, nullable=False),
        sa.Column("body", TEXT, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_comment_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_case_id"), "comment", ["case_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("outcome", TEXT, server_default="", nullable=False),
        sa.Column("amount", TEXT, nullable=True),
        sa.Column("currency", TEXT, server_default="EUR", nullable=False),
        sa.Column("remedy", TEXT, server_default="", nullable=False),
        sa.Column("reasons", TEXT, server_default="", nullable=False),
        sa.Column("lines", TEXT, server_default="[]", nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("on_behalf_of", TEXT, nullable=True),
        sa.Column("approved_by", TEXT, nullable=True),
        sa.Column("basis", TEXT, server_default="person", nullable=False),
        sa.Column("special_mode_id", TEXT, nullable=True),
        sa.Column("supersedes_id", TEXT, nullable=True),
        sa.Column("in_force", sa.Integer(), server_default="1", nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_decision_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_index(
        "uq_decision_in_force",
        "decision",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("in_force = 1"),
        postgresql_where=sa.text("in_force = 1"),
    )
    op.create_table(
        "incident",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=True),
        sa.Column("instance_id", TEXT, nullable=True),
        sa.Column("machine_incident_id", TEXT, nullable=True),
        sa.Column("job_id", TEXT, nullable=True),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("code", TEXT, server_default="", nullable=False),
        sa.Column("template", TEXT, server_default="", nullable=False),
        sa.Column("params", TEXT, server_default="{}", nullable=False),
        sa.Column("state", TEXT, server_default="open", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", TEXT, nullable=True),
        sa.Column("settled_how", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_incident_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_table(
        "instance",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("deployment_id", TEXT, nullable=False),
        sa.Column("process_id", TEXT, server_default="", nullable=False),
        sa.Column("runtime", TEXT, server_default="machine", nullable=False),
        sa.Column("status", TEXT, server_default="running", nullable=False),
        sa.Column("started_by", TEXT, nullable=True),
        sa.Column("state", TEXT, server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_instance_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_instance_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_index(op.f("ix_instance_case_id"), "instance", ["case_id"], unique=False)
    op.create_index(op.f("ix_instance_deployment_id"), "instance", ["deployment_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("args", TEXT, server_default="{}", nullable=False),
        sa.Column("state", TEXT, server_default="pending", nullable=False),
        sa.Column("case_id", TEXT, nullable=True),
        sa.Column("instance_id", TEXT, nullable=True),
        sa.Column("wait_id", TEXT, nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_attempts", sa.Integer(), server_default="3", nullable=False),
        sa.Column("backoff", TEXT, server_default="PT1M", nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("dedupe_key", TEXT, nullable=True),
        sa.Column("last_error", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_job_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_case_id"), "job", ["case_id"], unique=False)
    op.create_index(
        "ix_job_due",
        "job",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_job_running",
        "job",
        ["leased_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("uq_job_dedupe", "job", ["dedupe_key"], unique=True)
    op.create_table(
        "message",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, server_default="", nullable=False),
        sa.Column("direction", TEXT, server_default="in", nullable=False),
        sa.Column("channel", TEXT, server_default="", nullable=False),
        sa.Column("recipient", TEXT, server_default="", nullable=False),
        sa.Column("letter", TEXT, server_default="", nullable=False),
        sa.Column("subject", TEXT, server_default="", nullable=False),
        sa.Column("body", TEXT, server_default="", nullable=False),
        sa.Column("state", TEXT, server_default="received", nullable=False),
        sa.Column("dedupe_key", TEXT, nullable=True),
        sa.Column("message_id", TEXT, nullable=True),
        sa.Column("wait_ref", TEXT, nullable=True),
        sa.Column("reference", TEXT, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("author_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_message_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_case_id"), "message", ["case_id"], unique=False)
    op.create_index("uq_message_dedupe", "message", ["dedupe_key"], unique=True)
    op.create_table(
        "notice",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=True),
        sa.Column("task_id", TEXT, nullable=True),
        sa.Column("kind", TEXT, server_default="", nullable=False),
        sa.Column("params", TEXT, server_default="{}", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("dedupe_key", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_notice_case_id_case_file")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_index("ix_notice_person_created", "notice", ["person_id", "created_at"], unique=False)
    op.create_index("uq_notice_dedupe", "notice", ["dedupe_key"], unique=True)
    op.create_table(
        "queue_member",
        sa.Column("queue_key", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_queue_member_person_id_person")),
        sa.ForeignKeyConstraint(["queue_key"], ["queue.key"], name=op.f("fk_queue_member_queue_key_queue")),
        sa.PrimaryKeyConstraint("queue_key", "person_id", name=op.f("pk_queue_member")),
    )
    op.create_index("ix_queue_member_person", "queue_member", ["person_id"], unique=False)
    op.create_table(
        "saved_filter",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("kept_list", TEXT, server_default="", nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("answers", TEXT, server_default="{}", nullable=False),
        sa.Column("queue_key", TEXT, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_filter_person_id_person")),
        sa.ForeignKeyConstraint(["queue_key"], ["queue.key"], name=op.f("fk_saved_filter_queue_key_queue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index(op.f("ix_saved_filter_queue_key"), "saved_filter", ["queue_key"], unique=False)
    op.create_index("uq_saved_filter_name", "saved_filter", ["person_id", "kept_list", "name"], unique=True)
    op.create_table(
        "special_mode",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=True),
        sa.Column("reason", TEXT, server_default="", nullable=False),
        sa.Column("amount", TEXT, nullable=True),
        sa.Column("status", TEXT, server_default="requested", nullable=False),
        sa.Column("level", TEXT, server_default="", nullable=False),
        sa.Column("asked_by", TEXT, server_default="", nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("second_by", TEXT, nullable=True),
        sa.Column("decision_reason", TEXT, server_default="", nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by_decision_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_special_mode_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_mode")),
    )
    op.create_index(op.f("ix_special_mode_case_id"), "special_mode", ["case_id"], unique=False)
    op.create_table(
        "decision_record",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=False),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("decision", TEXT, server_default="", nullable=False),
        sa.Column("digest", TEXT, server_default="", nullable=False),
        sa.Column("semantics", TEXT, server_default="", nullable=False),
        sa.Column("inputs", TEXT, server_default="{}", nullable=False),
        sa.Column("result", TEXT, server_default="null", nullable=False),
        sa.Column("fired", TEXT, server_default="[]", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_decision_record_case_id_case_file")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_decision_record_instance_id_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_record")),
    )
    op.create_index(op.f("ix_decision_record_case_id"), "decision_record", ["case_id"], unique=False)
    op.create_table(
        "path_event",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=False),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("how", TEXT, server_default="completed", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_path_event_instance_id_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_path_event")),
    )
    op.create_index(op.f("ix_path_event_instance_id"), "path_event", ["instance_id"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=False),
        sa.Column("wait_id", TEXT, server_default="", nullable=False),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("correlation", TEXT, nullable=True),
        sa.Column("action", TEXT, server_default="", nullable=False),
        sa.Column("task_wait", TEXT, server_default="", nullable=False),
        sa.Column("state", TEXT, server_default="open", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_subscription_case_id_case_file")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_subscription_instance_id_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("instance_id", "wait_id", name=op.f("uq_subscription_instance_id_wait_id")),
    )
    op.create_index(op.f("ix_subscription_case_id"), "subscription", ["case_id"], unique=False)
    op.create_index(
        "ix_subscription_open_name",
        "subscription",
        ["name", "correlation"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "task",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=False),
        sa.Column("wait_id", TEXT, server_default="", nullable=False),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("process_id", TEXT, server_default="", nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("state", TEXT, server_default="ready", nullable=False),
        sa.Column("queue", TEXT, server_default="", nullable=False),
        sa.Column("role", TEXT, server_default="", nullable=False),
        sa.Column("lane", TEXT, server_default="", nullable=False),
        sa.Column("owner_id", TEXT, nullable=True),
        sa.Column("delegator_id", TEXT, nullable=True),
        sa.Column("candidates", TEXT, server_default="[]", nullable=False),
        sa.Column("excluded", TEXT, server_default="[]", nullable=False),
        sa.Column("form", TEXT, server_default="", nullable=False),
        sa.Column("outcomes", TEXT, server_default="[]", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="3", nullable=False),
        sa.Column("clock", TEXT, server_default="", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("draft", TEXT, nullable=True),
        sa.Column("outcome", TEXT, server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", TEXT, nullable=True),
        sa.Column("on_behalf_of", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_task_instance_id_instance")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_task_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("instance_id", "wait_id", name=op.f("uq_task_instance_id_wait_id")),
    )
    op.create_index(op.f("ix_task_case_id"), "task", ["case_id"], unique=False)
    op.create_index(
        "ix_task_open_owner",
        "task",
        ["owner_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('ready','reserved','in_progress','suspended','created')"),
        postgresql_where=sa.text("state IN ('ready','reserved','in_progress','suspended','created')"),
    )
    op.create_index(
        "ix_task_open_queue",
        "task",
        ["queue", "owner_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('ready','reserved','in_progress','suspended','created')"),
        postgresql_where=sa.text("state IN ('ready','reserved','in_progress','suspended','created')"),
    )
    op.create_table(
        "timer",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=False),
        sa.Column("wait_id", TEXT, server_default="", nullable=False),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("state", TEXT, server_default="pending", nullable=False),
        sa.Column("clock_key", TEXT, server_default="", nullable=False),
        sa.Column("at", TEXT, server_default="", nullable=False),
        sa.Column("spec", TEXT, server_default="{}", nullable=False),
        sa.Column("armed_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_timer_case_id_case_file")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_timer_instance_id_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("instance_id", "wait_id", name=op.f("uq_timer_instance_id_wait_id")),
    )
    op.create_index("ix_timer_case_clock", "timer", ["case_id", "clock_key"], unique=False)
    op.create_index(
        "ix_timer_pending_due",
        "timer",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'pending' AND due_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'pending' AND due_at IS NOT NULL"),
    )

    make_full_text_index()


def make_full_text_index() -> None:
    """Index the words of cases where this SQLite can; elsewhere the search reads the plain table."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for statement in POSTGRES_FULL_TEXT.split("--"):
            bind.exec_driver_sql(statement)
        return
    options = {row[0] for row in bind.exec_driver_sql("PRAGMA compile_options")}
    if "ENABLE_FTS5" in options:
        for statement in FULL_TEXT.split("--"):
            bind.exec_driver_sql(statement)
