//! Static files: the content-hashed build of the browser's half, and what lies at the root.

use std::{fs, path::Path};

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

use crate::routes::Routes;

/// A file under a hash of its content never changes (RFC 8246).
pub(crate) const FOREVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");
/// Icons and the manifest may.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// A build that is not hashed, as `cargo leptos watch` makes it.
const ALWAYS_ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The folder of the current build below the site's root: `pkg/{hash}`, or plain `pkg` where the build does
/// not hash.
#[must_use]
pub fn package_folder(root: &Path) -> String {
    match fs::read_to_string(root.join("pkg/current")) {
        Ok(hash) => format!("pkg/{}", hash.trim()),
        Err(_) => "pkg".to_owned(),
    }
}

/// Routes for everything that lies in the site's root when the server starts.
pub(crate) fn routes(root: &Path) -> Routes {
    let hashed = package_folder(root) != "pkg";
    let mut routes = Routes::default();
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let Some(name) = entry.file_name().to_str().map(ToOwned::to_owned) else {
            continue;
        };
        // Packed copies are served under the name of what they are copies of.
        if matches!(
            entry.path().extension().and_then(|e| e.to_str()),
            Some("br" | "gz")
        ) {
            continue;
        }
        let path = entry.path();
        let cache = match name.as_str() {
            "pkg" if hashed => FOREVER,
            "pkg" => ALWAYS_ASK,
            _ => A_DAY,
        };
        let cached = SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            move |response: &Response<_>| response.status().is_success().then(|| cache.clone()),
        );
        routes = if path.is_dir() {
            let files = ServeDir::new(path)
                .append_index_html_on_directories(false)
                .precompressed_br()
                .precompressed_gzip();
            let at = format!("/{name}");
            let layer = ServiceBuilder::new().layer(cached);
            if name == "pkg" && !hashed {
                // A style sheet that is not bundled imports its parts from where they are written.
                let files = files.fallback(ServeDir::new("style"));
                routes.serve_below(&at, layer.service(files))
            } else {
                routes.serve_below(&at, layer.service(files))
            }
        } else {
            let file = ServeFile::new(path).precompressed_br().precompressed_gzip();
            let file = ServiceBuilder::new().layer(cached).service(file);
            routes.serve(&format!("/{name}"), file)
        };
    }
    routes
}
