//! The names that integrations are promised: fields of bodies and answers, parameters, codes.

use std::collections::BTreeSet;

use domain::error::ErrorCode;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::document::{document, operations, resolved};
use crate::support::TestServer;

/// An operation; what its body takes, its query takes, and its answer holds, as `outer.inner` where they nest.
type Promise = (&'static str, &'static str, &'static str, &'static str);

const OFFER: &str = "offer_id name description terms_and_conditions category points_cost merchant_id stock_quantity \
    max_redemptions_per_user valid_from valid_to status is_available stock_remaining";

const PROMISES: &[Promise] = &[
    (
        "POST /auth/register",
        "email password name referral_code",
        "",
        "user_id email name role",
    ),
    (
        "POST /auth/login",
        "email password otp",
        "",
        "access_token refresh_token token_type expires_in",
    ),
    (
        "GET /auth/mfa",
        "",
        "",
        "enabled required enrolling recovery_codes_left",
    ),
    (
        "POST /auth/mfa/enrol",
        "current_password otp",
        "",
        "secret otpauth_uri",
    ),
    ("POST /auth/mfa/activate", "otp", "", "recovery_codes"),
    (
        "POST /auth/mfa/recovery-codes",
        "current_password otp",
        "",
        "recovery_codes",
    ),
    (
        "POST /auth/mfa/disable",
        "current_password otp",
        "",
        "enabled",
    ),
    (
        "POST /auth/refresh",
        "refresh_token",
        "",
        "access_token refresh_token token_type expires_in",
    ),
    ("POST /auth/logout", "refresh_token", "", ""),
    ("POST /auth/forgot-password", "email", "", ""),
    ("POST /auth/reset-password", "token password", "", ""),
    ("POST /auth/verify-email", "token", "", ""),
    (
        "GET /auth/profile",
        "",
        "",
        "user_id email name role merchant_id email_verified locale",
    ),
    ("PATCH /auth/profile", "name locale", "", "name locale"),
    (
        "GET /rewards/offers",
        "",
        "category merchant_id min_cost max_cost q sort limit cursor",
        "items next_cursor items.user_redemptions_count items.user_can_redeem items.user_balance",
    ),
    ("GET /rewards/offers/{id}", "", "", OFFER),
    (
        "GET /rewards/balance",
        "",
        "",
        "available pending reserved total next_expiration.amount next_expiration.date lots.remaining lots.expires_at",
    ),
    (
        "GET /rewards/transfers",
        "",
        "direction kind from to limit cursor",
        "items.transfer_id items.kind items.amount items.created_at",
    ),
    (
        "GET /rewards/history",
        "",
        "status limit cursor",
        "items.redemption_id items.points_spent items.status items.created_at items.expires_at",
    ),
    (
        "GET /rewards/history/{id}",
        "",
        "",
        "redemption_id redemption_code short_code points_spent status created_at expires_at confirmed_at confirmed_by \
         station_id terminal_id cancelled_at cancellation_reason",
    ),
    (
        "GET /rewards/stats",
        "",
        "",
        "points_earned points_spent total",
    ),
    (
        "POST /rewards/redeem",
        "offer_id",
        "",
        "redemption_id redemption_code short_code offer_name points_spent qr_landing_url qr_image_url expires_at \
         status merchant_name new_balance",
    ),
    (
        "POST /rewards/cancel/{id}",
        "reason",
        "",
        "points_refunded new_balance",
    ),
    (
        "POST /merchant/auth/login",
        "merchant api_key",
        "",
        "access_token token_type expires_in",
    ),
    (
        "POST /merchant/validate",
        "code token",
        "",
        "valid message redemption.can_confirm redemption.redemption_id redemption.points_spent redemption.status \
         redemption.created_at redemption.expires_at redemption.confirmed_at redemption.confirmed_by \
         redemption.station_id redemption.terminal_id redemption.cancelled_at redemption.cancellation_reason",
    ),
    (
        "POST /merchant/confirm/{id}",
        "token terminal_id employee_id",
        "",
        "redemption_id status confirmed_at",
    ),
    (
        "POST /merchant/accruals",
        "member amount receipt",
        "",
        "accrual_id points",
    ),
    (
        "GET /merchant/stats",
        "",
        "",
        "today.total week.total month.total",
    ),
    (
        "GET /merchant/analytics",
        "",
        "range from to",
        "summary.total summary.confirmed summary.pending summary.expired summary.cancelled summary.points \
         summary.median_seconds_to_confirm summary.expiration_rate summary.conversion_rate by_day peak_hours \
         popular_offers week_over_week.change month_over_month.change latest",
    ),
    (
        "GET /merchant/pending",
        "",
        "limit cursor",
        "items.redemption_id items.expires_at",
    ),
    ("GET /merchant/reports/export", "", "range from to", ""),
    ("GET /merchant/offers/{id}", "", "", OFFER),
    (
        "POST /merchant/offers",
        "name description terms_and_conditions category points_cost stock_quantity max_redemptions_per_user \
         valid_from valid_to lifetime_minutes",
        "",
        OFFER,
    ),
    (
        "GET /merchant/keys",
        "",
        "limit cursor",
        "items.key_id items.name items.hint items.created_at items.last_used_at items.revoked_at",
    ),
    ("POST /merchant/keys", "name", "", "api_key key_id hint"),
    ("DELETE /merchant/keys/{id}", "", "", "revoked_at"),
    (
        "GET /merchant/webhooks",
        "",
        "",
        "items.webhook_id items.url items.events items.enabled items.secret_hint",
    ),
    (
        "POST /merchant/webhooks",
        "url events enabled",
        "",
        "secret webhook_id url events enabled",
    ),
    (
        "GET /merchant/webhooks/{id}/deliveries",
        "",
        "status limit cursor",
        "items.delivery_id items.event_id items.type items.status items.attempts items.response_status",
    ),
    (
        "GET /admin/reports",
        "",
        "type format range from to",
        "from to items",
    ),
    (
        "GET /admin/analytics",
        "",
        "merchant_id range from to",
        "summary.total by_day latest",
    ),
    (
        "POST /admin/adjustments",
        "user_id amount reason lot",
        "",
        "adjustment_id status",
    ),
    (
        "GET /admin/users",
        "",
        "q role merchant_id limit cursor",
        "items.user_id items.email",
    ),
    (
        "GET /admin/audit",
        "",
        "action merchant_id actor_id subject_id from to limit cursor",
        "items.action items.actor_id items.details",
    ),
];

