-- What message-service writes for a send, in one statement and one transaction: the chat's number, the message, its event.
\set chat random(1, :chats)
WITH head AS (
  UPDATE chat_head SET seq = seq + 1
   WHERE chat_id = ('00000000-0000-7000-8000-' || lpad(:chat::text, 12, '0'))::uuid
  RETURNING chat_id, seq),
made AS (
  INSERT INTO message (chat_id, seq, changed_seq, type, sender_id, content, client_id, client_hash, created_at)
  SELECT chat_id, seq, seq, 'text', '00000000-0000-7000-8000-000000000000',
         'Shall we meet at the usual place tomorrow at nine, or is ten better for you? The others can do both.',
         gen_random_uuid()::text, '\x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', now()
    FROM head
  RETURNING chat_id, seq)
INSERT INTO outbox (heads, payload)
SELECT ARRAY['559 ' || seq || ' natter.message.' || chat_id || '.created ' || chat_id || '.' || seq || ' ' || gen_random_uuid()],
       convert_to(repeat('An event of a message has about 560 bytes. ', 13), 'UTF8')
  FROM made;
