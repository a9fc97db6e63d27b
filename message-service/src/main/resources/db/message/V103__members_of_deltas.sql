-- Events of chat-service say what changed. Where one is missing, the rows in member are true as far as they go, but not all:
-- members_known is false until chat-service has told all of them.
ALTER TABLE chat_head
    ADD COLUMN members_known boolean NOT NULL DEFAULT true,
    ADD COLUMN deleted_at timestamptz, -- nobody is a member any more, and none will be; the row stays, so that numbers never restart
    ADD COLUMN purged boolean NOT NULL DEFAULT false;

CREATE INDEX chat_head_unknown ON chat_head (chat_id) WHERE NOT members_known;
CREATE INDEX chat_head_deleted ON chat_head (chat_id) WHERE deleted_at IS NOT NULL AND NOT purged;

-- All chats of a user, for the sum of what they have not read. Sharded by chat_id, it is asked of every shard.
CREATE INDEX member_user ON member (user_id);
