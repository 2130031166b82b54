-- Tax. Money is in cents of a euro.
CREATE TABLE IF NOT EXISTS income_year (
    personal_number text NOT NULL,
    year integer NOT NULL,
    source text NOT NULL,
    payer text NOT NULL,
    gross_cents bigint NOT NULL,
    tax_cents bigint NOT NULL,
    contribution_cents bigint NOT NULL,
    CONSTRAINT nobody_pays_more_tax_than_was_earned CHECK (tax_cents + contribution_cents < gross_cents)
);
CREATE INDEX IF NOT EXISTS income_year_by_person ON income_year (personal_number);

CREATE TABLE IF NOT EXISTS tax_debt (
    personal_number text NOT NULL,
    kind text NOT NULL,
    amount_cents bigint NOT NULL,
    since date NOT NULL,
    instalments boolean NOT NULL,
    CONSTRAINT a_debt_is_of_a_known_tax CHECK (kind IN ('income', 'value_added', 'property')),
    CONSTRAINT a_debt_is_more_than_nothing CHECK (amount_cents > 0)
);
CREATE INDEX IF NOT EXISTS tax_debt_by_person ON tax_debt (personal_number);

CREATE TABLE IF NOT EXISTS business_tax_debt (
    business text NOT NULL,
    kind text NOT NULL,
    amount_cents bigint NOT NULL,
    since date NOT NULL,
    instalments boolean NOT NULL,
    CONSTRAINT a_business_owes_a_known_tax CHECK (kind IN ('corporate_income', 'value_added')),
    CONSTRAINT a_business_owes_more_than_nothing CHECK (amount_cents > 0)
);
CREATE INDEX IF NOT EXISTS business_tax_debt_by_business ON business_tax_debt (business);

CREATE TABLE IF NOT EXISTS property_tax_bill (
    number text PRIMARY KEY,
    personal_number text NOT NULL,
    parcel text NOT NULL,
    year integer NOT NULL,
    amount_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    first_due_on date NOT NULL,
    second_due_on date NOT NULL,
    CONSTRAINT nobody_pays_more_than_the_bill CHECK (paid_cents BETWEEN 0 AND amount_cents)
);
CREATE INDEX IF NOT EXISTS property_tax_bill_by_person ON property_tax_bill (personal_number);

-- What the portal told of payments: which bill, under which reference.
CREATE TABLE IF NOT EXISTS property_tax_payment (
    bill text NOT NULL,
    reference text NOT NULL,
    amount_cents bigint NOT NULL,
    paid_on date NOT NULL,
    CONSTRAINT a_payment_is_of_more_than_nothing CHECK (amount_cents > 0)
);
