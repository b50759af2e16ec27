//! Typed actors: the proof that a person may do a kind of thing.
//!
//! Their fields are private and they are made from an [`Account`] alone, so a use case that demands one
//! cannot be called without the check.

use domain::{
    account::Role,
    ids::{ApiKeyId, MerchantId, TerminalId, UserId},
};
use uuid::Uuid;

use super::{Account, SecondStep};

/// Someone who earns and redeems points.
#[derive(Clone, Copy, Debug)]
pub struct Consumer {
    user: UserId,
}

/// Someone who validates and confirms for one merchant: an attendant or a manager.
#[derive(Clone, Copy, Debug)]
pub struct Attendant {
    user: UserId,
    merchant: MerchantId,
}

/// Someone who runs one merchant's offers.
#[derive(Clone, Copy, Debug)]
pub struct Manager {
    user: UserId,
    merchant: MerchantId,
}

/// Someone who runs the programme.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    user: UserId,
}

/// A manager or an admin, as whose sign-in can have a second step.
#[derive(Clone, Copy, Debug)]
pub struct Insider {
    user: UserId,
    role: Role,
}

/// An actor that an account may or may not be able to act as.
pub trait Actor: Sized {
    /// The actor, if the account's role allows it.
    fn of(account: &Account) -> Option<Self>;
}

impl Actor for Consumer {
    fn of(account: &Account) -> Option<Self> {
        (account.role == Role::Consumer).then_some(Self { user: account.id })
    }
}

impl Actor for Attendant {
    fn of(account: &Account) -> Option<Self> {
        let allowed = matches!(account.role, Role::Attendant | Role::Manager);
        account.merchant.filter(|_| allowed).map(|merchant| Self {
            user: account.id,
            merchant,
        })
    }
}

impl Actor for Manager {
    fn of(account: &Account) -> Option<Self> {
        let allowed = account.role == Role::Manager;
        account.merchant.filter(|_| allowed).map(|merchant| Self {
            user: account.id,
            merchant,
        })
    }
}

impl Actor for Admin {
    fn of(account: &Account) -> Option<Self> {
        let allowed = account.role == Role::Admin && account.second_step != SecondStep::Due;
        allowed.then_some(Self { user: account.id })
    }
}

impl Actor for Insider {
    /// Also whoever has to enrol before anything else: by this they do.
    fn of(account: &Account) -> Option<Self> {
        let role = account.role;
        matches!(role, Role::Manager | Role::Admin).then_some(Self {
            user: account.id,
            role,
        })
    }
}

impl Consumer {
    /// The person.
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }
}

impl Attendant {
    /// The person.
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }

    /// The merchant they act for.
    #[must_use]
    pub fn merchant(self) -> MerchantId {
        self.merchant
    }
}

impl Manager {
    /// The person.
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }

    /// The merchant they act for.
    #[must_use]
    pub fn merchant(self) -> MerchantId {
        self.merchant
    }
}

impl Admin {
    /// The person.
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }
}

impl Insider {
    /// The person.
    #[must_use]
    pub fn user(self) -> UserId {
        self.user
    }

    /// Whether they run the programme.
    #[must_use]
    pub fn is_admin(self) -> bool {
        self.role == Role::Admin
    }
}

/// Who did something: a person, or a program with a merchant's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum By {
    Person(UserId),
    Integration(ApiKeyId),
}

impl By {
    fn person(self) -> Option<UserId> {
        match self {
            Self::Person(user) => Some(user),
            Self::Integration(_) => None,
        }
    }

    fn api_key(self) -> Option<ApiKeyId> {
        match self {
            Self::Person(_) => None,
            Self::Integration(key) => Some(key),
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::Person(user) => user.into(),
            Self::Integration(key) => key.into(),
        }
    }
}

/// Whoever validates, confirms and credits for a merchant: an attendant, maybe at a shared terminal, or an
/// integration.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    merchant: MerchantId,
    by: By,
    terminal: Option<TerminalId>,
}

impl From<Attendant> for Operator {
    fn from(attendant: Attendant) -> Self {
        Self {
            merchant: attendant.merchant,
            by: By::Person(attendant.user),
            terminal: None,
        }
    }
}

