-- A session may be ended, and kept alive, from the eID's end; a stronger sign-in is for the person who is signed in.

ALTER TABLE session
-- Who she is to the issuer: a message may end every session of a person.
ADD COLUMN subject text,
-- Where the eID decides how long a session lives: until when, by what it is renewed, and from when on it should be.
ADD COLUMN refresh_token text,
ADD COLUMN expires_at timestamptz,
ADD COLUMN renew_at timestamptz,
ADD CONSTRAINT a_session_that_the_eid_ends_can_be_renewed
CHECK ((refresh_token IS NULL) = (expires_at IS NULL) AND (expires_at IS NULL) = (renew_at IS NULL)) NOT VALID;
CREATE INDEX session_by_issuer_subject ON session (issuer, subject);

-- Who must come back from the eID; NULL: whoever comes.
ALTER TABLE sign_in
ADD COLUMN person_id uuid,
ADD CONSTRAINT who_must_come_back_is_known FOREIGN KEY (person_id) REFERENCES person (id) NOT VALID;
CREATE INDEX sign_in_of_person ON sign_in (person_id);

-- Messages by which the eID ended sessions: each counts once.
CREATE TABLE logout_message (
    issuer text NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, jti)
);
CREATE INDEX logout_message_by_age ON logout_message (expires_at);
