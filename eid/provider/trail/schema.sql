-- What happened with a person's eID, for herself to read. No PIN, no personal number, and of an address only a part.
CREATE TABLE IF NOT EXISTS eid.trail (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    event text NOT NULL,
    outcome text NOT NULL,
    client_id text,
    means text,
    acr text,
    browser text NOT NULL,
    system text NOT NULL,
    network text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT an_event_is_one_of_these CHECK (event IN (
        'sign_in', 'backchannel', 'signature', 'pin', 'puk', 'pin_changed', 'session_ended', 'suspended'
    )),
    CONSTRAINT an_event_ends_in_one_of_these_ways CHECK (outcome IN ('done', 'refused', 'wrong', 'locked'))
);
CREATE INDEX IF NOT EXISTS trail_by_person ON eid.trail (person_id, id);
CREATE INDEX IF NOT EXISTS trail_by_time ON eid.trail (at);

-- From where a session is used.
CREATE TABLE IF NOT EXISTS eid.session_place (
    session_id uuid PRIMARY KEY REFERENCES eid.session (id) ON DELETE CASCADE,
    browser text NOT NULL,
    system text NOT NULL,
    network text NOT NULL,
    opened_at timestamptz NOT NULL
);
