-- A row is an envelope: all that one commit says of one kind, and one message of JetStream. heads has a line for each event
-- (bytes, seq, subject, id, cause); payload has theirs one after the other, too small to be worth compressing for so short a life.
ALTER TABLE outbox
    ADD COLUMN heads text[],
    ALTER COLUMN subject DROP NOT NULL,
    ALTER COLUMN event_id DROP NOT NULL,
    ALTER COLUMN seq DROP NOT NULL,
    ALTER COLUMN payload SET STORAGE EXTERNAL,
    ALTER COLUMN heads SET STORAGE EXTERNAL;

-- Streams keep envelopes from now on: what the last minutes published as single events is published again as such.
DELETE FROM outbox_stream;
