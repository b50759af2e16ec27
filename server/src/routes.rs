//! Routes that tell their paths, so that nothing answers that the tests do not know of.

use std::convert::Infallible;

use axum::{Router, extract::Request, response::IntoResponse, routing::MethodRouter};
use tower::Service;

use crate::router::AppState;

/// What answers beside the pages, their actions and the API's operations: those tell their own paths.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<AppState>,
    paths: Vec<String>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the paths are noted"
)]
impl Routes {
    /// One more route.
    pub(crate) fn route(self, path: &str, methods: MethodRouter<AppState>) -> Self {
        self.noted(path).wrap(|router| router.route(path, methods))
    }

    /// A service of its own at a path.
    pub(crate) fn serve<S>(self, path: &str, service: S) -> Self
    where
        S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.noted(path)
            .wrap(|router| router.route_service(path, service))
    }

    /// A service for everything below a path.
    pub(crate) fn serve_below<S>(self, path: &str, service: S) -> Self
    where
        S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.noted(&format!("{path}/{{*rest}}"))
            .wrap(|router| router.nest_service(path, service))
    }

    /// These and others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.paths.extend(others.paths);
        self.wrap(|router| router.merge(others.router))
    }

    /// The same paths behind layers, or beside what tells its own.
    pub(crate) fn wrap(self, wrap: impl FnOnce(Router<AppState>) -> Router<AppState>) -> Self {
        Self {
            router: wrap(self.router),
            paths: self.paths,
        }
    }

    /// What serves them, and their paths.
    pub(crate) fn into_parts(self) -> (Router<AppState>, Vec<String>) {
        (self.router, self.paths)
    }

    fn noted(mut self, path: &str) -> Self {
        self.paths.push(path.to_owned());
        self
    }
}
