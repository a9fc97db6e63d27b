-- Chats that are no more: nothing is attached in them, and their files are taken away in portions. Kept for a while, as deletions of messages are.
CREATE TABLE deleted_chats (
    chat_id    uuid        PRIMARY KEY,
    deleted_at timestamptz NOT NULL DEFAULT now(),
    purged     boolean     NOT NULL DEFAULT false
);
