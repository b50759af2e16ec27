//! Codes at a point of sale: look one up, confirm it once.

use app::{
    error::AppError,
    site::{
        caller::Caller,
        messages::{self, spoken},
    },
};
use axum::{Extension, Json, extract::State, http::HeaderMap};
use chrono::{DateTime, Utc};
use domain::{
    codes::Presented,
    error::ErrorCode,
    fields::{FieldProblem, line},
    ids::RedemptionId,
    points::Points,
    redemptions::RedemptionStatus,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Operator,
    limits,
    offers::{
        integration::{self, Presentation},
        till::{self, Refusal, Use, Validated, Verdict},
    },
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::{Body, Id, Order},
    openapi,
    problem::{self, Answer, Problem},
    schema,
};

/// What a consumer presents.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "LUMS-0000-0000-0000" }))]
pub(crate) struct Validate {
    /// The full code, the short code, the redemption's id, or the QR's whole link.
    #[schema(max_length = 2000)]
    code: String,
    /// The QR's token, if the code comes without its link.
    #[schema(nullable = false, required = false, max_length = 200)]
    token: Option<String>,
}

/// What was found out about a code. `valid` alone says whether to hand anything out: the status of the answer
/// is 200 either way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Validation {
    valid: bool,
    /// Why it is not valid: `INVALID_CODE`, `INVALID_TOKEN`, `CODE_EXPIRED`, `CODE_ALREADY_USED` or
    /// `CODE_CANCELLED`.
    #[schema(schema_with = openapi::nullable_error_codes)]
    code: Option<ErrorCode>,
    /// What to tell the attendant, in the caller's language.
    message: String,
    /// The redemption, if this merchant has it.
    redemption: Option<Presented_>,
    /// The proof to confirm with, good for two minutes; null when there is nothing to confirm.
    token: Option<String>,
}

/// A redemption at the point of sale. Nothing in it tells who the consumer is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PresentedRedemption)]
pub(crate) struct Presented_ {
    redemption_id: Uuid,
    offer_name: String,
    #[schema(value_type = i64, minimum = 1)]
    points_spent: Points,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Whether it can be confirmed now.
    can_confirm: bool,
    /// When it was confirmed before.
    confirmed_at: Option<DateTime<Utc>>,
    /// Who confirmed it before: a person's identifier, or that of an integration's key.
    confirmed_by: Option<Uuid>,
    /// Whether the caller confirmed it before: then this may be a retry.
    confirmed_by_you: Option<bool>,
    /// The terminal at which it was confirmed before.
    terminal_name: Option<String>,
    /// The same, by its identifier.
    terminal_id: Option<Uuid>,
    /// Where it was confirmed before, if that is known.
    station_id: Option<Uuid>,
    /// When the consumer took it back.
    cancelled_at: Option<DateTime<Utc>>,
    /// Why, if they said so.
    cancellation_reason: Option<String>,
}

/// Look a code up
///
/// Changes nothing. A code of another merchant does not exist here. A person or an integration can look so many up a
/// minute and an hour (`TOO_MANY_REQUESTS`).
#[utoipa::path(
    post, path = "/validate", tag = "merchant", operation_id = "validate",
    request_body = Validate,
    responses((status = 200, description = "What was found out: see `valid`.", body = Validation)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn validate(
    State(s): State<Services>,
    Extension(caller): Extension<Caller>,
    As(operator): As<Operator>,
    headers: HeaderMap,
    Body(body): Body<Validate>,
) -> Answer<Json<Validation>> {
    caller.counted(limits::validate(&s, operator))?;
    let locale = problem::locale(&headers);
    let told = look_up(&s, operator, &body).await?;
    Ok(Json(spoken(locale, || told.into_answer())))
}

/// A validation before it is put into words.
enum Told {
    Good(Presented_, String),
    Bad(Problem, Option<Presented_>),
}

impl Told {
    fn into_answer(self) -> Validation {
        match self {
            Self::Good(redemption, ticket) => Validation {
                valid: true,
                code: None,
                message: messages::good_code(),
                redemption: Some(redemption),
                token: Some(ticket),
            },
            Self::Bad(problem, redemption) => {
                let (error, _) = problem.parts();
                Validation {
                    valid: false,
                    code: Some(error.code),
                    message: messages::text(&error),
                    redemption,
                    token: None,
                }
            }
        }
    }
}

async fn look_up(s: &Services, operator: Operator, body: &Validate) -> Answer<Told> {
    let Ok(mut presented) = body.code.parse::<Presented>() else {
        return Ok(Told::Bad(ErrorCode::InvalidCode.into(), None));
    };
    let mut beside = body.token.as_deref();
    if let Presented::Code { token, .. } = &mut presented
        && token.is_none()
    {
        *token = beside.take().map(str::to_owned);
    }
    let found = match till::validate(s, operator, &presented).await {
        Ok(found) => found,
        Err(Refusal::Fault(fault)) => return Err(fault.into()),
        Err(refusal) => return Ok(Told::Bad(refused(refusal), None)),
    };
    if beside.is_some_and(|token| !integration::token_is_good(s, found.redemption, token)) {
        return Ok(Told::Bad(ErrorCode::InvalidToken.into(), None));
    }
    Ok(told(found))
}

fn told(found: Validated) -> Told {
    let (status, used) = match &found.verdict {
        Verdict::Good { .. } => (RedemptionStatus::Pending, None),
        Verdict::Used(used) => (RedemptionStatus::Confirmed, Some(used.clone())),
        Verdict::Expired => (RedemptionStatus::Expired, None),
        Verdict::Cancelled => (RedemptionStatus::Cancelled, None),
    };
    let redemption = Presented_ {
        redemption_id: found.redemption.into(),
        offer_name: found.offer_name,
        points_spent: found.points_spent,
        status,
        created_at: found.created_at,
        expires_at: found.expires_at,
        can_confirm: status == RedemptionStatus::Pending,
        confirmed_at: used.as_ref().map(|used| used.at),
        confirmed_by: found.confirmed_by,
        confirmed_by_you: used.as_ref().map(|used| used.by_you),
        terminal_name: used.and_then(|used| used.terminal),
        terminal_id: found.terminal_id.map(Into::into),
        station_id: found.station_id.map(Into::into),
        cancelled_at: found.cancelled_at,
        cancellation_reason: found.cancellation_reason,
    };
    match found.verdict {
        Verdict::Good { ticket } => Told::Good(redemption, ticket),
        Verdict::Used(used) => Told::Bad(used_before(&used), Some(redemption)),
        Verdict::Expired => Told::Bad(ErrorCode::CodeExpired.into(), Some(redemption)),
        Verdict::Cancelled => Told::Bad(ErrorCode::CodeCancelled.into(), Some(redemption)),
    }
}

/// What confirming takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "token": "the token that validate returned", "employee_id": "E-17" }))]
pub(crate) struct Confirm {
    /// The proof: the `token` that `validate` returned, or the one in the QR's link of this moment. Without one
    /// the answer is `INVALID_TOKEN`.
    #[schema(nullable = false, required = false, max_length = 200)]
    token: Option<String>,
    /// One of the merchant's terminals.
    #[schema(nullable = false, required = false)]
    terminal_id: Option<Uuid>,
    /// Who hands it out, as the merchant calls them; it is kept in the audit log.
    #[schema(
        nullable = false,
        required = false,
        min_length = 1,
        max_length = 60,
        pattern = r"\S"
    )]
    employee_id: Option<String>,
}

