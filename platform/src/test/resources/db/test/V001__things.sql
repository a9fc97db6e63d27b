-- For the platform's own tests.
CREATE TABLE things (
    id    uuid        PRIMARY KEY,
    name  text        NOT NULL,
    size  integer,
    at    timestamptz NOT NULL DEFAULT now()
);
