//! Merchants, as admins see and change them.

mod people;

use domain::{
    account::Name,
    ids::{MerchantId, StationId},
};
use uuid::Uuid;

pub use self::people::{Invited, Member, add_member, invite, remove_member, set_role, staff};
use crate::{Fault, Services, identity::actors::Admin, paging::Limit};

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
    admin: Admin,
    merchant: MerchantId,
    name: &Name,
) -> Result<MerchantId, Refusal> {
    sqlx::query_scalar!(
        r#"with made as (
               insert into merchants (id, name, created_at) values ($1, $2, $3)
               on conflict (id) do nothing returning id, name
           )
           select made.id from made,
               audit($3, $4, null, made.id, 'merchant.create', made.id, jsonb_build_object('name', made.name))"#,
        Uuid::from(merchant),
        name.as_str(),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(merchant)
}

/// Gives a merchant another name.
///
/// # Errors
/// An unknown merchant, a name that is taken, or a fault.
pub async fn rename(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    name: &Name,
) -> Result<(), Refusal> {
    let renamed = sqlx::query_scalar!(
        r#"with renamed as (
               update merchants m set name = $2 from merchants before
               where m.id = $1 and before.id = m.id returning m.id, m.name, before.name as before
           )
           select renamed.id from renamed,
               audit($3, $4, null, renamed.id, 'merchant.rename', renamed.id,
                   jsonb_build_object('name', renamed.name, 'before', renamed.before))"#,
        Uuid::from(merchant),
        name.as_str(),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    renamed.map(drop).ok_or(Refusal::NotFound)
}

/// Gives a station to a merchant, whoever had it before.
///
/// # Errors
/// An unknown station or merchant, or a fault.
pub async fn assign_station(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    station: StationId,
) -> Result<(), Refusal> {
    let given = sqlx::query_scalar!(
        r#"with given as (
               update stations set merchant_id = m.id from merchants m
               where stations.id = $1 and m.id = $2 returning stations.id, stations.merchant_id
           )
           select given.id from given, audit($3, $4, null, given.merchant_id, 'station.assign', given.id, '{}')"#,
        Uuid::from(station),
        Uuid::from(merchant),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    given.map(drop).ok_or(Refusal::NotFound)
}

/// Takes a station from the merchant that has it.
///
/// # Errors
/// A station that is not this merchant's, or a fault.
pub async fn release_station(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    station: StationId,
) -> Result<(), Refusal> {
    let taken = sqlx::query_scalar!(
        r#"with taken as (
               update stations set merchant_id = null where id = $1 and merchant_id = $2 returning id
           )
           select taken.id from taken, audit($3, $4, null, $2, 'station.release', taken.id, '{}')"#,
        Uuid::from(station),
        Uuid::from(merchant),
        s.now(),
        Uuid::from(admin.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    taken.map(drop).ok_or(Refusal::NotFound)
}
