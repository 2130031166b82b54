-- Questions that clients put to people's phones (CIBA). One is kept some minutes longer than it can be answered, so that
-- nobody's phone is made to ring all day.
CREATE TABLE IF NOT EXISTS eid.backchannel_request (
    id_hash bytea PRIMARY KEY,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    approval_id uuid NOT NULL,
    scope text NOT NULL,
    acr text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    interval_seconds integer NOT NULL,
    polled_at timestamptz,
    fetched_at timestamptz
);
CREATE INDEX IF NOT EXISTS backchannel_request_by_person ON eid.backchannel_request (person_id, created_at);
CREATE INDEX IF NOT EXISTS backchannel_request_by_age ON eid.backchannel_request (created_at);

-- What clients are yet to be told: that a session has ended. Written with its end, so that neither is without the other.
CREATE TABLE IF NOT EXISTS eid.logout_message (
    id uuid PRIMARY KEY,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    sid text NOT NULL,
    queued_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS logout_message_by_time ON eid.logout_message (due_at);
