//! A merchant's people, as admins see and change them.

use domain::{
    account::{Email, Name, Role, StaffRole},
    ids::{MerchantId, UserId},
};
use uuid::Uuid;

use super::{Refusal, name};
use crate::{
    Fault, Services,
    identity::{
        actors::Admin,
        links::{self, Purpose},
    },
    stored,
};

/// One of a merchant's people.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Whether they have chosen a password yet.
    pub has_signed_up: bool,
}

/// A merchant's people, managers first.
///
/// # Errors
/// When the database fails.
pub async fn staff(s: &Services, _: Admin, merchant: MerchantId) -> Result<Vec<Member>, Fault> {
    let rows = sqlx::query!(
        r#"select id, name, email, role::text as "role!", password_hash is not null as "has_signed_up!"
           from users where merchant_id = $1 order by role desc, lower(name)"#,
        Uuid::from(merchant),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Member {
                id: row.id.into(),
                name: row.name,
                email: row.email,
                role: stored(&row.role)?,
                has_signed_up: row.has_signed_up,
            })
        })
        .collect()
}

/// A person who was added, and their invitation.
#[derive(Debug)]
pub struct Invited {
    /// Who: someone new, or someone who was taken off a merchant before.
    pub user: UserId,
    /// Goes into the letter's link, by which they choose their password; good for a week.
    pub token: links::Token,
}

/// Adds a person to a merchant. They choose their password by the link that is handed back to be mailed,
/// good for a week.
///
/// Someone who was taken off a merchant may be added again, to this one or another, as if they were new: only
/// who reads their letters gets in. Not so once they have had points of their own, which staff cannot spend.
///
/// # Errors
/// An address that is taken, or a fault.
pub async fn add_member(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    email: &Email,
    person: &Name,
    role: StaffRole,
) -> Result<links::Token, Refusal> {
    let new = s.new_id().into();
    let invited = invite(s, admin, merchant, new, email, person, role).await?;
    Ok(invited.token)
}

/// As [`add_member`], under an identifier of the caller's for someone new, once: the same again is a fresh link.
///
/// # Errors
/// An address that is taken, or a fault.
pub async fn invite(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    new: UserId,
    email: &Email,
    person: &Name,
    role: StaffRole,
) -> Result<Invited, Refusal> {
    name(s, merchant).await?.ok_or(Refusal::NotFound)?;
    let user = sqlx::query_scalar!(
        r#"with added as (
               insert into users as u (id, email, name, role, merchant_id, created_at)
               values ($1, $2, $3, $4::text::role, $5, $6)
               on conflict (email) do update set name = excluded.name, role = excluded.role,
                   merchant_id = excluded.merchant_id, password_hash = null, email_verified_at = null,
                   session_epoch = u.session_epoch + 1, left_staff_at = null
               where u.id = excluded.id or (u.left_staff_at is not null and not exists (
                   select from accounts a join transfers t on t.credit_account_id = a.id where a.user_id = u.id))
               returning id, role
           )
           select added.id from added,
               audit($6, $7, null, $5, 'member.add', added.id, jsonb_build_object('role', added.role))"#,
        Uuid::from(new),
        email.as_str(),
        person.as_str(),
        Role::from(role).as_str(),
        Uuid::from(merchant),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::Taken)?;
    Ok(Invited {
        user: user.into(),
        token: links::issue_first(s, user.into(), Purpose::Invitation).await?,
    })
}

/// Makes one of a merchant's people something else there. They act as that from their next request on.
///
/// # Errors
/// Somebody who does not work there, or a fault.
pub async fn set_role(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    user: UserId,
    role: StaffRole,
) -> Result<(), Refusal> {
    let changed = sqlx::query_scalar!(
        r#"with changed as (
               update users set role = $3::text::role where id = $1 and merchant_id = $2 returning id, role
           )
           select changed.id from changed,
               audit($4, $5, null, $2, 'member.set_role', changed.id, jsonb_build_object('role', changed.role))"#,
        Uuid::from(user),
        Uuid::from(merchant),
        Role::from(role).as_str(),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    changed.map(drop).ok_or(Refusal::NotFound)
}

/// Takes a person off a merchant: they become a consumer, and their sessions end.
///
/// # Errors
/// Somebody who does not work there, or a fault.
pub async fn remove_member(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    user: UserId,
) -> Result<(), Refusal> {
    let removed = sqlx::query_scalar!(
        r#"with removed as (
               update users set role = 'consumer', merchant_id = null, left_staff_at = $3,
                   session_epoch = session_epoch + 1
               where id = $1 and merchant_id = $2 returning id
           )
           select removed.id from removed, audit($3, $4, null, $2, 'member.remove', removed.id, '{}')"#,
        Uuid::from(user),
        Uuid::from(merchant),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    removed.map(drop).ok_or(Refusal::NotFound)
}
