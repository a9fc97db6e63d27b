-- Up to where each member has read. Unread is counted from it, never kept.
CREATE TABLE read_position (
    chat_id uuid NOT NULL,
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (chat_id, user_id)
) WITH (fillfactor = 80);
