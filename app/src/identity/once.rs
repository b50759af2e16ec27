//! Secrets that a page shows once, after the form that made them has redirected to it.

use domain::error::ErrorCode;
use services::{Services, secret};
use tower_sessions::Session;

use super::session;
use crate::error::AppError;

/// A session that is there to keep its half of a secret, known before anything is made.
pub(crate) struct Showing {
    session: Session,
    name: &'static str,
}

impl Showing {
    /// Makes sure of the session, which will keep the half under a name.
    ///
    /// # Errors
    /// When the request has none: a fault of ours.
    pub(crate) async fn ready(name: &'static str) -> Result<Self, AppError> {
        let session = session::current().await?;
        Ok(Self { session, name })
    }

    /// Keeps one half; the other goes into the page's address. Neither place holds the secret.
    ///
    /// # Errors
    /// When the session store fails.
    pub(crate) async fn keep(self, s: &Services, secret: &str) -> Result<String, AppError> {
        let [kept, told] = secret::halves(s, secret);
        let done = self.session.insert(self.name, kept).await;
        done.map_err(|_| AppError::new(ErrorCode::ServiceUnavailable))?;
        Ok(told)
    }
}

/// The secret whose half the address tells; the session forgets its own by this. None a second time.
///
/// # Errors
/// When the session store fails.
pub(crate) async fn shown(
    name: &str,
    beginning: &str,
    told: Option<String>,
) -> Result<Option<String>, AppError> {
    let Some(told) = told else {
        return Ok(None);
    };
    let session = session::current().await?;
    let kept = session.remove::<String>(name).await;
    let kept = kept.map_err(|_| AppError::new(ErrorCode::ServiceUnavailable))?;
    Ok(kept.and_then(|kept| secret::whole(beginning, &kept, &told)))
}
