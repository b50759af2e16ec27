//! People as admins see them.

use chrono::{DateTime, Utc};
use domain::{
    account::Role,
    ids::{MerchantId, UserId},
    points::Points,
};
use uuid::Uuid;

use super::actors::Admin;
use crate::{Fault, Services, offers::browse::points, paging::Limit, stored};

/// A person with what admins need to help them.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// The address they sign in with.
    pub email: String,
    /// The name they are shown by.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The merchant they work for, if they are staff.
    pub merchant: Option<MerchantId>,
    /// Whether they have followed the link in their welcome letter.
    pub email_verified: bool,
    /// Since when they are here.
    pub created_at: DateTime<Utc>,
    /// What they can spend.
    pub available: Points,
    /// What their pending redemptions hold.
    pub reserved: Points,
}

/// Which people to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A part of the name or the address; accents and case do not matter.
    pub text: Option<String>,
    /// One role only.
    pub role: Option<Role>,
    /// One merchant's only.
    pub merchant: Option<MerchantId>,
    /// Behind this person.
    pub after: Option<UserId>,
    /// At most so many.
    pub limit: Limit,
}

/// One page, newest first, and the person behind whom the next begins.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    _: Admin,
    filter: &Filter,
) -> Result<(Vec<Person>, Option<UserId>), Fault> {
    let mut people = found(s, None, filter).await?;
    let more = filter.limit.cut(&mut people);
    let next = people.last().filter(|_| more).map(|person| person.id);
    Ok((people, next))
}

/// One person.
///
/// # Errors
/// When the database fails.
pub async fn get(s: &Services, _: Admin, user: UserId) -> Result<Option<Person>, Fault> {
    Ok(found(s, Some(user), &Filter::default()).await?.pop())
}

async fn found(s: &Services, user: Option<UserId>, filter: &Filter) -> Result<Vec<Person>, Fault> {
    let rows = sqlx::query!(
        r#"select u.id, u.email, u.name, u.role::text as "role!", u.merchant_id,
               u.email_verified_at is not null as "email_verified!", u.created_at,
               (select coalesce(sum(l.remaining), 0)::bigint from lots l
                where l.user_id = u.id and l.remaining > 0 and l.expires_at > $7) as "available!",
               (select coalesce(sum(a.balance), 0)::bigint from accounts a
                where a.user_id = u.id and a.kind = 'reserved') as "reserved!"
           from users u
           where ($1::uuid is null or u.id = $1)
               and ($2::text is null or position(
                   lower(unaccent($2)) in lower(unaccent(concat_ws(' ', u.name, u.email)))) > 0)
               and ($3::text is null or u.role = $3::text::role)
               and ($4::uuid is null or u.merchant_id = $4)
               and ($5::uuid is null or u.id < $5)
           order by u.id desc limit $6"#,
        user.map(Uuid::from),
        filter
            .text
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty()),
        filter.role.map(Role::as_str),
        filter.merchant.map(Uuid::from),
        filter.after.map(Uuid::from),
        filter.limit.asked(),
        s.now(),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Person {
                id: row.id.into(),
                email: row.email,
                name: row.name,
                role: stored(&row.role)?,
                merchant: row.merchant_id.map(Into::into),
                email_verified: row.email_verified,
                created_at: row.created_at,
                available: points(row.available)?,
                reserved: points(row.reserved)?,
            })
        })
        .collect()
}
