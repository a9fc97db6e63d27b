CREATE TABLE chats (
    id           uuid        PRIMARY KEY,
    type         text        NOT NULL CHECK (type IN ('direct', 'group')),
    title        text,
    direct_low   uuid,                 -- the two of a direct chat, the lower id first
    direct_high  uuid,
    member_count int         NOT NULL,
    version      bigint      NOT NULL, -- of what chat events tell; not of the timeline
    created_at   timestamptz NOT NULL,
    CHECK (direct_low < direct_high),
    CHECK ((type = 'direct') = (direct_low IS NOT NULL AND direct_high IS NOT NULL)),
    UNIQUE (direct_low, direct_high)   -- one direct chat for any two, whoever asks first
);

CREATE TABLE members (
    chat_id   uuid        NOT NULL REFERENCES chats,
    place     int         NOT NULL, -- order of arrival
    user_id   uuid        NOT NULL,
    role      text        NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (chat_id, place)
);

-- "May this user see this chat", and a user's chats as one index-only range.
CREATE UNIQUE INDEX members_by_user ON members (user_id, chat_id);

-- The newest message of each chat, built from message-service's events.
--
-- A user's chats are listed by activity. Were activity kept with each member, the list would be one range of an index,
-- but a message to a chat of 1,000 would write 1,000 rows and as many index entries. Kept here, a message writes one
-- row, and since no index holds anything that it changes, the update is heap-only (fillfactor leaves it the room). The
-- list pays with one look-up by primary key for each chat the user is in and a top-N sort of two columns: bounded by
-- the user's own chats, whatever the number of chats, members and messages besides.
CREATE TABLE heads (
    chat_id     uuid        PRIMARY KEY REFERENCES chats,
    activity    timestamptz NOT NULL,           -- of the newest message, or of the chat's creation
    seq         bigint      NOT NULL DEFAULT 0, -- of the latest change that was heard of
    message_seq bigint      NOT NULL DEFAULT 0, -- of the newest message's creation
    changed_seq bigint      NOT NULL DEFAULT 0, -- that the newest message is true for
    message     jsonb                           -- it; its files' urls without signatures
) WITH (fillfactor = 70);
