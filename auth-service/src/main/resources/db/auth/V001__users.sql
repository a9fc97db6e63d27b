-- Names are compared by their keys: Unicode's compatibility forms and letter case folded away (class Names).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE users (
    id             uuid        PRIMARY KEY,
    username       text        NOT NULL,
    username_key   text        COLLATE "C" NOT NULL,
    display_name   text        NOT NULL,
    display_key    text        COLLATE "C" NOT NULL,
    email          text,
    email_key      text        COLLATE "C",
    password       text        NOT NULL,            -- a PHC string, parameters and salt included
    avatar_url     text,
    avatar_version bigint      NOT NULL DEFAULT 0,  -- of media-service's latest event that was applied
    bio            text,
    version        bigint      NOT NULL DEFAULT 1,  -- of what user events tell
    created_at     timestamptz NOT NULL,
    CONSTRAINT users_username_taken UNIQUE (username_key),
    CONSTRAINT users_email_taken UNIQUE (email_key)
);

-- A text of one or two characters is looked for at the beginning of a name, a longer one anywhere in it.
CREATE INDEX users_by_display ON users (display_key);
CREATE INDEX users_by_part ON users USING gin (username_key gin_trgm_ops, display_key gin_trgm_ops);

-- One sign-in; ending it deletes it, and with it every refresh token it ever had.
CREATE TABLE sessions (
    id         uuid        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Spent tokens stay, so that one that is shown again is known for what it is.
CREATE TABLE refresh_tokens (
    hash       bytea       PRIMARY KEY, -- SHA-256 of the token
    session_id uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
    spent_at   timestamptz,
    spent_for  bytea                    -- SHA-256 of the Idempotency-Key that it was spent with
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, spent_at);

CREATE TABLE signing_keys (
    kid         uuid        PRIMARY KEY,
    algorithm   text        NOT NULL,
    public_key  bytea       NOT NULL, -- X.509
    private_key bytea       NOT NULL, -- PKCS #8, sealed with a key derived from SECRET_KEY
    created_at  timestamptz NOT NULL
);
