-- The rows of a page of history.
\set chat random(1, :chats)
SELECT m.chat_id, m.seq, m.changed_seq, m.type, m.sender_id, m.content, m.reply_to_seq, m.files, m.client_id,
       m.created_at, m.edited_at, m.deleted_at
  FROM message m
 WHERE m.chat_id = ('00000000-0000-7000-8000-' || lpad(:chat::text, 12, '0'))::uuid
 ORDER BY m.seq DESC LIMIT 50;
