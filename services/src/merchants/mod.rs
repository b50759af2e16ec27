//! Merchants and their people, as admins see and change them.

use domain::{
    account::{Email, Name, Role, StaffRole},
    ids::{MerchantId, StationId, UserId},
};
use uuid::Uuid;

use crate::{
    Fault, Services,
    identity::{
        actors::Admin,
        links::{self, Purpose},
    },
    paging::Limit,
    stations::{self, AssignError},
    stored,
};

/// A merchant in the list.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: MerchantId,
    pub name: String,
    pub staff: i64,
    pub stations: i64,
    pub active_offers: i64,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No such merchant, or nobody of its people.
    #[error("not found")]
    NotFound,
    /// The name or the address belongs to another.
    #[error("already taken")]
    Taken,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::Taken,
            error => Self::Fault(error.into()),
        }
    }
}

/// All merchants, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, _: Admin) -> Result<Vec<Summary>, Fault> {
    let rows = sqlx::query!(
        r#"select m.id, m.name,
               (select count(*) from users u where u.merchant_id = m.id) as "staff!",
               (select count(*) from stations x where x.merchant_id = m.id) as "stations!",
               (select count(*) from offers o where o.merchant_id = m.id and o.status = 'active')
                   as "active_offers!"
           from merchants m order by lower(m.name)"#
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Summary {
            id: row.id.into(),
            name: row.name,
            staff: row.staff,
            stations: row.stations,
            active_offers: row.active_offers,
        })
        .collect())
}

/// Which merchants to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A part of the name; accents and case do not matter.
    pub text: Option<String>,
    /// Behind this merchant.
    pub after: Option<MerchantId>,
    /// At most so many.
    pub limit: Limit,
}

/// One page of merchants, newest first, and the one behind which the next begins.
///
/// # Errors
/// When the database fails.
pub async fn page(
    s: &Services,
    _: Admin,
    filter: &Filter,
) -> Result<(Vec<Summary>, Option<MerchantId>), Fault> {
    let mut merchants = found(s, None, filter).await?;
    let more = filter.limit.cut(&mut merchants);
    let next = merchants.last().filter(|_| more).map(|it| it.id);
    Ok((merchants, next))
}

/// One merchant.
///
/// # Errors
/// When the database fails.
pub async fn get(s: &Services, _: Admin, merchant: MerchantId) -> Result<Option<Summary>, Fault> {
    let mut found = found(s, Some(merchant), &Filter::default()).await?;
    Ok(found.pop())
}

async fn found(
    s: &Services,
    merchant: Option<MerchantId>,
    filter: &Filter,
) -> Result<Vec<Summary>, Fault> {
    let rows = sqlx::query!(
        r#"select m.id, m.name,
               (select count(*) from users u where u.merchant_id = m.id) as "staff!",
               (select count(*) from stations x where x.merchant_id = m.id) as "stations!",
               (select count(*) from offers o where o.merchant_id = m.id and o.status = 'active')
                   as "active_offers!"
           from merchants m
           where ($1::uuid is null or m.id = $1)
               and ($2::text is null or position(lower(unaccent($2)) in lower(unaccent(m.name))) > 0)
               and ($3::uuid is null or m.id < $3)
           order by m.id desc limit $4"#,
        merchant.map(Uuid::from),
        filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        filter.after.map(Uuid::from),
        filter.limit.asked(),
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Summary {
            id: row.id.into(),
            name: row.name,
            staff: row.staff,
            stations: row.stations,
            active_offers: row.active_offers,
        })
        .collect())
}

/// The name of a merchant.
///
/// # Errors
/// When the database fails.
pub async fn name(s: &Services, merchant: MerchantId) -> Result<Option<String>, Fault> {
    Ok(sqlx::query_scalar!(
        "select name from merchants where id = $1",
        Uuid::from(merchant)
    )
    .fetch_optional(&s.db)
    .await?)
}

/// Makes a merchant with its settlement account.
///
/// # Errors
/// A name that is taken, or a fault.
pub async fn create(s: &Services, admin: Admin, name: &Name) -> Result<MerchantId, Refusal> {
    create_as(s, admin, s.new_id().into(), name).await
}

/// Makes a merchant under an identifier of the caller's, once.
///
/// # Errors
/// A name that is taken, or a fault.
pub async fn create_as(
    s: &Services,
    _: Admin,
    merchant: MerchantId,
    name: &Name,
) -> Result<MerchantId, Refusal> {
    sqlx::query!(
        "insert into merchants (id, name, created_at) values ($1, $2, $3) on conflict (id) do nothing",
        Uuid::from(merchant),
        name.as_str(),
        s.now(),
    )
    .execute(&s.db)
    .await?;
    Ok(merchant)
}

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
    _: Admin,
    merchant: MerchantId,
    email: &Email,
    person: &Name,
    role: StaffRole,
) -> Result<links::Token, Refusal> {
    name(s, merchant).await?.ok_or(Refusal::NotFound)?;
    let user = sqlx::query_scalar!(
        "insert into users as u (id, email, name, role, merchant_id, created_at)
         values ($1, $2, $3, $4::text::role, $5, $6)
         on conflict (email) do update set name = excluded.name, role = excluded.role,
             merchant_id = excluded.merchant_id, password_hash = null, email_verified_at = null,
             session_epoch = u.session_epoch + 1, left_staff_at = null
         where u.left_staff_at is not null and not exists (
             select from accounts a join transfers t on t.credit_account_id = a.id where a.user_id = u.id)
         returning id",
        s.new_id(),
        email.as_str(),
        person.as_str(),
        Role::from(role).as_str(),
        Uuid::from(merchant),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::Taken)?;
    Ok(links::issue_first(s, user.into(), Purpose::Invitation).await?)
}

/// Takes a person off a merchant: they become a consumer, and their sessions end.
///
/// # Errors
/// Somebody who does not work there, or a fault.
pub async fn remove_member(
    s: &Services,
    _: Admin,
    merchant: MerchantId,
    user: UserId,
) -> Result<(), Refusal> {
    let done = sqlx::query!(
        "update users set role = 'consumer', merchant_id = null, left_staff_at = $3,
             session_epoch = session_epoch + 1
         where id = $1 and merchant_id = $2",
        Uuid::from(user),
        Uuid::from(merchant),
        s.now(),
    )
    .execute(&s.db)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// Gives a station to a merchant, or takes it from one.
///
/// # Errors
/// An unknown station or merchant, or a fault.
pub async fn assign_station(
    s: &Services,
    _: Admin,
    station: StationId,
    merchant: Option<MerchantId>,
) -> Result<(), Refusal> {
    stations::assign(&s.db, station, merchant)
        .await
        .map_err(|error| match error {
            AssignError::UnknownStation | AssignError::UnknownMerchant => Refusal::NotFound,
            AssignError::Fault(fault) => Refusal::Fault(fault),
        })
}
