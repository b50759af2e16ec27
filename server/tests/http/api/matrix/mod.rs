//! Every operation of the API, for everyone who may and may not call it.

mod callers;
mod merchant;
mod table;
mod things;

use std::collections::BTreeSet;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use self::table::Row;
pub use self::{callers::Callers, things::Things};
use super::{
    client::sending,
    document::{document, operations},
};
use crate::support::{Answer, TestServer, Wish};

/// The operations of the document, which the router itself makes.
async fn served(server: &TestServer) -> BTreeSet<String> {
    let operations = operations(&document(server).await);
    let named = operations
        .iter()
        .map(|(method, path, _)| format!("{method} {}", path.trim_start_matches("/api/v1")));
    named.collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_table_has_a_row_for_every_operation_and_no_other(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let listed: BTreeSet<_> = table::rows().iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(served(&server).await, listed);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_operation_answers_everyone_with_exactly_what_is_theirs(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wished(&options, Wish::without_limits()).await;
    for row in table::rows() {
        let Row(operation, address, body, expected) = &row;
        let (method, path) = operation.split_once(' ').unwrap();
        let address = if address.is_empty() { path } else { address };
        // Everyone is new, and so is what they ask for: no row knows of another, and no caller of another.
        let callers = Callers::new(&server, &options).await;
        let mut statuses = Vec::new();
        for caller in callers.everyone() {
            let mut things = Things::new(&server, &callers);
            let address = things.named_in(address).await;
            let body = things.named_in(body).await;
            let key = server.town().key();
            let request = caller.request(method, &address);
            let request = request.header("idempotency-key", key);
            let answer = Answer::of(sending(request, &body)).await;
            assert!(answer.status < 500, "{operation}: {}", answer.text);
            statuses.push(answer.status);
        }
        assert_eq!(statuses, expected, "{operation}");
    }
    server.stop().await;
}
