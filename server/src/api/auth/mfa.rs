//! The second step of signing in.

use axum::{Json, extract::State};
use domain::second_step::RecoveryCode;
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::{
        actors::Insider,
        second_step::{self, Standing},
    },
};
use utoipa::ToSchema;

use crate::api::{
    actor::{As, Named},
    extract::Order,
    idempotency::Reply,
    problem::Answer,
};

/// How you stand with the second step of signing in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecondStep {
    /// Whether you sign in with one.
    enabled: bool,
    /// Whether you may not be without one.
    required: bool,
    /// Whether a secret waits for its first code.
    enrolling: bool,
    /// Recovery codes that have not been used.
    #[schema(minimum = 0, maximum = 10)]
    recovery_codes_left: i64,
}

impl From<Standing> for SecondStep {
    fn from(it: Standing) -> Self {
        Self {
            enabled: it.active.is_some(),
            required: it.required,
            enrolling: it.waiting.is_some(),
            recovery_codes_left: it.active.map_or(0, |active| active.recovery_codes_left),
        }
    }
}

/// See your second step
///
/// For managers and admins; so is the rest of it.
#[utoipa::path(
    get, path = "/mfa", tag = "auth", operation_id = "get_mfa",
    responses((status = 200, description = "How you stand.", body = SecondStep)),
    security(("bearer" = []))
)]
pub(crate) async fn standing(
    State(s): State<Services>,
    As(insider): As<Insider>,
) -> Answer<Json<SecondStep>> {
    Ok(Json(second_step::standing(&s, insider).await?.into()))
}

/// Who enrols an app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current_password": "surtidor-demo" }))]
pub(crate) struct Enrol {
    current_password: String,
    /// A code of the second step in force, where there is one.
    #[schema(nullable = false, required = false, max_length = 24)]
    otp: Option<String>,
}

/// A secret for an app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Enrolment {
    /// In base 32, to be typed.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// What a QR code for apps holds.
    #[schema(
        example = "otpauth://totp/Surtidor:ana%40demo.test?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Surtidor"
    )]
    otpauth_uri: String,
}

/// Enrol an app
///
/// Draws a secret for six digits every 30 seconds (RFC 6238). It is in force once a first code has come to
/// `/auth/mfa/activate`; until then a second step that is in force stays so.
#[utoipa::path(
    post, path = "/mfa/enrol", tag = "auth", operation_id = "enrol_mfa",
    request_body = Enrol,
    responses((status = 201, description = "To be put into the app.", body = Enrolment)),
    security(("bearer" = []))
)]
pub(crate) async fn enrol(
    State(s): State<Services>,
    As(insider): As<Insider>,
    order: Order<Enrol>,
) -> Answer<Reply> {
    let enrol = async move |s: Services, _, body: Enrol| {
        let otp = body.otp.as_deref();
        let it = second_step::begin(&s, insider, &body.current_password, otp).await?;
        let made = Reply::created(Enrolment {
            secret: it.secret,
            otpauth_uri: it.uri,
        })?;
        Ok(made.secret())
    };
    order.once(&s, insider.owner(), enrol).await
}

/// A first code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "otp": "123456" }))]
pub(crate) struct FirstCode {
    #[schema(max_length = 24)]
    otp: String,
}

/// Codes for whoever has lost their app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Told this once; each is good once.
    #[schema(example = json!(["ABCD-EFGH-JKLM"]))]
    recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    fn reply(codes: &[RecoveryCode]) -> Answer<Reply> {
        let recovery_codes = codes.iter().map(RecoveryCode::grouped).collect();
        Ok(Reply::ok(Self { recovery_codes })?.secret())
    }
}

/// Put a second step in force
///
/// By the first code of the app. All your sessions end, this one, too: they were opened without it. Sign in again with a
/// later code.
#[utoipa::path(
    post, path = "/mfa/activate", tag = "auth", operation_id = "activate_mfa",
    request_body = FirstCode,
    responses((status = 200, description = "In force.", body = RecoveryCodes)),
    security(("bearer" = []))
)]
pub(crate) async fn activate(
    State(s): State<Services>,
    As(insider): As<Insider>,
    order: Order<FirstCode>,
) -> Answer<Reply> {
    let activate = async move |s: Services, _, body: FirstCode| {
        let activated = second_step::activate(&s, insider, &body.otp).await?;
        RecoveryCodes::reply(&activated.recovery_codes)
    };
    order.once(&s, insider.owner(), activate).await
}

/// What proves who you are once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current_password": "surtidor-demo", "otp": "123456" }))]
pub(crate) struct Proof {
    current_password: String,
    /// Six digits of the app, or a recovery code.
    #[schema(max_length = 24)]
    otp: String,
}

/// Make other recovery codes
///
/// Those before are worth nothing any more.
#[utoipa::path(
    post, path = "/mfa/recovery-codes", tag = "auth", operation_id = "renew_recovery_codes",
    request_body = Proof,
    responses((status = 200, description = "The new ones.", body = RecoveryCodes)),
    security(("bearer" = []))
)]
pub(crate) async fn renew_recovery_codes(
    State(s): State<Services>,
    As(insider): As<Insider>,
    order: Order<Proof>,
) -> Answer<Reply> {
    let renew = async move |s: Services, _, body: Proof| {
        let password = &body.current_password;
        let codes = second_step::renew_recovery_codes(&s, insider, password, &body.otp).await?;
        RecoveryCodes::reply(&codes)
    };
    order.once(&s, insider.owner(), renew).await
}

/// Switch the second step off
///
/// Not for admins in production.
#[utoipa::path(
    post, path = "/mfa/disable", tag = "auth", operation_id = "disable_mfa",
    request_body = Proof,
    responses((status = 200, description = "Off.", body = SecondStep)),
    security(("bearer" = []))
)]
pub(crate) async fn disable(
    State(s): State<Services>,
    As(insider): As<Insider>,
    order: Order<Proof>,
) -> Answer<Reply> {
    let disable = async move |s: Services, _, body: Proof| {
        second_step::disable(&s, insider, &body.current_password, &body.otp).await?;
        Reply::ok(SecondStep::from(second_step::standing(&s, insider).await?))
    };
    order.once(&s, insider.owner(), disable).await
}
