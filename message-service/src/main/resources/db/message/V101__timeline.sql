-- Every table that grows has chat_id as the first column of its key, and every statement names it: the schema can be sharded by it.

-- Names the data set. A restore from backup changes it, so that clients which have seen more than the backup resynchronise.
CREATE TABLE dataset (
    epoch text NOT NULL
);
INSERT INTO dataset VALUES (gen_random_uuid()::text);

-- The counter that makes a chat a log: locked by whoever writes to the chat. Its pages leave room, so that counting up touches no index.
CREATE TABLE chat_head (
    chat_id uuid PRIMARY KEY,
    seq bigint NOT NULL DEFAULT 0,
    members_version bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Replica of chat-service's members, true for chat_head.members_version.
CREATE TABLE member (
    chat_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (chat_id, user_id)
);

CREATE TABLE message (
    chat_id uuid NOT NULL,
    seq bigint NOT NULL,
    changed_seq bigint NOT NULL,
    type text NOT NULL,
    sender_id uuid NOT NULL,
    content text,
    reply_to_seq bigint,
    files jsonb,
    client_id text,
    client_hash bytea,
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    deleted_at timestamptz,
    PRIMARY KEY (chat_id, seq)
);

-- "What did I miss since N" is one range of this.
CREATE UNIQUE INDEX message_changed ON message (chat_id, changed_seq);

-- A send is known by its sender's own name for it, for ever.
CREATE UNIQUE INDEX message_client ON message (chat_id, sender_id, client_id) WHERE client_id IS NOT NULL;