/// The properties of a schema, two deep.
fn fields(document: &Value, schema: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, inner) in properties(document, schema) {
        let below = properties(document, inner).into_iter();
        names.extend(below.map(|(below, _)| format!("{name}.{below}")));
        names.insert(name);
    }
    names
}

fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<(String, &'a Value)> {
    let schema = resolved(document, schema);
    if schema["items"].is_object() {
        return properties(document, &schema["items"]);
    }
    let mut found = Vec::new();
    for several in ["allOf", "oneOf", "anyOf"] {
        for part in schema[several].as_array().into_iter().flatten() {
            found.extend(properties(document, part));
        }
    }
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        found.push((name.clone(), inner));
    }
    found
}

fn names(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn every_promised_field_and_parameter_goes_by_its_name(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let document = document(&server).await;
    let operations = operations(&document);
    for (promised, body, query, answer) in PROMISES {
        let (_, _, operation) = operations
            .iter()
            .find(|(method, path, _)| {
                *promised == format!("{method} {}", path.trim_start_matches("/api/v1"))
            })
            .unwrap_or_else(|| panic!("{promised} is missing"));
        let json = |part: &Value| part["content"]["application/json"]["schema"].clone();
        let taken = fields(&document, &json(&operation["requestBody"]));
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let asked = parameters
            .filter(|it| it["in"] == "query")
            .map(|it| it["name"].as_str().unwrap().to_owned());
        let responses = &operation["responses"];
        let done = ["200", "201"].map(|status| fields(&document, &json(&responses[status])));
        let given = &done[0] | &done[1];
        for (kind, promises, there) in [
            ("takes", body, taken),
            ("asks", query, asked.collect()),
            ("gives", answer, given),
        ] {
            let missing = &names(promises) - &there;
            assert!(missing.is_empty(), "{promised} {kind} no {missing:?}");
        }
    }
    server.stop().await;
}

#[test]
fn every_promised_code_goes_by_its_name() {
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    for promised in names(
        "INSUFFICIENT_BALANCE OFFER_NOT_AVAILABLE OUT_OF_STOCK MAX_REDEMPTIONS_REACHED INVALID_CODE CODE_EXPIRED
         CODE_ALREADY_USED CODE_CANCELLED INVALID_TOKEN INVALID_CREDENTIALS UNAUTHORIZED FORBIDDEN NOT_FOUND
         VALIDATION_ERROR TOO_MANY_REQUESTS SERVICE_UNAVAILABLE",
    ) {
        assert!(codes.contains(&promised.as_str()), "{promised} is missing");
    }
}
