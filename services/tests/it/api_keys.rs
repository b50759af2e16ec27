//! A merchant's API keys.

use chrono::TimeDelta;
use domain::account::KeyName;
use services::{
    Services,
    identity::{
        actors::Manager,
        api_keys::{self, KeyRefusal, NewKey, PREFIX, authenticate},
    },
    secret,
};
use sqlx::PgPool;

use crate::support::World;

async fn made(world: &World, manager: Manager, name: &str) -> NewKey {
    let name = KeyName::try_from(name).unwrap();
    api_keys::create(&world.s, manager, &name).await.unwrap()
}

async fn refused(s: &Services, key: &str) -> bool {
    match authenticate(s, key).await {
        Ok(_) => false,
        Err(KeyRefusal::Unknown) => true,
        Err(KeyRefusal::Fault(fault)) => panic!("{fault:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn known_mistake_5_a_created_key_is_still_good_after_a_restart(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let manager = world.manager(merchant).await;
    let new = made(&world, manager, "Till").await;
    for (seed, days) in [(2, 0), (3, 400)] {
        let restarted = world.another_instance(seed, TimeDelta::days(days));
        let operator = authenticate(&restarted, &new.key).await.unwrap();
        assert_eq!(operator.merchant(), merchant);
        assert_eq!(operator.api_key(), Some(new.id));
        assert_eq!((operator.person(), operator.terminal()), (None, None));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_is_told_once_and_kept_as_a_hash(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let one = made(&world, manager, "One").await;
    world.clock.advance(TimeDelta::seconds(1));
    let other = made(&world, manager, "Two").await;
    assert_ne!(one.key, other.key);
    // 256 bits in base64.
    assert_eq!(one.key.strip_prefix(PREFIX).unwrap().len(), 43);
    let rows: Vec<String> =
        sqlx::query_scalar("select to_jsonb(k)::text from api_keys k union all select to_jsonb(a)::text from audit_log a")
            .fetch_all(world.db())
            .await
            .unwrap();
    assert!(rows.iter().all(|row| !row.contains(&one.key[4..])));
    let listed = api_keys::list(&world.s, manager).await.unwrap();
    let names: Vec<_> = listed.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["Two", "One"]);
    assert!(one.key.ends_with(&listed[1].hint));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_key_opens_nothing(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let new = made(&world, manager, "Till").await;
    let upper = new.key.to_uppercase();
    for key in ["", PREFIX, &new.key[1..], &new.key[..46], &upper] {
        assert!(refused(&world.s, key).await, "{key}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_revoked_key_is_refused_at_once_and_stays_listed(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let (old, kept) = (
        made(&world, manager, "Old").await,
        made(&world, manager, "Kept").await,
    );
    let revoked = world.s.now();
    assert!(api_keys::revoke(&world.s, manager, old.id).await.unwrap());
    assert!(refused(&world.s, &old.key).await);
    assert!(!refused(&world.s, &kept.key).await);
    world.clock.advance(TimeDelta::hours(1));
    assert!(api_keys::revoke(&world.s, manager, old.id).await.unwrap());
    let listed = api_keys::list(&world.s, manager).await.unwrap();
    let ended: Vec<_> = listed.iter().map(|key| key.revoked_at).collect();
    assert_eq!(ended, [None, Some(revoked)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn another_merchants_keys_are_neither_listed_nor_revoked(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let stranger = world.manager(world.merchant().await).await;
    let new = made(&world, manager, "Till").await;
    assert_eq!(api_keys::list(&world.s, stranger).await.unwrap(), []);
    assert!(!api_keys::revoke(&world.s, stranger, new.id).await.unwrap());
    assert!(!refused(&world.s, &new.key).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_use_is_noted_at_most_once_a_minute(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let new = made(&world, manager, "Till").await;
    let last = async || api_keys::list(&world.s, manager).await.unwrap()[0].last_used_at;
    assert_eq!(last().await, None);
    let first = world.s.now();
    authenticate(&world.s, &new.key).await.unwrap();
    world
        .clock
        .advance(TimeDelta::minutes(1) - TimeDelta::microseconds(1));
    authenticate(&world.s, &new.key).await.unwrap();
    assert_eq!(last().await, Some(first));
    world.clock.advance(TimeDelta::microseconds(1));
    authenticate(&world.s, &new.key).await.unwrap();
    assert_eq!(last().await, Some(first + TimeDelta::minutes(1)));
}

#[sqlx::test(migrations = "../migrations")]
async fn making_and_revoking_a_key_is_written_to_the_audit_log(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let manager = world.manager(merchant).await;
    let new = made(&world, manager, "Till").await;
    for _ in 0..2 {
        api_keys::revoke(&world.s, manager, new.id).await.unwrap();
    }
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select action, details ->> 'hint' from audit_log
         where merchant_id = $1 and subject_id = $2 and actor_id = $3 order by id",
    )
    .bind(uuid::Uuid::from(merchant))
    .bind(uuid::Uuid::from(new.id))
    .bind(uuid::Uuid::from(manager.user()))
    .fetch_all(world.db())
    .await
    .unwrap();
    let hint = new.key[new.key.len() - 4..].to_owned();
    let expected = ["key.create", "key.revoke"].map(|action| (action.to_owned(), hint.clone()));
    // Both of one moment, in any order.
    assert_eq!(rows.len(), 2);
    assert!(expected.iter().all(|row| rows.contains(row)), "{rows:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_secrets_halves_give_it_back_together_and_nothing_alone(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let new = made(&world, manager, "Till").await;
    let [one, other] = secret::halves(&world.s, &new.key);
    assert_eq!(secret::whole(PREFIX, &one, &other), Some(new.key.clone()));
    let [stranger, _] = secret::halves(&world.s, &new.key);
    for (left, right) in [(&one, &one), (&one, &stranger), (&one, &"?".to_owned())] {
        assert_eq!(secret::whole(PREFIX, left, right), None);
    }
}
