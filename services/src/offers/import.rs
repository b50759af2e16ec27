//! Offers from a spreadsheet: a file is uploaded, looked at, and imported whole or not at all, once.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    fields::FieldProblem,
    ids::{ImportId, OfferId},
    offers::{Category, OfferStatus},
    points::Points,
};
use uuid::Uuid;

use super::table::{self, Flaw, Row};
use crate::{Fault, Services, identity::actors::Steward, stored};

/// The heaviest file that is taken: more than as many rows as are read weigh.
pub const MEGABYTES: u32 = 2;
/// The same in bytes.
pub const HEAVIEST: usize = MEGABYTES as usize * 1024 * 1024;
/// How long a file is kept.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The file cannot be kept as a text.
    #[error("the file {0}")]
    Unreadable(FieldProblem),
    /// The merchant has uploaded no such file, or too long ago.
    #[error("no such file")]
    NotFound,
    /// The file is not as it has to be.
    #[error("{} flaws", .0.len())]
    Flawed(Vec<Flaw>),
    /// An offer that the file speaks of was changed at this moment.
    #[error("changed by someone else at this moment")]
    Changed,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// What a file has done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Imported {
    /// Offers that were made, as drafts.
    pub made: i32,
    /// Offers that were changed.
    pub changed: i32,
}

/// What a row will do.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The row.
    pub row: Row,
    /// The offer's version, if it changes one.
    version: Option<i32>,
}

/// What is to be said of a file.
#[derive(Clone, Debug)]
pub enum Review {
    /// It was imported.
    Imported(Imported),
    /// It is not as it has to be.
    Flawed(Vec<Flaw>),
    /// It can be imported.
    Ready {
        /// What will be done.
        rows: Vec<Planned>,
        /// When the same file was imported before, if it was.
        before: Option<DateTime<Utc>>,
    },
}

