//! A database that goes away and comes back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use reqwest::header::RETRY_AFTER;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::support::TestServer;

/// A line to the database that can be cut.
struct Line {
    port: u16,
    whole: Arc<AtomicBool>,
    running: JoinHandle<()>,
}

impl Line {
    async fn to(options: &PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let whole = Arc::new(AtomicBool::new(true));
        let database = (options.get_host().to_owned(), options.get_port());
        Self {
            port: listener.local_addr().unwrap().port(),
            whole: whole.clone(),
            running: tokio::spawn(async move {
                while let Ok((caller, _)) = listener.accept().await {
                    // Hung up at once when the line is cut.
                    if whole.load(Ordering::SeqCst) {
                        tokio::spawn(carry(caller, database.clone(), whole.clone()));
                    }
                }
            }),
        }
    }

    fn set_whole(&self, whole: bool) {
        self.whole.store(whole, Ordering::SeqCst);
    }
}

/// Carries bytes both ways until either end hangs up or the line is cut.
async fn carry(mut caller: TcpStream, database: (String, u16), whole: Arc<AtomicBool>) {
    let mut database = TcpStream::connect(database).await.unwrap();
    let cut = async {
        while whole.load(Ordering::SeqCst) {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut caller, &mut database) => {}
        () = cut => {}
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn without_its_database_the_server_says_when_to_come_back_and_recovers_by_itself(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let line = Line::to(&options).await;
    let server = TestServer::start(&options.clone().port(line.port)).await;
    let (member, nobody) = (server.consumer(100).await, server.browser());
    for path in ["/monitoring/health/ready", "/monitoring/health/live"] {
        let answer = nobody.get(path).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "ok"));
    }
    assert_eq!(nobody.get("/offers").await.status, 200);

    line.set_whole(false);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let fields = [("email", "ana@town.test"), ("password", "x")];
    let told = futures::join!(
        nobody.ask("/api/identity/sign-in", &fields),
        nobody.get("/offers"),
        member.get("/wallet"),
        member.ask("/api/offers/cancel", &[]),
    );
    for answer in <[_; 4]>::from(told) {
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert!(!answer.header(RETRY_AFTER).is_empty());
        for inside in ["sqlx", "pool", "Error"] {
            assert!(!answer.text.contains(inside), "{}", answer.text);
        }
    }
    // The plain form's page says it, too.
    let (_, page) = nobody
        .submit_and_follow("/sign-in", "/api/identity/sign-in", &fields)
        .await;
    assert!(page.text.contains("We are very busy."));
    assert_eq!(page.input("email"), Some("ana@town.test"));
    let ready = nobody.get("/monitoring/health/ready").await;
    let live = nobody.get("/monitoring/health/live").await;
    assert_eq!((ready.status, live.status), (503, 200));

    line.set_whole(true);
    assert_eq!(nobody.get("/monitoring/health/ready").await.status, 200);
    assert_eq!(member.get("/wallet").await.status, 200);
    server.stop().await;
    line.running.abort();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_server_that_has_let_go_of_its_database_is_not_ready(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server.db().close().await;
    let ready = server.browser().get("/monitoring/health/ready").await;
    assert_eq!(ready.status, 503);
    server.stop().await;
}
