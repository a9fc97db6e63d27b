-- First answers to POSTs that carried an Idempotency-Key; swept after 24 hours.
CREATE TABLE idempotency (
    user_id    uuid        NOT NULL,
    key        text        NOT NULL,
    request    bytea       NOT NULL, -- SHA-256 of method, path and body
    status     smallint    NOT NULL,
    body       bytea       NOT NULL,
    location   text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_age ON idempotency (created_at);
