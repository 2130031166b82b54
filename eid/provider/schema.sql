-- The national eID's own memory: who is enrolled, who asks, who is signed in. Run at every start; changes nothing twice.

CREATE SCHEMA IF NOT EXISTS eid;

-- Keys that sign ID tokens. `next` is published before it signs, `retired` after; the private part is sealed.
CREATE TABLE IF NOT EXISTS eid.signing_key (
    kid text PRIMARY KEY,
    public_jwk text NOT NULL,
    sealed_jwk text NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    CONSTRAINT a_key_is_current_next_or_retired CHECK (state IN ('current', 'next', 'retired')),
    CONSTRAINT a_retired_key_says_since_when CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);
-- EC for ES256; RSA, once a client wants it, for RS256 and PS256.
ALTER TABLE eid.signing_key ADD COLUMN IF NOT EXISTS kty text NOT NULL DEFAULT 'EC';
DROP INDEX IF EXISTS eid.one_current_and_one_next_key;
CREATE UNIQUE INDEX IF NOT EXISTS one_current_and_one_next_key_of_a_kind ON eid.signing_key (kty, state)
WHERE state <> 'retired';

-- Relying parties, as OpenID Connect Dynamic Client Registration describes them.
CREATE TABLE IF NOT EXISTS eid.client (
    client_id text PRIMARY KEY,
    metadata text NOT NULL,
    registered_at timestamptz NOT NULL
);

CREATE TABLE IF NOT EXISTS eid.person (
    id uuid PRIMARY KEY,
    personal_number text NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    birthdate date NOT NULL,
    email text,
    language text NOT NULL,
    -- Place on the sign-in page, and what is written there in each language; null for who is not on it.
    place integer,
    shows text,
    pin_hash text NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    locked_at timestamptz,
    enrolled_at timestamptz NOT NULL,
    CONSTRAINT a_personal_number_is_enrolled_once UNIQUE (personal_number),
    CONSTRAINT a_personal_number_has_ten_digits CHECK (personal_number ~ '^[0-9]{10}$'),
    CONSTRAINT three_tries_at_most CHECK (wrong_tries BETWEEN 0 AND 3),
    CONSTRAINT a_language_is_one_of_ours CHECK (language IN ('sq', 'sr', 'en'))
);

-- A request under way at the sign-in page, bound to the browser that brought it.
CREATE TABLE IF NOT EXISTS eid.interaction (
    id uuid PRIMARY KEY,
    browser_hash bytea NOT NULL,
    request text NOT NULL,
    person_id uuid REFERENCES eid.person (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX IF NOT EXISTS interaction_by_expiry ON eid.interaction (expires_at);

-- Requests that clients pushed before the browser comes with their names (RFC 9126); one that was used is deleted.
CREATE TABLE IF NOT EXISTS eid.pushed_request (
    name_hash bytea PRIMARY KEY,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    request text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS pushed_request_by_expiry ON eid.pushed_request (expires_at);

-- A browser signed in to the eID itself.
CREATE TABLE IF NOT EXISTS eid.session (
    id uuid PRIMARY KEY,
    cookie_hash bytea NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    acr text NOT NULL,
    amr text [] NOT NULL,
    auth_time timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS session_by_use ON eid.session (seen_at);

-- To whom a session has told who the person is, and the name (`sid`) under which that client knows the session.
CREATE TABLE IF NOT EXISTS eid.session_client (
    session_id uuid NOT NULL REFERENCES eid.session (id) ON DELETE CASCADE,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    sid text NOT NULL UNIQUE,
    PRIMARY KEY (session_id, client_id)
);

CREATE TABLE IF NOT EXISTS eid.authorization_code (
    code_hash bytea PRIMARY KEY,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    redirect_uri text NOT NULL,
    code_challenge text NOT NULL,
    scope text NOT NULL,
    nonce text,
    sid text NOT NULL,
    acr text NOT NULL,
    amr text [] NOT NULL,
    auth_time timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX IF NOT EXISTS authorization_code_by_expiry ON eid.authorization_code (expires_at);

-- Opaque; a revoked one is deleted. It carries no reference to the code's row, which is swept earlier.
CREATE TABLE IF NOT EXISTS eid.access_token (
    token_hash bytea PRIMARY KEY,
    code_hash bytea NOT NULL,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    scope text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS access_token_by_code ON eid.access_token (code_hash);
CREATE INDEX IF NOT EXISTS access_token_by_expiry ON eid.access_token (expires_at);

-- The key (RFC 7638 thumbprint) to which a token is bound, or by the client's wish will be (DPoP, RFC 9449).
ALTER TABLE eid.authorization_code ADD COLUMN IF NOT EXISTS dpop_jkt text;
ALTER TABLE eid.access_token ADD COLUMN IF NOT EXISTS jkt text;

-- Proofs of a key already used (`jti` once).
CREATE TABLE IF NOT EXISTS eid.used_proof (
    jkt text NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (jkt, jti)
);
CREATE INDEX IF NOT EXISTS used_proof_by_expiry ON eid.used_proof (expires_at);

-- Client assertions already used (`jti` once).
CREATE TABLE IF NOT EXISTS eid.used_assertion (
    client_id text NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE INDEX IF NOT EXISTS used_assertion_by_expiry ON eid.used_assertion (expires_at);
