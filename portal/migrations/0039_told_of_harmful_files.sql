-- A person is told when a file of hers, sent while nothing could be scanned, turns out to be harmful.
-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
ALTER TABLE notice
ADD CONSTRAINT a_notice_is_of_a_known_kind
CHECK (
    kind IN (
        'issued', 'refused', 'co_signature', 'lapsed', 'your_turn', 'case_answered', 'asked', 'expired',
        'office_answered', 'citizen_wrote', 'dismissed', 'revoked', 'reissued', 'correction_answered', 'file_harmful'
    )
) NOT VALID;
