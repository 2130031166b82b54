-- Who acts for a company may say that a register is wrong about it: `COM/810123456`, as X-Road names it.
-- squawk-ignore ban-drop-constraint
ALTER TABLE data_case DROP CONSTRAINT whom_a_case_is_about_has_ten_digits;
ALTER TABLE data_case
ADD CONSTRAINT a_case_is_about_a_person_or_a_company CHECK (about ~ '^([0-9]{10}|COM/[0-9]{9})$') NOT VALID;
