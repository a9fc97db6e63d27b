-- What media-service knows of a message: only of those that ever had files, or were deleted a short while ago. Its row
-- is the lock under which files are attached to a message and taken away from it.
CREATE TABLE messages (
    chat_id    uuid        NOT NULL,
    seq        bigint      NOT NULL,
    files      integer     NOT NULL DEFAULT 0, -- attached so far; never counts down
    deleted_at timestamptz,                    -- kept for a while, so that an attachment under way can't come after
    PRIMARY KEY (chat_id, seq)
);

CREATE INDEX messages_deleted ON messages (deleted_at) WHERE deleted_at IS NOT NULL;

-- A row exists only after its bytes are safe under media/messages/<id>; bytes without a row are swept.
CREATE TABLE files (
    id             uuid        PRIMARY KEY,
    chat_id        uuid        NOT NULL,
    seq            bigint      NOT NULL,
    user_id        uuid        NOT NULL,
    name           text        NOT NULL,
    size           bigint      NOT NULL,
    content_type   text        NOT NULL,
    sha256         text        NOT NULL,
    width          integer,
    height         integer,
    thumbnail_type text, -- null if it has none
    created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX files_message ON files (chat_id, seq);

CREATE TABLE avatars (
    user_id      uuid        PRIMARY KEY,
    id           uuid        NOT NULL UNIQUE,
    previous     uuid,                 -- whose bytes the change to this one left behind
    version      bigint      NOT NULL, -- from 1, never down
    size         bigint      NOT NULL,
    content_type text        NOT NULL,
    sha256       text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);
