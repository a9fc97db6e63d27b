-- What tells its owner one session from another. The version before this one may go on writing sessions.
ALTER TABLE sessions
    ADD COLUMN used_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN device  text; -- as in "Firefox on Linux"; nothing finer is kept of a User-Agent

UPDATE sessions SET used_at = created_at;

-- A place at the gateway, for one socket, for moments. It goes with its session.
CREATE TABLE tickets (
    hash             bytea       PRIMARY KEY, -- SHA-256 of the ticket
    session_id       uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
    expires_at       timestamptz NOT NULL,
    token_expires_at timestamptz NOT NULL     -- of the access token that it was asked for with
);

CREATE INDEX tickets_by_session ON tickets (session_id);
CREATE INDEX tickets_by_end ON tickets (expires_at);
