-- Answers that are to be wrong, in the order asked for. Empty, and never read, unless faults are turned on.
CREATE TABLE IF NOT EXISTS eid.fault (
    id uuid PRIMARY KEY,
    -- The client whose answers are wrong; null for whoever asks next.
    client_id text REFERENCES eid.client (client_id) ON DELETE CASCADE,
    kind text NOT NULL,
    at text NOT NULL,
    times integer NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT a_fault_happens_at_least_once_more CHECK (times > 0)
);
CREATE INDEX IF NOT EXISTS fault_by_expiry ON eid.fault (expires_at);
