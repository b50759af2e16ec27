//! A consumer's points.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    earning::{LotKind, Tier},
    offers::Category,
    points::Points,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    analytics::personal,
    identity::actors::Consumer,
    wallet::{self, TransferKind, lots},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::Paged,
    page::{Page, Window},
    problem::Answer,
    schema,
};

/// A consumer's points now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Balance {
    /// What can be spent.
    #[schema(value_type = i64, minimum = 0, example = 1250)]
    available: Points,
    /// What awaits approval.
    #[schema(value_type = i64, minimum = 0)]
    pending: Points,
    /// What pending redemptions hold.
    #[schema(value_type = i64, minimum = 0)]
    reserved: Points,
    /// Available and reserved.
    #[schema(value_type = i64, minimum = 0)]
    total: Points,
    /// What is owed for reversed sales; the next points pay it.
    #[schema(value_type = i64, minimum = 0)]
    owed: Points,
    /// What expires next; null when nothing will.
    next_expiration: Option<Expiration>,
    /// By what was earned in the last twelve months.
    #[schema(schema_with = schema::tiers)]
    tier: Tier,
    /// The lots behind the balance in the order in which they are spent, at most a hundred.
    lots: Vec<Lot>,
}

/// Points that expire together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Expiration {
    #[schema(value_type = i64, minimum = 1)]
    amount: Points,
    date: DateTime<Utc>,
}

/// Points that were earned together and are not all spent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lot {
    lot_id: Uuid,
    #[schema(schema_with = schema::lot_kinds)]
    kind: LotKind,
    /// What it was at first.
    #[schema(value_type = i64, minimum = 1)]
    amount: Points,
    /// What is left to spend.
    #[schema(value_type = i64, minimum = 1)]
    remaining: Points,
    earned_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// See your points
#[utoipa::path(
    get, path = "/balance", tag = "rewards", operation_id = "get_balance",
    responses((status = 200, description = "The points.", body = Balance)),
    security(("bearer" = []))
)]
pub(crate) async fn balance(
    State(s): State<Services>,
    As(consumer): As<Consumer>,
) -> Answer<Json<Balance>> {
    let (balance, open) = (
        wallet::balance(&s, consumer).await?,
        lots::open(&s, consumer).await?,
    );
    Ok(Json(Balance {
        available: balance.available,
        pending: balance.pending,
        reserved: balance.reserved,
        total: balance.total(),
        owed: balance.owed,
        next_expiration: balance.next_expiration.map(|next| Expiration {
            amount: next.amount,
            date: next.at,
        }),
        tier: balance.tier.tier,
        lots: open
            .into_iter()
            .map(|lot| Lot {
                lot_id: lot.id,
                kind: lot.kind,
                amount: lot.amount,
                remaining: lot.remaining,
                earned_at: lot.earned_at,
                expires_at: lot.expires_at,
            })
            .collect(),
    }))
}

/// One movement of what a consumer can spend.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Transfer {
    transfer_id: Uuid,
    #[schema(schema_with = schema::transfer_kinds)]
    kind: TransferKind,
    /// Below zero when points went out.
    #[schema(example = -250)]
    amount: i64,
    created_at: DateTime<Utc>,
    /// The redemption it belongs to.
    redemption_id: Option<Uuid>,
    offer_name: Option<String>,
    /// The merchant of the sale it belongs to.
    merchant_name: Option<String>,
}

impl From<wallet::Movement> for Transfer {
    fn from(movement: wallet::Movement) -> Self {
        let amount = movement.amount.get();
        let (redemption_id, offer_name) = movement.redemption.unzip();
        Self {
            transfer_id: movement.id,
            kind: movement.kind,
            amount: if movement.incoming { amount } else { -amount },
            created_at: movement.at,
            redemption_id: redemption_id.map(Into::into),
            offer_name,
            merchant_name: movement.merchant,
        }
    }
}

domain::named! {
    /// Which way points moved.
    pub enum Direction {
        /// They came.
        In = "in",
        /// They went.
        Out = "out",
    }
}

/// Which movements to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TransfersQuery {
    /// Only what came `in`, or only what went `out`.
    #[param(schema_with = directions, required = false)]
    direction: Option<Direction>,
    /// One kind only.
    #[param(schema_with = schema::transfer_kinds, required = false)]
    kind: Option<TransferKind>,
    /// Not before this.
    #[param(required = false, nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Before this.
    #[param(required = false, nullable = false)]
    to: Option<DateTime<Utc>>,
}

fn directions() -> utoipa::openapi::Object {
    schema::one_of(Direction::ALL.iter().map(|it| it.as_str()))
}

/// List what moved your points
///
/// Newest first.
#[utoipa::path(
    get, path = "/transfers", tag = "rewards", operation_id = "list_transfers",
    params(TransfersQuery, Window),
    responses((status = 200, description = "One page.", body = Page<Transfer>)),
    security(("bearer" = []))
)]
pub(crate) async fn transfers(
    State(s): State<Services>,
    As(consumer): As<Consumer>,
    Paged(query, window): Paged<TransfersQuery>,
) -> Answer<Json<Page<Transfer>>> {
    let filter = wallet::Filter {
        incoming: query.direction.map(|it| it == Direction::In),
        kind: query.kind,
        from: query.from,
        until: query.to,
        after: window.cursor,
        limit: window.limit,
    };
    let found = wallet::movements(&s, consumer, filter).await?;
    Ok(Json(Page::of(found.movements, found.next, Transfer::from)))
}

/// What a consumer has earned and redeemed since they joined.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stats {
    member_since: DateTime<Utc>,
    /// Points, reversed sales not counted.
    #[schema(value_type = i64, minimum = 0)]
    points_earned: Points,
    /// Points that confirmed redemptions cost.
    #[schema(value_type = i64, minimum = 0)]
    points_spent: Points,
    /// Points that passed their last day.
    #[schema(value_type = i64, minimum = 0)]
    points_expired: Points,
    /// Redemptions of every status.
    #[schema(minimum = 0)]
    total: i64,
    #[schema(minimum = 0)]
    confirmed: i64,
    #[schema(minimum = 0)]
    pending: i64,
    #[schema(minimum = 0)]
    expired: i64,
    #[schema(minimum = 0)]
    cancelled: i64,
    /// What kind of offer is redeemed most; null before the first.
    #[schema(value_type = Option<String>)]
    favourite_category: Option<Category>,
}

/// See your figures
#[utoipa::path(
    get, path = "/stats", tag = "rewards", operation_id = "get_stats",
    responses((status = 200, description = "The figures.", body = Stats)),
    security(("bearer" = []))
)]
pub(crate) async fn stats(
    State(s): State<Services>,
    As(consumer): As<Consumer>,
) -> Answer<Json<Stats>> {
    let it = personal::personal(&s, consumer).await?;
    Ok(Json(Stats {
        member_since: it.member_since,
        points_earned: it.earned,
        points_spent: it.spent,
        points_expired: it.expired_points,
        total: it.total,
        confirmed: it.confirmed,
        pending: it.pending,
        expired: it.expired,
        cancelled: it.cancelled,
        favourite_category: it.favourite,
    }))
}
