//! The demo's data: invented merchants, stations, offers and people, loaded once and never in production.

mod content;
mod purse;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Password, Role},
    stations::{FuelType, Position, PricePerLitre, StationSource},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Fault, Services,
    stations::{self, Batch, StationRow},
};

/// The password of everyone in the demo.
pub const PASSWORD: &str = "surtidor-demo";
/// Demo prices are told as of this long ago, and again as of an hour ago.
const PRICE_AGES: [TimeDelta; 2] = [TimeDelta::days(9), TimeDelta::hours(1)];

/// What loading did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Loaded {
    /// The data was put in.
    Now,
    /// It was there before.
    Before,
}

/// Loads the demo's data in one transaction, so that it is there whole or not at all; a second call, or one
/// at the same moment, finds it there and does nothing.
///
/// # Errors
/// When the database fails.
pub async fn load(s: &Services) -> Result<Loaded, Fault> {
    let password = Password::try_from(PASSWORD)
        .map_err(|_| Fault::Broken("the demo's password has the right length"))?;
    let mut hashes = Vec::new();
    let mut tx = s.db.begin().await?;
    sqlx::query!("lock table merchants in share row exclusive mode")
        .execute(&mut *tx)
        .await?;
    let loaded = sqlx::query_scalar!(
        r#"select exists (select from users where email = $1) as "there!""#,
        content::PEOPLE[0].email,
    )
    .fetch_one(&mut *tx)
    .await?;
    if loaded {
        return Ok(Loaded::Before);
    }
    for _ in content::PEOPLE {
        hashes.push(s.hasher.hash(&s.entropy, &password).await?);
    }
    let now = s.now();
    let merchants = insert_merchants(s, &mut tx, now).await?;
    let people = insert_people(s, &mut tx, now, &merchants, &hashes).await?;
    purse::fill(s, &mut tx, now, &people).await?;
    insert_offers(s, &mut tx, now, &merchants).await?;
    insert_stations(s, &mut tx, now, &merchants).await?;
    tx.commit().await?;
    Ok(Loaded::Now)
}

async fn insert_merchants(
    s: &Services,
    db: &mut PgConnection,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, Fault> {
    let mut ids = Vec::new();
    for name in content::MERCHANTS {
        let id = s.new_id();
        sqlx::query!(
            "insert into merchants (id, name, created_at) values ($1, $2, $3)",
            id,
            name,
            now
        )
        .execute(&mut *db)
        .await?;
        ids.push(id);
    }
    Ok(ids)
}

async fn insert_people(
    s: &Services,
    db: &mut PgConnection,
    now: DateTime<Utc>,
    merchants: &[Uuid],
    hashes: &[String],
) -> Result<purse::People, Fault> {
    let mut ids = BTreeMap::new();
    for (person, hash) in content::PEOPLE.iter().zip(hashes) {
        let id = s.new_id();
        let merchant = matches!(person.role, Role::Attendant | Role::Manager)
            .then(|| merchants.first())
            .flatten();
        sqlx::query!(
            "insert into users (id, email, name, password_hash, role, merchant_id, email_verified_at, created_at)
             values ($1, $2, $3, $4, $5::text::role, $6, $7, $7)",
            id,
            person.email,
            person.name,
            hash,
            person.role.as_str(),
            merchant,
            now,
        )
        .execute(&mut *db)
        .await?;
        // Of two in one role, the second.
        ids.insert(person.role.as_str(), id);
    }
    let one = |role: Role| ids.get(role.as_str()).copied();
    let everyone = (
        one(Role::Consumer),
        one(Role::Attendant),
        one(Role::Admin),
        merchants.first(),
    );
    let (Some(consumer), Some(attendant), Some(admin), Some(merchant)) = everyone else {
        return Err(Fault::Broken("the demo has people in every role"));
    };
    Ok(purse::People {
        consumer: consumer.into(),
        attendant: attendant.into(),
        merchant: (*merchant).into(),
        second_admin: admin.into(),
    })
}

async fn insert_offers(
    s: &Services,
    db: &mut PgConnection,
    now: DateTime<Utc>,
    merchants: &[Uuid],
) -> Result<(), Fault> {
    for (days, offer) in (1..).zip(&content::OFFERS) {
        // One a day, so that "newest first" shows an order.
        let created_at = now - TimeDelta::days(days);
        sqlx::query!(
            "insert into offers (id, merchant_id, name, description, terms, category, points_cost, stock_quantity,
                 max_per_user, lifetime_minutes, valid_from, valid_to, status, created_at)
             values ($1, $2, $3, $4, $5, $6::text::offer_category, $7, $8, 5, 15, $9, $10, 'active', $9)",
            s.entropy.uuid_v7(created_at),
            merchants.get(offer.merchant),
            offer.name,
            offer.description,
            content::TERMS,
            offer.category.as_str(),
            offer.points_cost,
            offer.stock,
            created_at,
            now + TimeDelta::days(365),
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

async fn insert_stations(
    s: &Services,
    db: &mut PgConnection,
    now: DateTime<Utc>,
    merchants: &[Uuid],
) -> Result<(), Fault> {
    for (age, raise) in PRICE_AGES.into_iter().zip([0, 1]) {
        let rows = content::STATIONS
            .iter()
            .enumerate()
            .map(|(n, station)| row(n, station, raise))
            .collect::<Option<Vec<_>>>()
            .ok_or(Fault::Broken("demo stations are within their bounds"))?;
        let batch = Batch {
            source: StationSource::Demo,
            as_of: now - age,
            now,
            entropy: &s.entropy,
        };
        stations::upsert(&mut *db, batch, &rows).await?;
    }
    for (n, station) in content::STATIONS.iter().enumerate() {
        sqlx::query!(
            "update stations set merchant_id = $2 where source = 'demo' and source_key = $1",
            key(n),
            station
                .merchant
                .and_then(|merchant| merchants.get(merchant)),
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

fn key(n: usize) -> String {
    format!("DEMO-{:02}", n + 1)
}

/// The `n`th station with its prices; `raise` moves some of them by a few centavos, for a history to show.
fn row(n: usize, station: &content::DemoStation, raise: i32) -> Option<StationRow> {
    let prices = FuelType::ALL
        .iter()
        .zip(station.prices)
        .filter(|(_, centavos)| *centavos > 0)
        .map(|(fuel, centavos)| {
            let moved = centavos + if n.is_multiple_of(3) { 0 } else { raise * 20 };
            Some((*fuel, PricePerLitre::try_from(moved).ok()?))
        })
        .collect::<Option<BTreeMap<_, _>>>()?;
    let (latitude, longitude) = station.position;
    Some(StationRow {
        key: key(n),
        permit: None,
        name: station.name.to_owned(),
        brand: Some(station.brand.to_owned()),
        address: Some(station.address.to_owned()),
        position: Position::new(latitude, longitude).ok()?,
        time_zone: station.time_zone.to_owned(),
        is_24_hours: Some(station.is_24_hours),
        amenities: Some(station.amenities.to_vec()),
        prices,
    })
}
