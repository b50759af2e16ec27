-- When a merchant's person was last taken off it: an account like a consumer's that may be invited again.
alter table users add column left_staff_at timestamptz;
