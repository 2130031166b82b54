-- Who tried to ask what they may not: nothing was read. `register` is `gateway` for the feed of events, and then nobody
-- is asked about.
CREATE TABLE IF NOT EXISTS denied_access (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    register text NOT NULL,
    message_id uuid NOT NULL,
    client text NOT NULL,
    user_id text,
    issue text,
    represented_party text,
    service text NOT NULL,
    subject text,
    request_hash text NOT NULL,
    signature text,
    at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS denied_access_by_register ON denied_access (register, id);
CREATE OR REPLACE TRIGGER denied_access_is_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON denied_access
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
