-- What was issued, what was taken back, and how often anyone checked.

CREATE TABLE document (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id),
    -- The verification code in its normal form: capitals, without dashes.
    code text NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    institution text NOT NULL,
    reference text NOT NULL,
    -- All that a stranger learns of the person.
    holder_masked text NOT NULL,
    sha256 bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    pdf bytea NOT NULL,
    CONSTRAINT an_application_is_issued_a_document_once UNIQUE (application_id, kind),
    CONSTRAINT a_code_names_one_document UNIQUE (code),
    CONSTRAINT a_file_is_one_document UNIQUE (sha256),
    CONSTRAINT a_code_has_sixteen_signs CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
    CONSTRAINT a_document_is_in_one_of_our_languages CHECK (language IN ('sq', 'sr', 'en')),
    CONSTRAINT the_digest_is_the_files_own CHECK (sha256 = sha256(pdf))
);
CREATE TRIGGER a_document_stays_as_it_was_issued BEFORE UPDATE OR DELETE ON document
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE document_revocation (
    document_id uuid PRIMARY KEY REFERENCES document (id),
    revoked_at timestamptz NOT NULL,
    reason text NOT NULL
);
CREATE TRIGGER a_revocation_stands BEFORE UPDATE OR DELETE ON document_revocation
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Counts, not visits: who checked a document is nobody's business.
CREATE TABLE document_check (
    document_id uuid NOT NULL REFERENCES document (id),
    day date NOT NULL,
    times bigint NOT NULL,
    PRIMARY KEY (document_id, day),
    CONSTRAINT checks_count_from_one CHECK (times >= 1)
);
