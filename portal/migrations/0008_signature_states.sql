-- An application may have to be signed before it is submitted. New words of a type can be used only after this file.
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'awaiting_signature' BEFORE 'awaiting_payment';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'ask_signature' BEFORE 'submit';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'sign' BEFORE 'submit';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'reopen' BEFORE 'submit';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'lapse' BEFORE 'submit';
