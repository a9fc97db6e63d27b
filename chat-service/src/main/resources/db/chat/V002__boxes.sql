-- Every user has a box: the log of what happened to their chats as such (not in the timelines), under the same rule as
-- a chat's log. Its numbers are dense, so they are counted here, in the transaction that changes the chat.
CREATE TABLE boxes (
    user_id uuid   PRIMARY KEY,
    seq     bigint NOT NULL -- of the latest entry
) WITH (fillfactor = 70);

-- A member's row is also the latest entry of the chat in their box. 0 is what no box has told of yet: what the previous
-- version writes while it still runs. The chat's next change makes up for it.
ALTER TABLE members
    ADD COLUMN user_seq   bigint NOT NULL DEFAULT 0, -- of the chat's latest change
    ADD COLUMN joined_seq bigint NOT NULL DEFAULT 0; -- of the one that brought the member in

-- When version was raised last; null while the chat is as it was created.
ALTER TABLE chats ADD COLUMN changed_at timestamptz;

-- The last entry of a chat in the box of one who isn't in it any more. No reference to chats: it outlives a deleted one.
CREATE TABLE tombstones (
    user_id    uuid        NOT NULL,
    chat_id    uuid        NOT NULL,
    user_seq   bigint      NOT NULL,
    joined_seq bigint      NOT NULL,
    version    bigint      NOT NULL,
    left_at    timestamptz NOT NULL,
    PRIMARY KEY (user_id, chat_id)
);

-- Everyone who is in a chat already came in once, in the order in which they did.
UPDATE members SET user_seq = arrival.seq, joined_seq = arrival.seq
FROM (SELECT chat_id, place, row_number() OVER (PARTITION BY user_id ORDER BY joined_at, chat_id) AS seq
      FROM members) AS arrival
WHERE members.chat_id = arrival.chat_id AND members.place = arrival.place;

INSERT INTO boxes (user_id, seq) SELECT user_id, max(user_seq) FROM members GROUP BY user_id;

-- "What is new in this box": a short range at its end, whatever the number of the user's chats.
CREATE INDEX members_by_user_seq ON members (user_id, user_seq);
CREATE INDEX tombstones_by_user_seq ON tombstones (user_id, user_seq);
