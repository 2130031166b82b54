-- Addresses: homes, and who lives in which. One person ought to have one residence; a register is as it is.
CREATE TABLE IF NOT EXISTS dwelling (
    id bigint PRIMARY KEY,
    municipality text NOT NULL,
    settlement text NOT NULL,
    street text NOT NULL,
    number text NOT NULL,
    postal_code text NOT NULL,
    CONSTRAINT a_postal_code_has_five_digits CHECK (postal_code ~ '^[0-9]{5}$')
);

CREATE TABLE IF NOT EXISTS residence (
    personal_number text NOT NULL,
    dwelling bigint NOT NULL,
    since date NOT NULL,
    confirmed_on date NOT NULL,
    PRIMARY KEY (personal_number, dwelling),
    CONSTRAINT nobody_confirms_before_moving_in CHECK (confirmed_on >= since)
);
CREATE INDEX IF NOT EXISTS residence_by_dwelling ON residence (dwelling);
