-- Codes that were sent to a phone to sign one document by SignBox: each for that document, that person, that client.
CREATE TABLE IF NOT EXISTS eid.one_time_code (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    approval_id uuid NOT NULL REFERENCES eid.approval (id) ON DELETE CASCADE,
    document_hash bytea NOT NULL,
    code_hash bytea NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    CONSTRAINT a_one_time_code_has_three_tries CHECK (wrong_tries BETWEEN 0 AND 3),
    CONSTRAINT one_code_for_a_document_at_a_time UNIQUE (person_id, client_id, document_hash)
);
CREATE INDEX IF NOT EXISTS one_time_code_by_expiry ON eid.one_time_code (expires_at);
