//! Routes and the layers around them.

use std::{path::Path, time::Duration};

use app::site::{
    App,
    request::{Site, visitor},
    shell::shell,
};
use axum::{
    Router,
    extract::FromRef,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state, map_response, map_response_with_state},
    response::IntoResponse,
};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list_with_exclusions_and_ssg_and_context};
use services::{Services, identity::sessions::SessionRows};
use tokio::sync::watch;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{
    api::{
        self,
        request_id::{self, Namer},
    },
    assets, events, files, health, images,
    middleware::{
        admission::{self, Gate},
        attempts, failures, headers,
        identify::identify,
        limits,
        origin::{self, PublicOrigin},
        proxies::Proxies,
        refusals,
    },
    seats::Seats,
    well_known,
};

/// No page takes this long unless something is stuck.
const TIMEOUT: Duration = Duration::from_secs(15);
/// More than any form holds, in bytes.
const BODY_LIMIT: usize = 256 * 1024;
/// Brotli's effort for what is made for one answer: 0.24 ms for 15 KB, where the highest takes 33 ms.
const BROTLI_EFFORT: CompressionLevel = CompressionLevel::Precise(4);

/// What handlers work with.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub(crate) services: Services,
    pub(crate) leptos: LeptosOptions,
    pub(crate) site: Site,
    pub(crate) closing: Closing,
    pub(crate) seats: Seats,
    pub(crate) proxies: Proxies,
}

/// Tells open streams that the server is about to stop.
#[derive(Clone, Debug)]
pub struct Closing(pub watch::Receiver<bool>);

impl Closing {
    /// Returns when the server begins to stop.
    pub async fn begun(&mut self) {
        // A sender that is gone has stopped, too.
        let _ = self.0.wait_for(|closing| *closing).await;
    }
}

/// What a process decides about its routes.
pub struct Settings<'a> {
    /// The folder with static files.
    pub site_root: &'a Path,
    /// Where people reach the product, without a slash at the end.
    pub public_url: String,
    /// What points are called.
    pub points_name: String,
    /// The proxies that are believed when they say who asks.
    pub trusted_proxies: Proxies,
    /// Whether cookies are for HTTPS alone.
    pub production: bool,
    /// Whether pages reload after a restart.
    pub dev_reload: bool,
}

/// The whole site.
pub fn router(services: Services, settings: Settings<'_>, closing: Closing) -> Router {
    routed(services, settings, closing).0
}

/// The whole site, and the paths of all that is neither a page, nor a page's action, nor an operation of the API.
pub fn routed(
    services: Services,
    settings: Settings<'_>,
    closing: Closing,
) -> (Router, Vec<String>) {
    let leptos = LeptosOptions::builder()
        .output_name("surtidor")
        .site_root(settings.site_root.to_string_lossy().into_owned())
        .site_pkg_dir(assets::package_folder(settings.site_root))
        .build();
    let site = Site {
        public_url: settings.public_url.clone(),
        points_name: settings.points_name,
        dev_reload: settings.dev_reload,
    };
    let sessions = sessions(&services, settings.production);
    let state = AppState {
        services,
        leptos,
        site,
        closing,
        seats: Seats::default(),
        proxies: settings.trusted_proxies,
    };
    let origin = PublicOrigin(settings.public_url);
    let gate = from_fn_with_state(Gate::default(), admission::admit);
    let layers = ServiceBuilder::new()
        .layer(gate.clone())
        .layer(from_fn_with_state(origin, origin::check))
        .layer(sessions)
        .layer(from_fn_with_state(state.clone(), identify))
        .layer(from_fn(attempts::keep));
    let naming = ServiceBuilder::new()
        .layer(from_fn(request_id::tidy))
        .layer(SetRequestIdLayer::new(
            request_id::HEADER,
            Namer(state.services.clone()),
        ))
        .layer(TraceLayer::new_for_http().make_span_with(request_id::span))
        .layer(PropagateRequestIdLayer::new(request_id::HEADER));
    let count = from_fn_with_state(state.clone(), limits::count);
    let pages = files::routes().wrap(|router| {
        router
            .merge(pages(&state))
            .layer(layers.clone())
            .layer(count)
    });
    // Streams have seats of their own: coming back to one is nobody's asking for more.
    let (router, paths) = events::routes(settings.dev_reload)
        .wrap(|router| router.layer(layers))
        .and(pages)
        .and(images::routes().wrap(|router| router.layer(gate)))
        .and(api::routes(&state))
        .and(health::routes())
        .and(well_known::routes())
        .and(assets::routes(settings.site_root))
        .into_parts();
    let router = router
        .layer(CatchPanicLayer::custom(|_| {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }))
        .layer(from_fn_with_state(state.clone(), failures::tell))
        .layer(map_response(headers::secure(settings.production)))
        .layer(naming);
    (router.with_state(state), paths)
}

/// Pages and the actions of their forms.
fn pages(state: &AppState) -> Router<AppState> {
    let context = {
        let (services, site) = (state.services.clone(), state.site.clone());
        move || {
            provide_context(services.clone());
            provide_context(site.clone());
            provide_context(visitor().locale);
        }
    };
    let document = {
        let leptos = state.leptos.clone();
        move || shell(leptos.clone())
    };
    let (routes, _) =
        generate_route_list_with_exclusions_and_ssg_and_context(App, None, context.clone());
    let not_found = leptos_axum::render_app_async_with_context(context.clone(), document.clone());
    Router::new()
        .leptos_routes_with_context(state, routes, context, document)
        .fallback(not_found)
        .layer(map_response_with_state(
            state.services.clone(),
            refusals::tell,
        ))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(CompressionLayer::new().quality(BROTLI_EFFORT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIMEOUT,
        ))
}

fn sessions(services: &Services, production: bool) -> SessionManagerLayer<SessionRows> {
    let idle = time::Duration::seconds(app::identity::session::IDLE_LIFETIME.num_seconds());
    SessionManagerLayer::new(SessionRows::new(services.clone()))
        .with_name(if production {
            "__Host-surtidor"
        } else {
            "surtidor"
        })
        .with_secure(production)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(idle))
}
