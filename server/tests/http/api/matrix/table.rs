//! What every operation answers to whom.

use super::merchant;

/// Who calls, in the order of the columns: no one; the consumer whose things are asked for, and another; the shop's
/// attendant and manager; an admin; the shop's key, and the token that it was given for it; another merchant's manager
/// and key; an admin's token with other claims, and one of two hours ago.
pub type Expected = [u16; 12];

/// An operation as the document names it, the address to call (its own path unless told), the body, and the statuses.
/// What stands in braces is made for each call: see `things`.
pub struct Row(
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub Expected,
);

/// Whoever calls: the body says who they are, if anything does.
pub const fn anyone(status: u16) -> Expected {
    [status; 12]
}

/// Anyone may look, but not with a proof that is none.
const BROWSERS: Expected = [200, 200, 200, 200, 200, 200, 200, 401, 200, 200, 401, 401];

/// People of every role, with what is their own.
const PEOPLE: Expected = [401, 200, 200, 200, 200, 200, 401, 401, 200, 401, 401, 401];

/// Consumers: the one whose thing it is, and another.
const fn consumers(own: u16, others: u16) -> Expected {
    [
        401, own, others, 403, 403, 403, 401, 401, 403, 401, 401, 401,
    ]
}

/// Whoever works at the shop's till, its keys among them; then who works at another's.
pub const fn tills(own: u16, others: u16) -> Expected {
    [
        401, 403, 403, own, own, 403, own, own, others, others, 401, 401,
    ]
}

/// Whoever runs the shop, its keys among them; then who runs another.
pub const fn stewards(own: u16, others: u16) -> Expected {
    [
        401, 403, 403, 403, own, 403, own, own, others, others, 401, 401,
    ]
}

/// The shop's manager in person, and another's.
pub const fn managers(own: u16, others: u16) -> Expected {
    [
        401, 403, 403, 403, own, 403, 401, 401, others, 401, 401, 401,
    ]
}

/// The shop's manager; then who else can have a second step to sign in with.
const fn insiders(own: u16, others: u16) -> Expected {
    [
        401, 403, 403, 403, own, others, 401, 401, others, 401, 401, 401,
    ]
}

/// Admins alone.
const fn admins(status: u16) -> Expected {
    [
        401, 403, 403, 403, 403, status, 401, 401, 403, 401, 401, 401,
    ]
}

/// An edit of an offer.
pub const EDIT: &str = r#"{"version": 1, "offer": {"name": "Car wash", "description": "With wax.",
    "category": "car_wash", "points_cost": 300,
    "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2099-01-01T00:00:00Z"}}"#;

/// The whole table.
pub fn rows() -> Vec<Row> {
    let tables = [
        auth(),
        rewards(),
        merchant::till(),
        merchant::offers(),
        merchant::webhooks(),
        merchants(),
        admin(),
    ];
    tables.into_iter().flatten().collect()
}

fn auth() -> Vec<Row> {
    vec![
        Row(
            "POST /auth/register",
            "",
            r#"{"email": "{new}@town.test", "password": "lluvia sobre surtidor", "name": "Ana"}"#,
            anyone(201),
        ),
        Row(
            "POST /auth/login",
            "",
            r#"{"email": "{address}", "password": "{password}"}"#,
            anyone(200),
        ),
        // The first to come renews; whoever shows the same token again ends the session.
        Row(
            "POST /auth/refresh",
            "",
            r#"{"refresh_token": "{refresh}"}"#,
            [200, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401],
        ),
        Row(
            "POST /auth/logout",
            "",
            r#"{"refresh_token": "{refresh}"}"#,
            anyone(204),
        ),
        Row(
            "POST /auth/forgot-password",
            "",
            r#"{"email": "{new}@town.test"}"#,
            anyone(202),
        ),
        Row(
            "POST /auth/reset-password",
            "",
            r#"{"token": "{reset}", "password": "lluvia sobre surtidor"}"#,
            anyone(204),
        ),
        Row(
            "POST /auth/verify-email",
            "",
            r#"{"token": "{verification}"}"#,
            anyone(204),
        ),
        Row("GET /auth/profile", "", "", PEOPLE),
        Row(
            "PATCH /auth/profile",
            "",
            r#"{"name": "Ana", "locale": "en"}"#,
            PEOPLE,
        ),
        Row("GET /auth/mfa", "", "", insiders(200, 200)),
        Row(
            "POST /auth/mfa/enrol",
            "",
            r#"{"current_password": "{password}"}"#,
            insiders(201, 201),
        ),
        // The code is of the manager's app: others have none.
        Row(
            "POST /auth/mfa/activate",
            "",
            r#"{"otp": "{first_otp}"}"#,
            insiders(200, 409),
        ),
        Row(
            "POST /auth/mfa/recovery-codes",
            "",
            r#"{"current_password": "{password}", "otp": "{otp}"}"#,
            insiders(200, 409),
        ),
        Row(
            "POST /auth/mfa/disable",
            "",
            r#"{"current_password": "{password}", "otp": "{otp}"}"#,
            insiders(200, 409),
        ),
    ]
}

