//! Merchants and their people.

use chrono::TimeDelta;
use domain::{
    account::{Role, StaffRole},
    codes::Presented,
};
use services::{
    identity::{
        self,
        actors::{Actor, Attendant, Consumer, Manager},
        links, sign_in,
    },
    merchants::{self, Refusal},
    offers::till,
    wallet,
};
use sqlx::PgPool;

use crate::support::{World, email, name, password, points};

#[sqlx::test(migrations = "../migrations")]
async fn a_merchants_name_is_its_own_whatever_the_case(db: PgPool) {
    let world = World::new(db).await;
    let create = async |text: &str| merchants::create(&world.s, world.admin, &name(text)).await;
    let id = create("La Estrella").await.unwrap();
    for taken in ["La Estrella", "LA ESTRELLA", " la  estrella "] {
        assert!(
            matches!(create(taken).await, Err(Refusal::Taken)),
            "{taken}"
        );
    }
    create("El Faro").await.unwrap();
    let list = merchants::list(&world.s, world.admin).await.unwrap();
    let names: Vec<_> = list.iter().map(|merchant| &merchant.name).collect();
    assert_eq!(names, ["El Faro", "La Estrella"]);
    let found = merchants::name(&world.s, id).await.unwrap();
    assert_eq!(found.as_deref(), Some("La Estrella"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_member_chooses_a_password_and_signs_in_to_their_role(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let address = email("mara@world.test");
    let add = async |merchant, role| {
        merchants::add_member(
            &world.s,
            world.admin,
            merchant,
            &address,
            &name("Mara"),
            role,
        )
        .await
    };
    let nowhere = add(world.s.new_id().into(), StaffRole::Manager).await;
    assert!(matches!(nowhere, Err(Refusal::NotFound)));
    let token = add(merchant, StaffRole::Manager).await.unwrap();
    let again = add(merchant, StaffRole::Attendant).await;
    assert!(matches!(again, Err(Refusal::Taken)));
    let staff = async || {
        let staff = merchants::staff(&world.s, world.admin, merchant).await;
        let member = staff.unwrap().remove(0);
        (member.role, member.has_signed_up)
    };
    assert_eq!(staff().await, (Role::Manager, false));

    let chosen = password("lluvia sobre surtidor");
    links::reset_password(&world.s, token.as_str(), &chosen)
        .await
        .unwrap();
    assert_eq!(staff().await, (Role::Manager, true));
    let account = sign_in::sign_in(&world.s, &address, chosen.reveal())
        .await
        .unwrap();
    assert_eq!(Manager::of(&account).unwrap().merchant(), merchant);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_invitation_is_good_for_seven_days(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let (s, address) = (&world.s, email("mara@world.test"));
    let role = StaffRole::Attendant;
    let token = merchants::add_member(s, world.admin, merchant, &address, &name("Mara"), role)
        .await
        .unwrap();
    let open = async || links::reset_is_open(s, token.as_str()).await.unwrap();
    world
        .clock
        .advance(TimeDelta::days(7) - TimeDelta::microseconds(1));
    assert!(open().await);
    world.clock.advance(TimeDelta::microseconds(1));
    assert!(!open().await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_removed_member_is_invited_again_as_if_they_were_new(db: PgPool) {
    let world = World::new(db).await;
    let (first, second) = (world.merchant().await, world.merchant().await);
    let (s, admin, address) = (&world.s, world.admin, email("mara@world.test"));
    let add = async |merchant, person, role| {
        merchants::add_member(s, admin, merchant, &address, &name(person), role).await
    };
    let old = password("lluvia sobre surtidor");
    let token = add(first, "Mara", StaffRole::Manager).await.unwrap();
    links::reset_password(s, token.as_str(), &old)
        .await
        .unwrap();
    let account = sign_in::sign_in(s, &address, old.reveal()).await.unwrap();
    merchants::remove_member(s, admin, first, account.id)
        .await
        .unwrap();
    // Requests that anyone can make do not stand in an admin's way.
    for _ in 0..4 {
        links::request_reset(s, &address).await.unwrap();
    }

    let token = add(second, "Mara Luz", StaffRole::Attendant).await.unwrap();
    let staff = merchants::staff(s, admin, second).await.unwrap();
    let [member] = &staff[..] else {
        panic!("{staff:?}");
    };
    assert_eq!((member.id, member.role), (account.id, Role::Attendant));
    assert_eq!(
        (member.name.as_str(), member.has_signed_up),
        ("Mara Luz", false)
    );
    // Neither a session of theirs nor the password of before opens what they are given now.
    for epoch in [account.session_epoch, account.session_epoch + 1] {
        assert!(
            identity::account(s, account.id, epoch)
                .await
                .unwrap()
                .is_none()
        );
    }
    let refused = sign_in::sign_in(s, &address, old.reveal()).await;
    assert!(matches!(refused, Err(sign_in::Refusal::Wrong)));
    links::reset_password(s, token.as_str(), &old)
        .await
        .unwrap();
    let back = sign_in::sign_in(s, &address, old.reveal()).await.unwrap();
    assert_eq!(Attendant::of(&back).unwrap().merchant(), second);

    // Who works somewhere is nobody else's to invite.
    let taken = add(first, "Mara", StaffRole::Manager).await;
    assert!(matches!(taken, Err(Refusal::Taken)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_consumer_is_not_made_staff_nor_a_former_member_who_has_had_points(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let (s, admin) = (&world.s, world.admin);
    let add = async |address: &str| {
        let role = StaffRole::Attendant;
        merchants::add_member(s, admin, merchant, &email(address), &name("Mara"), role).await
    };
    let consumer = world.consumer_account(0).await;
    let former = world.staff_account(merchant, StaffRole::Attendant).await;
    merchants::remove_member(s, admin, merchant, former.id)
        .await
        .unwrap();
    wallet::grant_bonus(s, world.db(), former.id, points(100), s.now())
        .await
        .unwrap();
    for account in [consumer, former] {
        assert!(matches!(add(&account.email).await, Err(Refusal::Taken)));
    }
    assert!(
        merchants::staff(s, admin, merchant)
            .await
            .unwrap()
            .is_empty()
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_removed_members_session_ends_and_they_act_for_nobody(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let other = world.merchant().await;
    let user = shop.attendant.user();
    let consumer = world.consumer(100).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let ticket = world.ticket(shop.attendant, redemption).await;
    let remove =
        async |merchant| merchants::remove_member(&world.s, world.admin, merchant, user).await;
    assert!(matches!(remove(other).await, Err(Refusal::NotFound)));
    remove(shop.merchant).await.unwrap();
    assert!(matches!(
        remove(shop.merchant).await,
        Err(Refusal::NotFound)
    ));

    let account = async |epoch| identity::account(&world.s, user, epoch).await.unwrap();
    assert!(account(0).await.is_none());
    let now = account(1).await.unwrap();
    assert!(Attendant::of(&now).is_none() && Manager::of(&now).is_none());
    assert!(Consumer::of(&now).is_some());

    // What was begun as an attendant just before cannot be ended as one.
    let presented = Presented::Id(redemption);
    let colleague = world.attendant(shop.merchant).await;
    assert!(
        till::validate(&world.s, colleague, &presented)
            .await
            .is_ok()
    );
    let refused = till::confirm(&world.s, colleague, redemption, &ticket, None).await;
    assert!(matches!(refused, Err(till::Refusal::InvalidTicket)));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_list_of_merchants_counts_people_and_active_offers(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    services::offers::manage::create(&world.s, shop.manager, &world.draft())
        .await
        .unwrap();
    world.merchant().await;
    let counts: Vec<_> = merchants::list(&world.s, world.admin)
        .await
        .unwrap()
        .iter()
        .map(|merchant| (merchant.staff, merchant.active_offers, merchant.stations))
        .collect();
    assert_eq!(counts, [(2, 1, 0), (0, 0, 0)]);
}
