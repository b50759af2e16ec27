-- New kinds, in a step of their own: a value that is added to a type can be used only once it is committed.

-- What a consumer owes because points of a reversed sale had been spent: zero or below.
alter type account_kind add value 'owed';
-- Points that expired unspent.
alter type account_kind add value 'breakage';

-- Ways to earn.
alter type transfer_kind add value 'purchase';
alter type transfer_kind add value 'referral';
alter type transfer_kind add value 'streak';
alter type transfer_kind add value 'game';
-- An admin's correction, either way.
alter type transfer_kind add value 'adjustment';
-- A lot's last day passed.
alter type transfer_kind add value 'lot_expiry';
-- A sale was reversed: what could be taken back, and what is owed because it was spent.
alter type transfer_kind add value 'reversal';
alter type transfer_kind add value 'owed';
-- New points pay what was owed.
alter type transfer_kind add value 'repayment';
