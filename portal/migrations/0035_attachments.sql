-- What people attach to applications: each content once, by its digest, whoever attached it to what.
CREATE TABLE attachment_content (
    sha256 bytea PRIMARY KEY,
    -- Nothing where harmful software was found in it: that is not kept.
    content bytea,
    size bigint NOT NULL,
    standing text NOT NULL,
    found text,
    kept_at timestamptz NOT NULL,
    scanned_at timestamptz,
    CONSTRAINT a_content_is_of_a_known_standing CHECK (standing IN ('waiting', 'clean', 'harmful')),
    CONSTRAINT what_is_harmful_is_named_and_not_kept CHECK (
        (standing = 'harmful') = (content IS NULL) AND (standing = 'harmful') = (found IS NOT NULL)
    ),
    CONSTRAINT what_was_scanned_says_when CHECK ((standing = 'waiting') = (scanned_at IS NULL)),
    CONSTRAINT the_digest_is_the_contents_own CHECK (content IS NULL OR sha256 = sha256(content)),
    CONSTRAINT a_content_is_something CHECK (size > 0)
);
-- PDF and images are compressed already: trying again costs time and gains nothing.
ALTER TABLE attachment_content ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX attachment_content_waiting ON attachment_content (kept_at) WHERE standing = 'waiting';

CREATE TABLE attachment (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id),
    question text NOT NULL,
    sha256 bytea NOT NULL REFERENCES attachment_content (sha256),
    name text NOT NULL,
    type text NOT NULL,
    located boolean NOT NULL,
    attached_at timestamptz NOT NULL,
    taken_away_at timestamptz,
    CONSTRAINT an_attachment_has_a_name CHECK (name <> '' AND length(name) <= 100),
    CONSTRAINT an_attachment_is_of_a_known_type CHECK (type IN ('pdf', 'jpeg', 'png'))
);
CREATE UNIQUE INDEX a_content_is_attached_once_to_a_question ON attachment (application_id, question, sha256)
WHERE taken_away_at IS NULL;
CREATE INDEX attachment_of_content ON attachment (sha256);

-- What she sends with a message to the office: {id, name, type, size, sha256} of each, as answers name files.
ALTER TABLE application_message ADD COLUMN files jsonb NOT NULL DEFAULT '[]';

-- That something harmful was sent; the thing itself is kept nowhere.
CREATE TABLE attachment_refused_event (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id),
    question text NOT NULL,
    sha256 bytea NOT NULL,
    found text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX attachment_refused_event_of_application ON attachment_refused_event (application_id);
CREATE TRIGGER what_was_refused_stays_noted BEFORE UPDATE OR DELETE ON attachment_refused_event
FOR EACH ROW EXECUTE FUNCTION refuse_change();
