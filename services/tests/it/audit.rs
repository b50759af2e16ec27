//! Who did what is written down by the statement that does it.

use domain::{
    account::{Role, StaffRole},
    codes::Presented,
    ids::StationId,
    terminals::{Pin, TerminalName},
};
use serde_json::Value;
use services::{
    identity::{
        actors::{Actor, Attendant, Manager},
        api_keys, end_all_sessions, links, pins,
        sign_in::{FAILURES_TO_LOCK, change_password, sign_in},
        terminals,
    },
    offers::{manage, own, till},
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{World, email, password};

const PASSWORD: &str = "lluvia sobre surtidor";

/// Entries of an action about a subject: who did it, and what was said of it.
async fn entries(
    world: &World,
    action: &str,
    subject: impl Into<Uuid>,
) -> Vec<(Option<Uuid>, Value)> {
    sqlx::query_as(
        "select actor_id, details from audit_log where action = $1 and subject_id = $2 order by id",
    )
    .bind(action)
    .bind(subject.into())
    .fetch_all(world.db())
    .await
    .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_in_and_what_is_done_to_a_password_is_written_down_without_what_was_typed(
    db: PgPool,
) {
    let world = World::new(db).await;
    let (s, account) = (&world.s, world.person(Role::Admin).await);
    let address = email(&account.email);
    let token = links::request_reset(s, &address)
        .await
        .unwrap()
        .unwrap()
        .token;
    links::reset_password(s, token.as_str(), &password(PASSWORD))
        .await
        .unwrap();
    sign_in(s, &address, PASSWORD).await.unwrap();
    for _ in 0..=FAILURES_TO_LOCK {
        sign_in(s, &address, "guessed-by-a-stranger")
            .await
            .unwrap_err();
    }
    let nobody = email("nobody@world.test");
    for _ in 0..=FAILURES_TO_LOCK {
        sign_in(s, &nobody, "guessed-by-a-stranger")
            .await
            .unwrap_err();
    }
    world.clock.advance(chrono::TimeDelta::hours(1));
    let new = password("otra lluvia distinta");
    change_password(s, account.id, PASSWORD, &new)
        .await
        .unwrap();
    end_all_sessions(s, account.id).await.unwrap();

    let own = Some(Uuid::from(account.id));
    for (action, by) in [
        ("password.reset", own),
        ("password.sign_in", own),
        ("password.lock", None),
        ("password.change", own),
        ("session.end_all", own),
    ] {
        let found = entries(&world, action, account.id).await;
        assert_eq!(found, [(by, serde_json::json!({}))], "{action}");
    }
    let typed = "select count(*) from audit_log where to_jsonb(audit_log)::text ~ 'guessed|nobody|world.test|lluvia'";
    assert_eq!(world.count(typed).await, 0);
    let locks = "select count(*) from audit_log where action = 'password.lock'";
    assert_eq!(world.count(locks).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pin_that_is_set_used_and_locked_is_written_down(db: PgPool) {
    let world = World::new(db).await;
    let (s, merchant) = (&world.s, world.merchant().await);
    let manager = world.manager(merchant).await;
    let account = world.staff_account(merchant, StaffRole::Attendant).await;
    let token = links::request_reset(s, &email(&account.email))
        .await
        .unwrap()
        .unwrap()
        .token;
    links::reset_password(s, token.as_str(), &password(PASSWORD))
        .await
        .unwrap();
    let attendant = Attendant::of(&account).unwrap();
    pins::set(s, attendant, PASSWORD, &Pin::try_from("2580").unwrap())
        .await
        .unwrap();
    let name = TerminalName::try_from("Bomba 1").unwrap();
    let secret = terminals::create(s, manager, &name, None).await.unwrap();
    let terminal = terminals::here(s, &secret).await.unwrap().unwrap();
    pins::sign_in(s, &terminal, account.id, "2580")
        .await
        .unwrap();
    for _ in 0..=FAILURES_TO_LOCK {
        pins::sign_in(s, &terminal, account.id, "0852")
            .await
            .unwrap_err();
    }
    terminals::retire(s, manager, terminal.id()).await.unwrap();

    let own = Some(Uuid::from(account.id));
    for (action, by) in [("pin.set", own), ("pin.sign_in", own), ("pin.lock", None)] {
        let found = entries(&world, action, account.id).await;
        let by_whom: Vec<_> = found.iter().map(|(by, _)| *by).collect();
        assert_eq!(by_whom, [by], "{action}");
    }
    for action in ["terminal.create", "terminal.retire"] {
        assert_eq!(
            entries(&world, action, terminal.id()).await.len(),
            1,
            "{action}"
        );
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn reaching_for_what_is_another_merchants_is_written_down(db: PgPool) {
    let world = World::new(db).await;
    let (shop, elsewhere) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await,
    );
    let (s, manager, attendant) = (&world.s, elsewhere.manager, elsewhere.attendant);
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let codes = world.codes(consumer, redemption).await;
    let full = Presented::Code {
        code: codes.code,
        token: None,
    };
    till::validate(s, attendant, &full).await.unwrap_err();
    assert!(
        manage::open(s, manager, shop.offer)
            .await
            .unwrap()
            .is_none()
    );
    assert!(own::get(s, manager, shop.offer).await.unwrap().is_none());
    let key = api_keys::create(s, shop.manager, &"Till".try_into().unwrap())
        .await
        .unwrap()
        .id;
    assert!(!api_keys::revoke(s, manager, key).await.unwrap());
    let name = TerminalName::try_from("Bomba 1").unwrap();
    let secret = terminals::create(s, shop.manager, &name, None)
        .await
        .unwrap();
    let terminal = terminals::here(s, &secret).await.unwrap().unwrap().id();
    terminals::retire(s, manager, terminal).await.unwrap_err();

    let by = |user| Some(Uuid::from(user));
    for (action, subject, by, times) in [
        (
            "violation.redemption",
            Uuid::from(redemption),
            by(attendant.user()),
            1,
        ),
        (
            "violation.offer",
            Uuid::from(shop.offer),
            by(manager.user()),
            2,
        ),
        ("violation.key", Uuid::from(key), by(manager.user()), 1),
        (
            "violation.terminal",
            Uuid::from(terminal),
            by(manager.user()),
            1,
        ),
    ] {
        let found = entries(&world, action, subject).await;
        let told = serde_json::json!({ "belongs_to": Uuid::from(shop.merchant) });
        assert_eq!(found, vec![(by, told); times], "{action}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_nobodys_or_ones_own_is_no_violation(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let (s, manager) = (&world.s, Manager::clone(&shop.manager));
    assert!(
        manage::open(s, manager, shop.offer)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        manage::open(s, manager, s.new_id().into())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        !api_keys::revoke(s, manager, s.new_id().into())
            .await
            .unwrap()
    );
    let nowhere = Some(StationId::from(s.new_id()));
    let name = TerminalName::try_from("Bomba 1").unwrap();
    terminals::create(s, manager, &name, nowhere)
        .await
        .unwrap_err();
    let found = "select count(*) from audit_log where action like 'violation.%'";
    assert_eq!(world.count(found).await, 0);
}
