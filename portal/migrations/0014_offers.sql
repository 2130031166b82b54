-- What registers told without being asked, and what is offered to people because of it.

-- How far their feed has been read: events are numbered without gaps, and each is taken in the transaction that goes on.
CREATE TABLE register_feed (
    one boolean PRIMARY KEY DEFAULT true,
    read_until bigint NOT NULL,
    CONSTRAINT there_is_one_feed CHECK (one),
    CONSTRAINT a_feed_is_counted_from_nothing CHECK (read_until >= 0)
);
INSERT INTO register_feed (read_until) VALUES (0);

-- An offer of a service, or a reminder where there is no service yet. It is kept by the personal number, as the record of
-- who looked is: the person may never have been here. It goes after half a year, whatever became of it.
CREATE TABLE offer (
    id uuid PRIMARY KEY,
    personal_number text NOT NULL,
    kind text NOT NULL,
    day date NOT NULL,
    about jsonb NOT NULL,
    service_id text,
    reminder_id text,
    made_at timestamptz NOT NULL,
    answer text,
    answered_at timestamptz,
    application_id uuid REFERENCES application (id),
    CONSTRAINT an_offer_is_to_ten_digits CHECK (personal_number ~ '^[0-9]{10}$'),
    CONSTRAINT an_offer_is_of_a_service_or_a_reminder CHECK ((service_id IS NULL) <> (reminder_id IS NULL)),
    CONSTRAINT an_offer_is_answered_in_a_known_way CHECK (answer IN ('accepted', 'declined', 'outdated')),
    CONSTRAINT an_answer_to_an_offer_has_a_time CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT only_an_accepted_offer_has_an_application
    CHECK ((application_id IS NOT NULL) = (answer IS NOT DISTINCT FROM 'accepted')),
    CONSTRAINT only_a_service_can_be_accepted CHECK (answer IS DISTINCT FROM 'accepted' OR service_id IS NOT NULL)
);
-- The same event told again, under whatever number, makes no second offer.
CREATE UNIQUE INDEX an_event_is_offered_once
ON offer (personal_number, kind, service_id, reminder_id, md5(about::text)) NULLS NOT DISTINCT;
CREATE INDEX offer_by_age ON offer (made_at);
CREATE INDEX offer_of_application ON offer (application_id) WHERE application_id IS NOT NULL;

-- How a person wants to hear that something waits for her; without a row: in the portal only.
CREATE TABLE offer_preference (
    person_id uuid PRIMARY KEY REFERENCES person (id),
    by_email boolean NOT NULL,
    by_sms boolean NOT NULL,
    phone text,
    chosen_at timestamptz NOT NULL,
    CONSTRAINT a_phone_is_kept_for_messages_alone CHECK (by_sms = (phone IS NOT NULL)),
    CONSTRAINT a_phone_is_written_as_e164 CHECK (phone ~ '^\+[1-9][0-9]{7,14}$')
);

-- A message that something waits: one a day, a person and a channel at most.
CREATE TABLE offer_message (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person (id),
    channel text NOT NULL,
    day date NOT NULL,
    sent_at timestamptz,
    CONSTRAINT a_message_goes_by_mail_or_phone CHECK (channel IN ('email', 'sms')),
    CONSTRAINT a_person_hears_once_a_day UNIQUE (person_id, channel, day)
);
