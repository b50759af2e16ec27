//! `surtidor serve`.

use std::{env, net::SocketAddr, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::Args;
use services::{demo, offers::redeem};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    config::Config,
    jobs,
    router::{Closing, Settings, router},
    start,
};

/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Options of `serve`.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Load the demo's data first, once; refused in production
    #[arg(long)]
    demo: bool,
}

/// Serves until it is told to stop.
pub(super) async fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    ensure!(
        !(arguments.demo && config.is_production()),
        "the demo's data has no place in production"
    );
    let services = start::services(config).await?;
    if arguments.demo {
        demo::load(&services).await?;
    }
    let (close, closing) = watch::channel(false);
    let settings = Settings {
        site_root: &config.site.root,
        public_url: config.public_url(),
        points_name: config.points.name.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
        production: config.is_production(),
        dev_reload: ["SURTIDOR_DEV_RELOAD", "LEPTOS_WATCH"]
            .iter()
            .any(|name| env::var_os(name).is_some()),
    };
    jobs::start(&services, &settings);
    let app = router(services.clone(), settings, Closing(closing));
    let address = (config.server.host.as_str(), config.server.port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {}:{}", address.0, address.1))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let mut stopping = Closing(close.subscribe());
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let serving =
        axum::serve(listener, app).with_graceful_shutdown(async move { stopping.begun().await });
    let under_way = tokio::spawn(serving.into_future());
    stop_signal().await?;
    tracing::info!("stopping");
    close.send_replace(true);
    // What is still under way after the grace is left to the database, which does things whole or not at all.
    let finished = async {
        let _ = under_way.await;
        redeem::settled(&services).await;
    };
    let _ = tokio::time::timeout(GRACE, finished).await;
    Ok(())
}

async fn stop_signal() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
