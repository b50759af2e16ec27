//! A program that calls the API.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::ids::MerchantId;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use services::identity::{
    self,
    actors::{Actor, Manager},
    api_keys,
    api_sessions::{self, Tokens},
};
use uuid::Uuid;

use crate::support::{Answer, Shop, TestServer, photo};

/// A program with its proof of who it acts for; it keeps no cookies.
#[derive(Clone)]
pub struct Program {
    client: Client,
    base: String,
    proof: Option<(&'static str, String)>,
}

impl TestServer {
    /// A program that acts for nobody.
    pub fn stranger(&self) -> Program {
        Program {
            client: Client::new(),
            base: self.url.clone(),
            proof: None,
        }
    }

    /// A program with a token of whatever kind.
    pub fn bearing(&self, token: &str) -> Program {
        Program {
            proof: Some(("authorization", format!("Bearer {token}"))),
            ..self.stranger()
        }
    }

    /// A new session of a person.
    pub async fn session_of(&self, user: Uuid) -> Tokens {
        let account = identity::account(&self.s, user.into(), 0).await.unwrap();
        api_sessions::open(&self.s, &account.unwrap())
            .await
            .unwrap()
    }

    /// A program with a person's access token.
    pub async fn acting_for(&self, user: Uuid) -> Program {
        self.bearing(&self.session_of(user).await.access)
    }

    /// A consumer's program, the consumer having points.
    pub async fn member(&self, points: i64) -> Program {
        let user = self.town().consumer(points).await;
        self.acting_for(user).await
    }

    /// A merchant's own program, with a key.
    pub async fn till_of(&self, shop: &Shop) -> Program {
        let account = identity::account(&self.s, shop.manager.into(), 0).await;
        let manager = Manager::of(&account.unwrap().unwrap()).unwrap();
        assert_eq!(manager.merchant(), MerchantId::from(shop.merchant));
        let name = "Point of sale".try_into().unwrap();
        let key = api_keys::create(&self.s, manager, &name).await.unwrap();
        self.keyed(&key.key)
    }

    /// A program with a key.
    pub fn keyed(&self, key: &str) -> Program {
        Program {
            proof: Some(("x-api-key", key.to_owned())),
            ..self.stranger()
        }
    }
}

impl Program {
    /// What proves for whom it acts.
    pub fn proof(&self) -> &str {
        self.proof.as_ref().map_or("", |(_, value)| value)
    }

    /// A request below `/api/v1`.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}/api/v1{path}", self.base);
        let request = self
            .client
            .request(method.parse().unwrap(), url)
            .header("accept-language", "en");
        match &self.proof {
            Some((name, value)) => request.header(*name, value),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request("GET", path)).await
    }

    /// Sends a body under a name.
    pub async fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("idempotency-key", key);
        Answer::of(request.json(body)).await
    }

    /// Posts under a name of its own.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        static SENT: AtomicU64 = AtomicU64::new(0);
        let key = format!("request-{}", SENT.fetch_add(1, Ordering::Relaxed));
        self.send("POST", path, &key, &body).await
    }

    /// Redeems; the answer as JSON.
    pub async fn redeem(&self, offer: &str) -> Value {
        let answer = self
            .post("/rewards/redeem", json!({ "offer_id": offer }))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }
}

/// That an answer is a whole problem of this status and code.
pub fn assert_problem(answer: &Answer, status: u16, code: &str) {
    let what = format!("{} {}", answer.status, answer.text);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (status, code),
        "{what}"
    );
    let kind = answer.header(reqwest::header::CONTENT_TYPE);
    assert_eq!(kind, "application/problem+json", "{what}");
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{what}");
    assert_eq!(problem["type"], format!("/api/docs#{code}"), "{what}");
    for text in ["title", "detail", "request_id"] {
        assert!(
            problem[text].as_str().is_some_and(|it| !it.is_empty()),
            "{what}"
        );
    }
}

/// A call that sends this: JSON, the word `{picture}` for one, a table, or nothing.
pub fn sending(request: RequestBuilder, body: &str) -> RequestBuilder {
    let (kind, body) = match body {
        "" => return request,
        "{picture}" => ("image/png", photo(200)),
        json if json.starts_with('{') => ("application/json", json.into()),
        table => ("text/csv", table.into()),
    };
    request.header("content-type", kind).body(body)
}
