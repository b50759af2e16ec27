//! What the operations for merchants answer to whom.

use super::table::{EDIT, Row, anyone, managers, stewards, tills};

const OFFER: &str = r#"{"name": "Car wash", "description": "With wax.", "category": "car_wash", "points_cost": 300,
    "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2099-01-01T00:00:00Z"}"#;
const WEBHOOK: &str =
    r#"{"url": "http://127.0.0.1:9/", "events": ["accrual.created"], "enabled": false}"#;

const TABLE: &str = "name,description,category,points_cost,valid_from,valid_to\n\
    Car wash,With wax.,car_wash,300,2020-01-01T00:00:00Z,2099-01-01T00:00:00Z\n";

/// At the till, and figures and keys.
pub fn till() -> Vec<Row> {
    vec![
        Row(
            "POST /merchant/auth/login",
            "",
            r#"{"merchant": "{merchant}", "api_key": "{key_text}"}"#,
            anyone(200),
        ),
        // What is another's is answered with `valid: false`: tests of its own look at that.
        Row(
            "POST /merchant/validate",
            "",
            r#"{"code": "{code}"}"#,
            tills(200, 200),
        ),
        Row(
            "POST /merchant/confirm/{id}",
            "/merchant/confirm/{redemption}",
            r#"{"token": "{token}"}"#,
            tills(200, 404),
        ),
        Row(
            "POST /merchant/accruals",
            "",
            r#"{"member": "{member}", "amount": 10000, "receipt": "{new}"}"#,
            tills(201, 201),
        ),
        Row(
            "POST /merchant/accruals/{id}/reverse",
            "/merchant/accruals/{accrual}/reverse",
            "{}",
            tills(200, 404),
        ),
        Row("GET /merchant/stats", "", "", tills(200, 200)),
        Row("GET /merchant/pending", "", "", tills(200, 200)),
        Row("GET /merchant/analytics", "", "", stewards(200, 200)),
        Row("GET /merchant/reports/export", "", "", stewards(200, 200)),
        Row("GET /merchant/keys", "", "", managers(200, 200)),
        Row(
            "POST /merchant/keys",
            "",
            r#"{"name": "Till 1"}"#,
            managers(201, 201),
        ),
        Row(
            "DELETE /merchant/keys/{id}",
            "/merchant/keys/{key}",
            "",
            managers(200, 404),
        ),
    ]
}

/// Offers.
pub fn offers() -> Vec<Row> {
    vec![
        Row("GET /merchant/offers", "", "", stewards(200, 200)),
        Row("POST /merchant/offers", "", OFFER, stewards(201, 201)),
        Row(
            "GET /merchant/offers/{id}",
            "/merchant/offers/{offer}",
            "",
            stewards(200, 404),
        ),
        Row(
            "PUT /merchant/offers/{id}",
            "/merchant/offers/{offer}",
            EDIT,
            stewards(200, 404),
        ),
        Row(
            "DELETE /merchant/offers/{id}",
            "/merchant/offers/{offer}",
            "",
            stewards(200, 404),
        ),
        Row(
            "POST /merchant/offers/{id}/activate",
            "/merchant/offers/{offer}/activate",
            "",
            stewards(200, 404),
        ),
        Row(
            "POST /merchant/offers/{id}/pause",
            "/merchant/offers/{offer}/pause",
            "",
            stewards(200, 404),
        ),
        Row(
            "POST /merchant/offers/{id}/copy",
            "/merchant/offers/{offer}/copy",
            "",
            stewards(201, 404),
        ),
        Row(
            "PUT /merchant/offers/{id}/image",
            "/merchant/offers/{offer}/image",
            "{picture}",
            stewards(200, 404),
        ),
        Row(
            "DELETE /merchant/offers/{id}/image",
            "/merchant/offers/{offer}/image",
            "",
            stewards(200, 404),
        ),
        Row("GET /merchant/offers/export", "", "", stewards(200, 200)),
        Row(
            "POST /merchant/offers/import",
            "",
            TABLE,
            stewards(200, 200),
        ),
    ]
}

/// Webhooks.
pub fn webhooks() -> Vec<Row> {
    vec![
        Row("GET /merchant/webhooks", "", "", stewards(200, 200)),
        Row("POST /merchant/webhooks", "", WEBHOOK, stewards(201, 201)),
        Row(
            "GET /merchant/webhooks/{id}",
            "/merchant/webhooks/{webhook}",
            "",
            stewards(200, 404),
        ),
        Row(
            "PUT /merchant/webhooks/{id}",
            "/merchant/webhooks/{webhook}",
            WEBHOOK,
            stewards(200, 404),
        ),
        Row(
            "DELETE /merchant/webhooks/{id}",
            "/merchant/webhooks/{webhook}",
            "",
            stewards(200, 404),
        ),
        Row(
            "POST /merchant/webhooks/{id}/rotate-secret",
            "/merchant/webhooks/{webhook}/rotate-secret",
            "",
            stewards(200, 404),
        ),
        Row(
            "POST /merchant/webhooks/{id}/test",
            "/merchant/webhooks/{webhook}/test",
            "",
            stewards(202, 404),
        ),
        Row(
            "GET /merchant/webhooks/{id}/deliveries",
            "/merchant/webhooks/{webhook}/deliveries",
            "",
            stewards(200, 404),
        ),
        Row(
            "POST /merchant/webhooks/deliveries/{id}/replay",
            "/merchant/webhooks/deliveries/{delivery}/replay",
            "",
            stewards(202, 404),
        ),
    ]
}
