-- Refresh tokens. A used one is kept until its family ends, so that whoever brings it again is noticed.
CREATE TABLE IF NOT EXISTS eid.refresh_token (
    token_hash bytea PRIMARY KEY,
    family bytea NOT NULL,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    scope text NOT NULL,
    acr text NOT NULL,
    amr text [] NOT NULL,
    auth_time timestamptz NOT NULL,
    sid text,
    jkt text,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX IF NOT EXISTS refresh_token_by_family ON eid.refresh_token (family);
CREATE INDEX IF NOT EXISTS refresh_token_by_person ON eid.refresh_token (person_id);
CREATE INDEX IF NOT EXISTS refresh_token_by_sign_in ON eid.refresh_token (auth_time);
CREATE INDEX IF NOT EXISTS access_token_by_person ON eid.access_token (person_id);
