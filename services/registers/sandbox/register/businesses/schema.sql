-- Businesses, and the people who own them or act for them.
CREATE TABLE IF NOT EXISTS business (
    number text PRIMARY KEY,
    name text NOT NULL,
    form text NOT NULL,
    activity text NOT NULL,
    registered_on date NOT NULL,
    closed_on date,
    vat boolean NOT NULL,
    municipality text NOT NULL,
    settlement text NOT NULL,
    street text NOT NULL,
    house_number text NOT NULL,
    postal_code text NOT NULL,
    CONSTRAINT a_business_number_has_nine_digits CHECK (number ~ '^8[0-9]{8}$'),
    CONSTRAINT a_business_has_a_known_form CHECK (form IN ('individual', 'limited', 'joint_stock', 'public')),
    CONSTRAINT a_business_closes_after_it_began CHECK (closed_on IS NULL OR closed_on >= registered_on)
);
CREATE INDEX IF NOT EXISTS business_by_day ON business (registered_on);

CREATE TABLE IF NOT EXISTS business_member (
    business text NOT NULL REFERENCES business (number),
    personal_number text NOT NULL,
    role text NOT NULL,
    share_percent integer,
    alone boolean NOT NULL,
    since date NOT NULL,
    until date,
    PRIMARY KEY (business, personal_number, role),
    CONSTRAINT a_member_owns_directs_or_represents CHECK (role IN ('owner', 'director', 'representative')),
    CONSTRAINT only_an_owner_has_a_share CHECK ((share_percent IS NULL) OR (role = 'owner'))
);
CREATE INDEX IF NOT EXISTS business_member_by_person ON business_member (personal_number);
