-- The signing service: whose keys sign here, what was allowed to be signed, and what was signed.

-- A person's key with its certificate. The key is sealed with the eID's secret; whether the certificate is good is said
-- by the trust services' register, which tells everybody else too.
CREATE TABLE IF NOT EXISTS eid.credential (
    id text PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    serial text NOT NULL,
    certificate bytea NOT NULL,
    sealed_key text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    replaced_at timestamptz,
    CONSTRAINT a_serial_is_given_once UNIQUE (serial)
);
CREATE UNIQUE INDEX IF NOT EXISTS one_credential_of_a_person_signs ON eid.credential (person_id)
WHERE replaced_at IS NULL;
CREATE INDEX IF NOT EXISTS credential_by_person ON eid.credential (person_id, issued_at);

-- A person at the page that asks whether she signs, in the browser that brought the request.
CREATE TABLE IF NOT EXISTS eid.signature_request (
    id uuid PRIMARY KEY,
    browser_hash bytea NOT NULL,
    credential_id text NOT NULL REFERENCES eid.credential (id) ON DELETE CASCADE,
    request text NOT NULL,
    approval_id uuid REFERENCES eid.approval (id) ON DELETE SET NULL,
    expires_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX IF NOT EXISTS signature_request_by_expiry ON eid.signature_request (expires_at);

-- Leave to sign: for one client, with one key, exactly these hashes, once. `hashes` are those not yet signed.
-- It is found by the code or the handle that leads to it, then by what was given for that (SAD), each kept as a hash.
CREATE TABLE IF NOT EXISTS eid.activation (
    id uuid PRIMARY KEY,
    credential_id text NOT NULL REFERENCES eid.credential (id) ON DELETE CASCADE,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    hash_algorithm text NOT NULL,
    hashes bytea [] NOT NULL,
    approval_id uuid REFERENCES eid.approval (id) ON DELETE CASCADE,
    code_hash bytea,
    handle_hash bytea,
    sad_hash bytea,
    is_spent boolean NOT NULL DEFAULT FALSE,
    expires_at timestamptz NOT NULL,
    CONSTRAINT a_code_leads_to_one_activation UNIQUE (code_hash),
    CONSTRAINT a_handle_leads_to_one_activation UNIQUE (handle_hash),
    CONSTRAINT a_sad_is_of_one_activation UNIQUE (sad_hash)
);
-- The access token that is the first SAD, when it came by the browser: with it every later one is taken back.
ALTER TABLE eid.activation ADD COLUMN IF NOT EXISTS token_hash bytea;
ALTER TABLE eid.activation ADD COLUMN IF NOT EXISTS details text;
CREATE INDEX IF NOT EXISTS activation_by_expiry ON eid.activation (expires_at);

-- What was signed. Kept: it is the evidence of whoever says that she did not.
CREATE TABLE IF NOT EXISTS eid.signature (
    id uuid PRIMARY KEY,
    credential_id text NOT NULL REFERENCES eid.credential (id) ON DELETE CASCADE,
    client_id text NOT NULL,
    hash_algorithm text NOT NULL,
    hash bytea NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS signature_by_credential ON eid.signature (credential_id, made_at);
