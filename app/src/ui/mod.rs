//! The shared pieces of every page, rendered on the server only.
//!
//! Texts arrive already translated and numbers already formatted; nothing here knows the
//! language, the clock or the domain. The classes are defined under `style/`.

mod action;
mod dial;
mod feedback;
mod field;
mod icon;
mod list;
mod offer;
mod page;
mod shell;
mod station;
mod ticket;
mod tone;

pub use action::{Button, ButtonKind, Chip, LinkButton};
pub use dial::{BalanceDial, Dial, PointsAmount};
pub use feedback::{Badge, EmptyState, Meter, Notice, StatusPage};
pub use field::{Checkbox, Choices, Field, FileField, HiddenInput, Select, TextArea};
pub use icon::{Icon, IconSprite, Logo};
pub use list::{Cell, DataTable, Facts, Movement, Pager, Row};
pub use offer::{OfferCard, Photo, PhotoPlace};
pub use page::{BackLink, Card, Hero, PageHeader};
pub use shell::{BottomNav, NavItem, SiteFooter, SiteHeader, SkipLink};
pub use station::{FuelGrade, FuelPrice, StationCard};
pub use ticket::{MemberCard, QrImage, RedemptionTicket, TicketCodes, TicketState};
pub use tone::Tone;
