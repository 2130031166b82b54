-- People, and who is at the door.

-- Refuses a change to a row that is evidence: put on every event and audit table.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

-- Keyed on the personal number that an identity provider verified; one person whatever means she signs in with.
CREATE TABLE person (
    id uuid PRIMARY KEY,
    personal_number text NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    birthdate date NOT NULL,
    email text,
    language text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_personal_number_belongs_to_one_person UNIQUE (personal_number),
    CONSTRAINT a_personal_number_has_ten_digits CHECK (personal_number ~ '^[0-9]{10}$'),
    CONSTRAINT a_language_is_one_of_ours CHECK (language IN ('sq', 'sr', 'en'))
);

-- The names under which issuers know a person (OpenID Connect `iss` and `sub`).
CREATE TABLE identity_link (
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_link_of_person ON identity_link (person_id);

-- A sign-in under way: bound to one browser, taken once.
CREATE TABLE sign_in (
    browser_hash bytea PRIMARY KEY,
    attempt jsonb,
    next text NOT NULL,
    -- The form that a lost session could not take: it is shown again after signing in.
    typed jsonb,
    created_at timestamptz NOT NULL,
    CONSTRAINT next_stays_within_the_site CHECK (next ~ '^/([^/\\]|$)')
);
CREATE INDEX sign_in_by_age ON sign_in (created_at);

-- A signed-in browser. Only the hash of its cookie is kept.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    acr text NOT NULL,
    issuer text NOT NULL,
    sid text,
    id_token text NOT NULL,
    auth_time timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    -- What she had typed when her last session ended, until it is shown again.
    typed jsonb,
    CONSTRAINT an_assurance_level_is_known CHECK (acr IN ('low', 'substantial', 'high'))
);
CREATE INDEX session_of_person ON session (person_id);
CREATE INDEX session_by_issuer_sid ON session (issuer, sid);
CREATE INDEX session_by_age ON session (seen_at);
