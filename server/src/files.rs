//! Files that forms send, and the file that a page gives.

use std::time::Duration;

use app::{
    error::AppError,
    offers::files::{EXPORT, SET_PICTURE, UPLOAD},
    site::request::{Site, Visitor, link},
};
use axum::{
    Extension, Json,
    extract::{
        DefaultBodyLimit, Multipart, State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{
    error::ErrorCode,
    ids::{ImportId, OfferId},
};
use leptos::server_fn::error::{SERVER_FN_ERROR_HEADER, ServerFnUrlError};
use services::{
    Services,
    identity::actors::Manager,
    offers::{import, own, pictures},
};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{api::table::Csv, routes::Routes};

/// More than a telephone takes a photo of, in bytes. What is beyond the heaviest picture is read and dropped, so that
/// the form can say so; a browser that is hung up on while it sends shows a page of its own.
const BODY_LIMIT: usize = 32 * 1024 * 1024;
/// No identifier is longer, in bytes.
const LONGEST_ID: usize = 64;
/// As long as a photo takes from a telephone at the edge of its network.
const TIMEOUT: Duration = Duration::from_mins(2);

/// What a form sends: which thing it is about, and a file.
struct Sent {
    id: String,
    file: Vec<u8>,
}

/// The routes, inside the layers that know who asks.
pub(crate) fn routes() -> Routes {
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT);
    Routes::default()
        .route(SET_PICTURE, post(set_picture))
        .route(UPLOAD, post(upload))
        .route(EXPORT, get(export))
        .wrap(|router| {
            router
                .layer(DefaultBodyLimit::disable())
                .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
                .layer(timeout)
        })
}

async fn set_picture(
    State(s): State<Services>,
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let act = async {
        let manager = visitor.actor::<Manager>()?;
        let sent = read(form, "image", pictures::HEAVIEST).await?;
        let offer: OfferId = id(&sent)?;
        pictures::set(&s, manager, offer, sent.file).await?;
        Ok(format!("/manage/offers/{offer}?saved=1"))
    };
    answer(&site, &headers, SET_PICTURE, act.await)
}

async fn upload(
    State(s): State<Services>,
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let act = async {
        let manager = visitor.actor::<Manager>()?;
        let sent = read(form, "file", import::HEAVIEST).await?;
        let import: ImportId = id(&sent)?;
        import::upload(&s, manager, import, sent.file, visitor.zone).await?;
        Ok(format!("/manage/offers/import/{import}"))
    };
    answer(&site, &headers, UPLOAD, act.await)
}

/// One's own offers, for a spreadsheet. Whoever has to sign in first is sent to do so.
async fn export(
    State(s): State<Services>,
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    let act = async {
        let manager = visitor.actor::<Manager>()?;
        let offers = own::all(&s, manager).await?;
        Csv::of_offers(&offers, &site).map_err(|problem| problem.parts().0)
    };
    match act.await {
        Ok(file) => file.into_response(),
        Err(error) if error.code == ErrorCode::Unauthorized => {
            let to = link("/sign-in", [("next", Some(EXPORT.to_owned()))]);
            Redirect::to(&to).into_response()
        }
        Err(error) => status(&error).into_response(),
    }
}

fn id<T: std::str::FromStr>(sent: &Sent) -> Result<T, AppError> {
    let id = sent.id.parse();
    id.map_err(|_| AppError::new(ErrorCode::NotFound))
}

/// What the form sent: `id`, and a file under its name, of which no more is kept than shows that it is too heavy.
async fn read(
    form: Result<Multipart, MultipartRejection>,
    name: &str,
    heaviest: usize,
) -> Result<Sent, AppError> {
    let mut form = form.map_err(|_| AppError::new(ErrorCode::MalformedRequest))?;
    let mut sent = Sent {
        id: String::new(),
        file: Vec::new(),
    };
    while let Some(field) = form.next_field().await.map_err(unread)? {
        let part = field.name().unwrap_or_default().to_owned();
        if part == "id" {
            let id = bytes(field, LONGEST_ID).await?;
            sent.id = String::from_utf8(id).unwrap_or_default();
        } else if part == name {
            sent.file = bytes(field, heaviest).await?;
        }
    }
    Ok(sent)
}

async fn bytes(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(unread)? {
        if bytes.len() <= most {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

fn unread(error: MultipartError) -> AppError {
    AppError::new(match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::ContentTooLarge,
        _ => ErrorCode::MalformedRequest,
    })
}

/// As a server function answers a plain form: on to a page, or back to the form's with the error in the address.
fn answer(
    site: &Site,
    headers: &HeaderMap,
    path: &str,
    outcome: Result<String, AppError>,
) -> Response {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let error = match outcome {
        Ok(to) => return Redirect::to(&to).into_response(),
        Err(error) => error,
    };
    let is_person = text(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    let from = text(header::REFERER).unwrap_or(&site.public_url);
    let back = ServerFnUrlError::new(path, error.clone()).to_url(from);
    let marked = (
        HeaderName::from_static(SERVER_FN_ERROR_HEADER),
        HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("file")),
    );
    match back {
        Ok(back) if is_person => ([marked], Redirect::to(back.as_str())).into_response(),
        _ => (status(&error), [marked], Json(error)).into_response(),
    }
}

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
