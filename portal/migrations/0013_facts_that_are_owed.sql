-- An application may be sent while a register owes a fact. New words of a type can be used only after this file.
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'awaiting_facts' BEFORE 'awaiting_signature';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'dispute' BEFORE 'discard';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'defer' BEFORE 'submit';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'hand_back' BEFORE 'submit';
