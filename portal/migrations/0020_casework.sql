-- Officers decide on applications. New words of a type can be used only after this file.
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'in_review' BEFORE 'approved';
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'awaiting_citizen' BEFORE 'approved';
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'awaiting_opinion' BEFORE 'approved';
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'expired' AFTER 'withdrawn';
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'appealed' AFTER 'expired';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'take' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'hand_over' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'ask' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'reply' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'expire' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'ask_opinion' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'opine' BEFORE 'approve';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'appeal' BEFORE 'withdraw';