fn rewards() -> Vec<Row> {
    vec![
        Row("GET /rewards/offers", "", "", BROWSERS),
        Row(
            "GET /rewards/offers/{id}",
            "/rewards/offers/{offer}",
            "",
            BROWSERS,
        ),
        Row("GET /rewards/balance", "", "", consumers(200, 200)),
        Row("GET /rewards/transfers", "", "", consumers(200, 200)),
        Row("GET /rewards/stats", "", "", consumers(200, 200)),
        Row("GET /rewards/history", "", "", consumers(200, 200)),
        Row(
            "GET /rewards/history/{id}",
            "/rewards/history/{redemption}",
            "",
            consumers(200, 404),
        ),
        Row(
            "GET /rewards/qr/{code}.png",
            "/rewards/qr/{code}.png",
            "",
            consumers(200, 404),
        ),
        Row(
            "POST /rewards/redeem",
            "",
            r#"{"offer_id": "{offer}"}"#,
            consumers(201, 201),
        ),
        Row(
            "POST /rewards/cancel/{id}",
            "/rewards/cancel/{redemption}",
            "{}",
            consumers(200, 404),
        ),
    ]
}

fn merchants() -> Vec<Row> {
    vec![
        Row("GET /admin/merchants", "", "", admins(200)),
        Row(
            "POST /admin/merchants",
            "",
            r#"{"name": "{new}"}"#,
            admins(201),
        ),
        Row(
            "GET /admin/merchants/{id}",
            "/admin/merchants/{merchant}",
            "",
            admins(200),
        ),
        Row(
            "PATCH /admin/merchants/{id}",
            "/admin/merchants/{merchant}",
            r#"{"name": "{new}"}"#,
            admins(200),
        ),
        Row(
            "POST /admin/merchants/{id}/members",
            "/admin/merchants/{merchant}/members",
            r#"{"name": "Mara", "email": "{new}@town.test", "role": "attendant"}"#,
            admins(201),
        ),
        Row(
            "PATCH /admin/merchants/{id}/members/{user_id}",
            "/admin/merchants/{merchant}/members/{staff}",
            r#"{"role": "manager"}"#,
            admins(200),
        ),
        Row(
            "DELETE /admin/merchants/{id}/members/{user_id}",
            "/admin/merchants/{merchant}/members/{staff}",
            "",
            admins(200),
        ),
        Row(
            "PUT /admin/merchants/{id}/stations/{station_id}",
            "/admin/merchants/{merchant}/stations/{station}",
            "",
            admins(200),
        ),
        Row(
            "DELETE /admin/merchants/{id}/stations/{station_id}",
            "/admin/merchants/{merchant}/stations/{station}",
            "",
            admins(200),
        ),
    ]
}

fn admin() -> Vec<Row> {
    vec![
        Row("GET /admin/offers", "", "", admins(200)),
        Row(
            "GET /admin/offers/{id}",
            "/admin/offers/{offer}",
            "",
            admins(200),
        ),
        Row(
            "PUT /admin/offers/{id}",
            "/admin/offers/{offer}",
            EDIT,
            admins(200),
        ),
        Row(
            "DELETE /admin/offers/{id}",
            "/admin/offers/{offer}",
            "",
            admins(200),
        ),
        Row(
            "POST /admin/offers/{id}/activate",
            "/admin/offers/{offer}/activate",
            "",
            admins(200),
        ),
        Row(
            "POST /admin/offers/{id}/pause",
            "/admin/offers/{offer}/pause",
            "",
            admins(200),
        ),
        Row("GET /admin/users", "", "", admins(200)),
        Row(
            "GET /admin/users/{id}",
            "/admin/users/{consumer}",
            "",
            admins(200),
        ),
        Row("GET /admin/adjustments", "", "", admins(200)),
        Row(
            "POST /admin/adjustments",
            "",
            r#"{"user_id": "{consumer}", "amount": 5, "reason": "Slip lost"}"#,
            admins(201),
        ),
        Row(
            "POST /admin/adjustments/{id}/approve",
            "/admin/adjustments/{adjustment}/approve",
            "",
            admins(200),
        ),
        Row(
            "POST /admin/adjustments/{id}/reject",
            "/admin/adjustments/{adjustment}/reject",
            "",
            admins(200),
        ),
        Row("GET /admin/audit", "", "", admins(200)),
        Row("GET /admin/analytics", "", "", admins(200)),
        Row(
            "GET /admin/reports",
            "/admin/reports?type=summary",
            "",
            admins(200),
        ),
    ]
}
