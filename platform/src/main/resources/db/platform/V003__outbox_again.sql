-- A row whose mark was taken back keeps stream_seq: it was published once, so what was never published goes first.
CREATE INDEX outbox_first ON outbox (id) WHERE published_at IS NULL AND stream_seq IS NULL;
CREATE INDEX outbox_again ON outbox (id) WHERE published_at IS NULL AND stream_seq IS NOT NULL;
DROP INDEX outbox_pending;
COMMENT ON COLUMN outbox.stream_seq IS 'where JetStream put it, the last time that it said';
