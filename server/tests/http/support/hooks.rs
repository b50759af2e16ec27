//! A merchant's webhooks in a test's database.

use domain::webhooks::EventKind;
use services::{
    identity::{
        self,
        actors::{Actor, Manager},
    },
    webhooks::{self, Draft},
};

use super::{Shop, Town};

impl Town {
    /// A webhook at an address where nobody listens: the merchant's only one, as there is room for few.
    pub async fn webhook(&self, shop: &Shop) -> String {
        let manager = self.manager(shop).await;
        for former in webhooks::list(&self.s, manager).await.unwrap() {
            webhooks::delete(&self.s, manager, former.id).await.unwrap();
        }
        let draft = Draft {
            url: "http://127.0.0.1:9/".to_owned().try_into().unwrap(),
            events: EventKind::ALL.to_vec(),
            enabled: true,
        };
        let made = webhooks::create(&self.s, manager, &draft).await;
        made.unwrap().0.id.to_string()
    }

    /// A test on its way to a webhook of the merchant's.
    pub async fn delivery(&self, shop: &Shop) -> String {
        let webhook = self.webhook(shop).await.parse().unwrap();
        let sent = webhooks::send_test(&self.s, self.manager(shop).await, webhook).await;
        sent.unwrap().to_string()
    }

    async fn manager(&self, shop: &Shop) -> Manager {
        let account = identity::account(&self.s, shop.manager.into(), 0).await;
        Manager::of(&account.unwrap().unwrap()).unwrap()
    }
}
