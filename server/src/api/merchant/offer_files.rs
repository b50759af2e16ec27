//! Pictures and tables of a merchant's own offers.

use axum::extract::{Request, State};
use chrono_tz::Tz;
use domain::{error::ErrorCode, fields::Problems, ids::OfferId};
use serde::Serialize;
use services::{
    Services,
    identity::actors::Steward,
    offers::{
        import::{self, Imported},
        own, pictures,
        table::Flaw,
    },
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::offers::{OwnOffer, one};
use crate::{
    api::{
        actor::{As, Named},
        extract::{Id, Nothing, Order},
        idempotency::Reply,
        problem::{Answer, Problem},
        table::Csv,
    },
    router::AppState,
};

/// As many flaws of a table are told at once.
const TOLD: usize = 100;

/// Give one of your offers a picture
///
/// The body is the file: a JPEG, PNG or WebP of at most 8 MB and 50 megapixels, told by what it holds. It is turned
/// upright, made at most 1,200 pixels wide and drawn anew: nothing of its metadata is kept.
#[utoipa::path(
    put, path = "/offers/{id}/image", tag = "merchant", operation_id = "set_offer_image",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp")
    )),
    responses((status = 200, description = "Shown from now on.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn set_image(
    State(state): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    request: Request,
) -> Answer<Reply> {
    let order = Order::file(request, |kind| kind.starts_with("image/")).await?;
    let act = async move |s: Services, _, file| {
        pictures::set(&s, steward, offer, file).await?;
        Reply::ok(one(&s, &state.site, steward, offer).await?)
    };
    order
        .once(&state.services.clone(), steward.owner(), act)
        .await
}

/// Take an offer's picture away
#[utoipa::path(
    delete, path = "/offers/{id}/image", tag = "merchant", operation_id = "remove_offer_image",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "It has none now.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn remove_image(
    State(state): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        pictures::remove(&s, steward, offer).await?;
        Reply::ok(one(&s, &state.site, steward, offer).await?)
    };
    order
        .once(&state.services.clone(), steward.owner(), act)
        .await
}

/// Get your offers as a table
///
/// Comma-separated values in UTF-8 with a byte-order mark, of all offers that are not archived. What begins like a
/// formula is marked as text with an apostrophe. The table can be edited and imported again.
#[utoipa::path(
    get, path = "/offers/export", tag = "merchant", operation_id = "export_offers",
    responses((status = 200, description = "The table.", content_type = "text/csv", body = String)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn export(State(state): State<AppState>, As(steward): As<Steward>) -> Answer<Csv> {
    let offers = own::all(&state.services, steward).await?;
    Csv::of_offers(&offers, &state.site)
}

/// What a table has done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedOffers {
    /// Offers that were made, as drafts.
    #[schema(minimum = 0, example = 2)]
    made: i32,
    /// Offers that were changed.
    #[schema(minimum = 0, example = 0)]
    changed: i32,
}

/// Import a table of offers
///
/// All rows or none: at most 1,000, and 2 MB. The first line names the columns, in any order, apart by commas,
/// semicolons or tabs: `name`, `description`, `category`, `points_cost`, `valid_from` and `valid_to`, which are
/// required, and `terms_and_conditions`, `stock_quantity`, `max_redemptions_per_user` and `lifetime_minutes`. A row
/// becomes a draft, or, where there is a column `offer_id` that names one of your offers, changes that offer; then all
/// columns have to be there, and a column `version` that names the offer's version refuses to undo another's edit.
/// `status`, `stock_remaining` and `image` are read over. Times without a zone are in UTC. What is wrong is told in
/// `fields`, each by its line and column: `3.points_cost`.
#[utoipa::path(
    post, path = "/offers/import", tag = "merchant", operation_id = "import_offers",
    request_body(
        content = String, content_type = "text/csv",
        example = "name,description,category,points_cost,valid_from,valid_to\n\
            Café grande,Del día.,food,250,2026-01-01T06:00:00Z,2099-01-01T06:00:00Z\n"
    ),
    responses((status = 200, description = "Imported.", body = ImportedOffers)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn import(
    State(s): State<Services>,
    As(steward): As<Steward>,
    request: Request,
) -> Answer<Reply> {
    let order = Order::file(request, |kind| kind == "text/csv").await?;
    let act = async move |s: Services, id: Uuid, file| {
        import::upload(&s, steward, id.into(), file, Tz::UTC).await?;
        let Imported { made, changed } = import::import(&s, steward, id.into()).await?;
        Reply::ok(ImportedOffers { made, changed })
    };
    order.once(&s, steward.owner(), act).await
}

impl From<import::Refusal> for Problem {
    fn from(refusal: import::Refusal) -> Self {
        match refusal {
            import::Refusal::Unreadable(problem) => Self::field("body", problem),
            import::Refusal::NotFound => ErrorCode::NotFound.into(),
            import::Refusal::Flawed(flaws) => named(flaws).into(),
            import::Refusal::Changed => ErrorCode::EditConflict.into(),
            import::Refusal::Fault(fault) => fault.into(),
        }
    }
}

fn named(flaws: Vec<Flaw>) -> Problems {
    let told = flaws.into_iter().take(TOLD).map(|flaw| {
        let place = match flaw.column {
            Some(column) => format!("{}.{column}", flaw.line),
            None => flaw.line.to_string(),
        };
        (place, flaw.problem)
    });
    Problems(told.collect())
}