impl From<Steward> for Operator {
    fn from(steward: Steward) -> Self {
        Self {
            merchant: steward.merchant,
            by: steward.by,
            terminal: None,
        }
    }
}

impl From<Manager> for Operator {
    fn from(manager: Manager) -> Self {
        Steward::from(manager).into()
    }
}

impl Operator {
    /// An integration, whose key has been checked.
    pub(crate) fn integration(merchant: MerchantId, key: ApiKeyId) -> Self {
        Self {
            merchant,
            by: By::Integration(key),
            terminal: None,
        }
    }

    /// The same, at a terminal, which has been checked to be the merchant's.
    #[must_use]
    pub(crate) fn at(self, terminal: TerminalId) -> Self {
        Self {
            terminal: Some(terminal),
            ..self
        }
    }

    /// The merchant they act for.
    #[must_use]
    pub fn merchant(self) -> MerchantId {
        self.merchant
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person(self) -> Option<UserId> {
        self.by.person()
    }

    /// The integration's key, if it is one.
    #[must_use]
    pub fn api_key(self) -> Option<ApiKeyId> {
        self.by.api_key()
    }

    /// The terminal, if they are at one.
    #[must_use]
    pub fn terminal(self) -> Option<TerminalId> {
        self.terminal
    }

    /// What tells this actor from every other.
    #[must_use]
    pub fn id(self) -> Uuid {
        self.by.id()
    }
}

/// Whoever runs a merchant's offers and reads its figures: a manager, or an integration.
#[derive(Clone, Copy, Debug)]
pub struct Steward {
    merchant: MerchantId,
    by: By,
}

impl From<Manager> for Steward {
    fn from(manager: Manager) -> Self {
        Self {
            merchant: manager.merchant,
            by: By::Person(manager.user),
        }
    }
}

impl Steward {
    /// An integration as what it may do beside the till; none if the operator is a person, whose role says it.
    #[must_use]
    pub fn of(operator: Operator) -> Option<Self> {
        operator.api_key().map(|key| Self {
            merchant: operator.merchant,
            by: By::Integration(key),
        })
    }

    /// An admin in the place of a merchant's own manager. What they do is written down as theirs.
    #[must_use]
    pub fn standing_in(admin: Admin, merchant: MerchantId) -> Self {
        Self {
            merchant,
            by: By::Person(admin.user),
        }
    }

    /// The merchant they act for.
    #[must_use]
    pub fn merchant(self) -> MerchantId {
        self.merchant
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person(self) -> Option<UserId> {
        self.by.person()
    }

    /// The integration's key, if it is one.
    #[must_use]
    pub fn api_key(self) -> Option<ApiKeyId> {
        self.by.api_key()
    }

    /// What tells this actor from every other.
    #[must_use]
    pub fn id(self) -> Uuid {
        self.by.id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(role: Role) -> Account {
        let staff = matches!(role, Role::Attendant | Role::Manager);
        Account {
            id: Uuid::from_u128(1).into(),
            email: "ana@demo.test".into(),
            name: "Ana".into(),
            role,
            merchant: staff.then(|| Uuid::from_u128(2).into()),
            email_verified: true,
            session_epoch: 0,
            till_only: false,
            second_step: SecondStep::Off,
        }
    }

    #[test]
    fn each_role_acts_only_as_what_it_is() {
        let acts: Vec<_> = Role::ALL
            .iter()
            .map(|role| {
                let account = account(*role);
                [
                    Consumer::of(&account).is_some(),
                    Attendant::of(&account).is_some(),
                    Manager::of(&account).is_some(),
                    Admin::of(&account).is_some(),
                    Insider::of(&account).is_some(),
                ]
            })
            .collect();
        assert_eq!(
            acts,
            [
                [true, false, false, false, false],
                [false, true, false, false, false],
                [false, true, true, false, true],
                [false, false, false, true, true],
            ]
        );
    }

    #[test]
    fn an_admin_who_has_to_enrol_can_do_nothing_but_that() {
        let account = Account {
            second_step: SecondStep::Due,
            ..account(Role::Admin)
        };
        assert!(Admin::of(&account).is_none());
        assert!(Insider::of(&account).is_some());
    }
}
