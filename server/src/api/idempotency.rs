//! Operations that are not one statement: a request that is sent again is answered as the first time.

use app::error::AppError;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::error::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use services::{
    Services,
    idempotency::{self, Claim, Request},
};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    extract::Order,
    problem::{Answer, Problem},
};

/// What an operation answers with when it is done.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Value,
    /// Whether the body is for its caller's eyes alone.
    secret: bool,
}

impl Reply {
    /// 200 with a body.
    pub(crate) fn ok(body: impl Serialize) -> Answer<Self> {
        Self::with(StatusCode::OK, body)
    }

    /// 201 with a body.
    pub(crate) fn created(body: impl Serialize) -> Answer<Self> {
        Self::with(StatusCode::CREATED, body)
    }

    /// 202 with a body.
    pub(crate) fn accepted(body: impl Serialize) -> Answer<Self> {
        Self::with(StatusCode::ACCEPTED, body)
    }

    /// The same, its body holding a secret that is told here alone: it is kept sealed.
    pub(crate) fn secret(self) -> Self {
        Self {
            secret: true,
            ..self
        }
    }

    fn with(status: StatusCode, body: impl Serialize) -> Answer<Self> {
        let body = serde_json::to_value(body).map_err(|error| {
            tracing::error!(%error, "an answer cannot be written as JSON");
            ErrorCode::InternalError
        })?;
        Ok(Self {
            status,
            body,
            secret: false,
        })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// A first answer as it is kept.
#[derive(Deserialize, Serialize)]
enum Kept {
    /// It was done.
    Done(Value),
    /// It was done, and the answer tells a secret.
    Sealed(String),
    /// It was refused.
    Refused(AppError, Map<String, Value>),
}

impl<T: Send + 'static> Order<T> {
    /// Carries the order out once for an actor. `act` gets the identifier that what is made goes by: if this
    /// process dies and the request is sent again, it is the same one.
    ///
    /// It runs in a task of its own, so that a caller who leaves interrupts nothing.
    pub(crate) async fn once<F>(
        self,
        s: &Services,
        actor: Uuid,
        act: impl FnOnce(Services, Uuid, T) -> F + Send + 'static,
    ) -> Answer<Reply>
    where
        F: Future<Output = Answer<Reply>> + Send,
    {
        let Self { body, request } = self;
        let s = s.clone();
        let work = async move {
            match idempotency::claim(&s, actor, &request).await? {
                Claim::Yours(id) => {
                    let answer = act(s.clone(), id, body).await;
                    keep(&s, actor, &request, &answer).await;
                    answer
                }
                Claim::Answered { status, answer } => {
                    let open = |sealed: &str| idempotency::open(&s, actor, &request, sealed);
                    replay(status, &answer, open)
                }
                Claim::UnderWay => Err(ErrorCode::RequestInProgress.into()),
                Claim::Reused => Err(ErrorCode::IdempotencyKeyReused.into()),
            }
        };
        match tokio::spawn(work.in_current_span()).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "an operation broke off");
                Err(ErrorCode::InternalError.into())
            }
        }
    }
}

/// Keeps what will be the same next time; what failed may be tried again.
async fn keep(s: &Services, actor: Uuid, request: &Request, answer: &Answer<Reply>) {
    let (status, kept) = match answer {
        Ok(reply) if reply.secret => {
            let body = reply.body.to_string();
            let sealed = idempotency::seal(s, actor, request, &body);
            (reply.status.as_u16(), Kept::Sealed(sealed))
        }
        Ok(reply) => (reply.status.as_u16(), Kept::Done(reply.body.clone())),
        Err(problem) => problem.kept(),
    };
    let done = match serde_json::to_string(&kept) {
        Ok(kept) if status < 500 => {
            idempotency::keep(s, actor, request, status.into(), &kept).await
        }
        _ => idempotency::release(s, actor, request).await,
    };
    if let Err(error) = done {
        tracing::error!(%error, "could not keep an answer");
    }
}

fn replay(status: i32, answer: &str, open: impl FnOnce(&str) -> Option<String>) -> Answer<Reply> {
    let status = u16::try_from(status).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let body = match serde_json::from_str(answer) {
        Ok(Kept::Refused(error, members)) => return Err(Problem::again(error, members)),
        Ok(Kept::Done(body)) => Some(body),
        Ok(Kept::Sealed(sealed)) => open(&sealed).and_then(|it| serde_json::from_str(&it).ok()),
        Err(_) => None,
    };
    let (Some(status), Some(body)) = (status, body) else {
        tracing::error!("a kept answer cannot be read");
        return Err(ErrorCode::InternalError.into());
    };
    Ok(Reply {
        status,
        body,
        secret: false,
    })
}

impl Problem {
    fn kept(&self) -> (u16, Kept) {
        let (error, members) = self.parts();
        (error.code.status(), Kept::Refused(error, members))
    }
}