/// Keeps a file under an identifier of the caller's, once.
///
/// # Errors
/// A refusal, or a fault.
pub async fn upload(
    s: &Services,
    steward: impl Into<Steward>,
    import: ImportId,
    file: Vec<u8>,
    zone: Tz,
) -> Result<(), Refusal> {
    let megabytes = MEGABYTES;
    if file.len() > HEAVIEST {
        return Err(Refusal::Unreadable(FieldProblem::TooHeavy { megabytes }));
    }
    let content = String::from_utf8(file);
    let content = content.map_err(|_| Refusal::Unreadable(FieldProblem::NotUnicode))?;
    if content.trim().is_empty() {
        return Err(Refusal::Unreadable(FieldProblem::Required));
    }
    if content.contains('\0') {
        return Err(Refusal::Unreadable(FieldProblem::NotATable));
    }
    sqlx::query!(
        "insert into offer_imports (id, merchant_id, content, zone, uploaded_at)
         values ($1, $2, $3, $4, $5) on conflict (id) do nothing",
        Uuid::from(import),
        Uuid::from(steward.into().merchant()),
        content,
        zone.name(),
        s.now(),
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

/// What is to be said of a file; none if the merchant has uploaded no such file.
///
/// # Errors
/// When the database fails.
pub async fn review(
    s: &Services,
    steward: impl Into<Steward>,
    import: ImportId,
) -> Result<Option<Review>, Fault> {
    let steward = steward.into();
    let file = sqlx::query!(
        r#"select content, zone, made, changed,
               (select max(b.imported_at) from offer_imports b
                where b.merchant_id = i.merchant_id and b.id <> i.id and b.content = i.content) as before
           from offer_imports i where id = $1 and merchant_id = $2"#,
        Uuid::from(import),
        Uuid::from(steward.merchant()),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(file) = file else { return Ok(None) };
    if let (Some(made), Some(changed)) = (file.made, file.changed) {
        return Ok(Some(Review::Imported(Imported { made, changed })));
    }
    let checked = match table::read(&file.content, stored(&file.zone)?) {
        Ok(rows) => planned(s, steward, rows).await?,
        Err(flaws) => Err(flaws),
    };
    Ok(Some(match checked {
        Ok(rows) => Review::Ready {
            rows,
            before: file.before,
        },
        Err(flaws) => Review::Flawed(flaws),
    }))
}

/// What the rows will do, or why they cannot: the offers that they change are looked at.
async fn planned(
    s: &Services,
    steward: Steward,
    rows: Vec<Row>,
) -> Result<Result<Vec<Planned>, Vec<Flaw>>, Fault> {
    let ids: Vec<Uuid> = rows
        .iter()
        .filter_map(|row| row.offer)
        .map(Uuid::from)
        .collect();
    let offers = sqlx::query!(
        r#"select id, version, status::text as "status!", stock_taken
           from offers where id = any($1) and merchant_id = $2"#,
        &ids,
        Uuid::from(steward.merchant()),
    )
    .fetch_all(&s.db)
    .await?;
    let (mut plan, mut flaws) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(id) = row.offer else {
            plan.push(Planned { row, version: None });
            continue;
        };
        let offer = offers.iter().find(|offer| OfferId::from(offer.id) == id);
        let problem = match offer {
            None => Some(("offer_id", FieldProblem::UnknownOffer)),
            Some(offer) if offer.status == OfferStatus::Archived.as_str() => {
                Some(("offer_id", FieldProblem::Archived))
            }
            Some(offer) if row.version.is_some_and(|seen| seen != offer.version) => {
                Some(("version", FieldProblem::Outdated))
            }
            Some(offer)
                if row
                    .draft
                    .stock_quantity
                    .is_some_and(|units| units < offer.stock_taken) =>
            {
                let taken = offer.stock_taken.into();
                Some(("stock_quantity", FieldProblem::BelowTaken { taken }))
            }
            Some(_) => None,
        };
        match problem {
            Some((column, problem)) => flaws.push(Flaw::of(row.line, column, problem)),
            None => plan.push(Planned {
                version: offer.map(|offer| offer.version),
                row,
            }),
        }
    }
    Ok(if flaws.is_empty() {
        Ok(plan)
    } else {
        Err(flaws)
    })
}

/// Imports a file that was uploaded; a file that was imported before is answered as it was then.
///
/// # Errors
/// A refusal, or a fault.
pub async fn import(
    s: &Services,
    steward: impl Into<Steward>,
    import: ImportId,
) -> Result<Imported, Refusal> {
    let steward = steward.into();
    let done = match review(s, steward, import).await? {
        None => return Err(Refusal::NotFound),
        Some(Review::Flawed(flaws)) => return Err(Refusal::Flawed(flaws)),
        Some(Review::Imported(imported)) => return Ok(imported),
        Some(Review::Ready { rows, .. }) => store(s, steward, import, &rows).await?,
    };
    if let Some(imported) = done {
        return Ok(imported);
    }
    // Somebody was quicker.
    match review(s, steward, import).await? {
        Some(Review::Imported(imported)) => Ok(imported),
        _ => Err(Refusal::NotFound),
    }
}

/// All rows in one statement; none where they have been stored already.
async fn store(
    s: &Services,
    steward: Steward,
    import: ImportId,
    plan: &[Planned],
) -> Result<Option<Imported>, Refusal> {
    // The first row becomes the newest offer, so that a list shows them in the file's order.
    let mut fresh: Vec<Uuid> = plan.iter().map(|_| s.new_id()).collect();
    fresh.sort_unstable_by(|one, other| other.cmp(one));
    let ids = plan
        .iter()
        .zip(fresh)
        .map(|(it, id)| it.row.offer.map_or(id, Uuid::from));
    let ids: Vec<Uuid> = ids.collect();
    let versions: Vec<_> = plan.iter().map(|it| it.version).collect();
    let drafts: Vec<_> = plan.iter().map(|it| &it.row.draft).collect();
    let texts = |text: fn(&domain::offers::OfferDraft) -> &str| -> Vec<String> {
        drafts.iter().map(|draft| text(draft).to_owned()).collect()
    };
    let costs: Vec<_> = drafts
        .iter()
        .map(|it| Points::get(it.points_cost))
        .collect();
    let stocks: Vec<_> = drafts.iter().map(|it| it.stock_quantity).collect();
    let most: Vec<_> = drafts.iter().map(|it| it.max_per_user).collect();
    let lifetimes: Vec<_> = drafts.iter().map(|it| it.lifetime_minutes).collect();
    let from: Vec<_> = drafts.iter().map(|it| it.valid_from).collect();
    let to: Vec<_> = drafts.iter().map(|it| it.valid_to).collect();
    let done = sqlx::query!(
        r#"select made as "made!", changed as "changed!" from import_offers(
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"#,
        Uuid::from(import),
        Uuid::from(steward.merchant()),
        steward.person().map(Uuid::from),
        steward.api_key().map(Uuid::from),
        s.now(),
        &ids,
        &versions as &[Option<i32>],
        &texts(|it| &it.name),
        &texts(|it| &it.description),
        &texts(|it| &it.terms),
        &texts(|it| Category::as_str(it.category)),
        &costs,
        &stocks as &[Option<i32>],
        &most,
        &lifetimes,
        &from,
        &to,
    )
    .fetch_optional(&s.db)
    .await;
    match done {
        Ok(row) => Ok(row.map(|row| Imported {
            made: row.made,
            changed: row.changed,
        })),
        Err(sqlx::Error::Database(error)) if is_of_another_change(error.as_ref()) => {
            Err(Refusal::Changed)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether an offer is not any more as it was when the rows were checked.
fn is_of_another_change(error: &dyn sqlx::error::DatabaseError) -> bool {
    // 40001, serialization_failure: raised by the function itself.
    error.code().is_some_and(|code| code == "40001")
        || error.constraint() == Some("offers_stock_not_oversold")
}

/// Forgets the files of yesterday.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<u64, Fault> {
    let before = s.now() - KEPT;
    let done = sqlx::query!("delete from offer_imports where uploaded_at < $1", before);
    Ok(done.execute(&s.db).await?.rows_affected())
}