/// A redemption that was confirmed: hand it out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Confirmed {
    redemption_id: Uuid,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    offer_name: String,
    #[schema(value_type = i64, minimum = 1)]
    points_spent: Points,
    confirmed_at: DateTime<Utc>,
}

/// Longest name of an employee, in characters.
const LONGEST_EMPLOYEE: usize = 60;

/// Confirm a redemption
///
/// Exactly once. Refused with `INVALID_TOKEN` without good proof, and with `CODE_ALREADY_USED` (`confirmed_at`,
/// `confirmed_by_you`, `terminal_name`), `CODE_EXPIRED` or `CODE_CANCELLED` when it is not pending any more.
#[utoipa::path(
    post, path = "/confirm/{id}", tag = "merchant", operation_id = "confirm",
    params(("id" = Uuid, Path, description = "The redemption.", example = "01890000-0000-7000-8000-00000000000b")),
    request_body = Confirm,
    responses((status = 200, description = "Confirmed.", body = Confirmed)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn confirm(
    State(s): State<Services>,
    As(operator): As<Operator>,
    Id(redemption): Id<RedemptionId>,
    order: Order<Confirm>,
) -> Answer<Json<Confirmed>> {
    let employee = order.body.employee_id.as_deref();
    let employee = employee.map(|text| line(text, 1, LONGEST_EMPLOYEE));
    let presented = Presentation {
        proof: order.body.token.unwrap_or_default(),
        terminal: order.body.terminal_id.map(Into::into),
        employee: employee
            .transpose()
            .map_err(|problem| Problem::field("employee_id", problem))?,
    };
    let done = integration::confirm(&s, operator, redemption, &presented, &order.request).await;
    let done = done.map_err(|refusal| match refusal {
        integration::Refusal::Till(refusal) => refused(refusal),
        integration::Refusal::UnknownTerminal => {
            Problem::field("terminal_id", FieldProblem::NotAChoice)
        }
        integration::Refusal::KeyReused => ErrorCode::IdempotencyKeyReused.into(),
    })?;
    Ok(Json(Confirmed {
        redemption_id: redemption.into(),
        status: RedemptionStatus::Confirmed,
        offer_name: done.offer_name,
        points_spent: done.points_spent,
        confirmed_at: done.at,
    }))
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::InvalidCode => ErrorCode::InvalidCode.into(),
        Refusal::InvalidToken | Refusal::InvalidTicket => ErrorCode::InvalidToken.into(),
        Refusal::Used(used) => used_before(&used),
        Refusal::Expired => ErrorCode::CodeExpired.into(),
        Refusal::Cancelled => ErrorCode::CodeCancelled.into(),
        Refusal::Fault(fault) => fault.into(),
    }
}

fn used_before(used: &Use) -> Problem {
    let error = AppError::new(ErrorCode::CodeAlreadyUsed).figure("at", used.at.timestamp());
    Problem::from(error)
        .member("confirmed_at", used.at.to_rfc3339())
        .member("confirmed_by_you", used.by_you)
        .member("terminal_name", used.terminal.clone())
}
