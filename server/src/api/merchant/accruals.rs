//! Sales that bring points.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::{
    codes::MemberPresented, earning::Receipt, error::ErrorCode, fields::Problems, ids::AccrualId,
    money::Money, points::Points,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Operator,
    wallet::accruals::{self, Refusal, ReverseRefusal, Sale},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Nothing, Order},
    idempotency::Reply,
    problem::{Answer, Problem},
};

/// A sale whose buyer wants points.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "member": "ABCDEFGHJK", "amount": 85_000, "receipt": "A-1042" }))]
pub(crate) struct Accrue {
    /// The member's code, or the whole link of their QR.
    #[schema(max_length = 2000)]
    member: String,
    /// What the sale came to, in minor units (centavos).
    #[schema(minimum = 1, maximum = 100_000_000)]
    amount: i64,
    /// The sale's receipt: it brings points once. Case and spaces do not matter.
    #[schema(min_length = 1, max_length = 40, pattern = r"\S")]
    receipt: String,
}

impl Accrue {
    fn read(&self) -> Result<Sale, Problem> {
        let mut problems = Problems::default();
        let member: Result<MemberPresented, _> = self.member.parse();
        let amount = problems.take("amount", Money::try_from(self.amount));
        let receipt = problems.take("receipt", Receipt::try_from(self.receipt.as_str()));
        match (member, amount, receipt) {
            (Ok(member), Some(amount), Some(receipt)) => Ok(Sale {
                member,
                amount,
                receipt,
            }),
            (Err(_), Some(_), Some(_)) => Err(ErrorCode::UnknownMember.into()),
            _ => Err(problems.into()),
        }
    }
}

/// Points that a sale has brought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accrued {
    accrual_id: Uuid,
    /// What was credited.
    #[schema(value_type = i64, minimum = 0, example = 9)]
    points: Points,
    /// What the sale came to before the day's cap.
    #[schema(value_type = i64, minimum = 0, example = 9)]
    points_due: Points,
    /// The tier's multiplier, in percent.
    #[schema(minimum = 100, example = 110)]
    multiplier: i32,
    created_at: DateTime<Utc>,
}

/// Credit a sale
///
/// Once per merchant and receipt. Refused with `UNKNOWN_MEMBER`, `INVALID_TOKEN` (a stale QR), `RECEIPT_USED`
/// (`used_at`) or `SALE_REVERSED`.
#[utoipa::path(
    post, path = "/accruals", tag = "merchant", operation_id = "accrue",
    request_body = Accrue,
    responses((status = 201, description = "Credited.", body = Accrued)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn accrue(
    State(s): State<Services>,
    As(operator): As<Operator>,
    order: Order<Accrue>,
) -> Answer<(StatusCode, Json<Accrued>)> {
    let (sale, request) = (order.body.read()?, &order.request);
    let done = accruals::accrue(&s, operator, &sale, Some(request)).await;
    let it = done.map_err(refused)?;
    let accrued = Accrued {
        accrual_id: it.accrual.into(),
        points: it.points,
        points_due: it.due,
        multiplier: it.multiplier,
        created_at: it.at,
    };
    Ok((StatusCode::CREATED, Json(accrued)))
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::UnknownMember => ErrorCode::UnknownMember.into(),
        Refusal::InvalidToken => ErrorCode::InvalidToken.into(),
        Refusal::ReceiptUsed { at } => {
            Problem::new(ErrorCode::ReceiptUsed).member("used_at", at.to_rfc3339())
        }
        Refusal::Reversed => ErrorCode::SaleReversed.into(),
        Refusal::KeyReused => ErrorCode::IdempotencyKeyReused.into(),
        Refusal::Fault(fault) => fault.into(),
    }
}

/// What a reversal did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reversed {
    accrual_id: Uuid,
    /// What the sale had brought.
    #[schema(value_type = i64, minimum = 0)]
    points: Points,
    /// What was taken back at once.
    #[schema(value_type = i64, minimum = 0)]
    taken_back: Points,
    /// What had been spent: the consumer's next points pay it.
    #[schema(value_type = i64, minimum = 0)]
    owed: Points,
}

/// Reverse a sale
///
/// Takes its points back, once. What was spent already becomes owed.
#[utoipa::path(
    post, path = "/accruals/{id}/reverse", tag = "merchant", operation_id = "reverse_accrual",
    params(("id" = Uuid, Path, description = "The accrual.", example = "01890000-0000-7000-8000-00000000000c")),
    responses((status = 200, description = "Reversed.", body = Reversed)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn reverse(
    State(s): State<Services>,
    As(operator): As<Operator>,
    Id(accrual): Id<AccrualId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let done = accruals::reverse(&s, operator, accrual).await;
        let it = done.map_err(|refusal| match refusal {
            ReverseRefusal::NotFound => ErrorCode::NotFound.into(),
            ReverseRefusal::Fault(fault) => Problem::from(fault),
        })?;
        Reply::ok(Reversed {
            accrual_id: accrual.into(),
            points: it.points,
            taken_back: it.taken_back,
            owed: it.owed,
        })
    };
    order.once(&s, operator.owner(), act).await
}

#[cfg(test)]
mod tests {
    use domain::fields::FieldProblem;

    use super::*;

    #[test]
    fn a_sale_is_read_field_by_field() {
        let sale = Accrue {
            member: "ABCDE-FGHJK".into(),
            amount: 0,
            receipt: " ".into(),
        };
        let (error, _) = sale.read().unwrap_err().parts();
        assert_eq!(
            error.problems.of("amount"),
            Some(&FieldProblem::NotAnAmount)
        );
        assert_eq!(error.problems.of("receipt"), Some(&FieldProblem::Required));
    }
}
