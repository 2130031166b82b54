-- What the portal has told a person: her inbox, and what went out by e-mail.
CREATE TABLE notice (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    application_id uuid NOT NULL REFERENCES application (id),
    kind text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    mailed_at timestamptz,
    CONSTRAINT a_notice_is_of_a_known_kind CHECK (kind IN ('issued', 'refused')),
    CONSTRAINT an_application_gives_one_notice_of_a_kind UNIQUE (application_id, kind)
);
CREATE INDEX notice_of_person ON notice (person_id, id DESC);
CREATE INDEX unread_notice_of_person ON notice (person_id) WHERE read_at IS NULL;
