//! The parts that the document's schemas share.

use domain::{
    account::{Role, StaffRole},
    earning::{LotKind, Tier},
    locale::Locale,
    offers::{Category, OfferStatus},
    redemptions::RedemptionStatus,
    webhooks::{DeliveryStatus, EventKind},
};
use services::{
    analytics::RangeName,
    wallet::{TransferKind, adjustments::AdjustmentStatus},
};
use utoipa::openapi::{
    Array, ArrayBuilder, Object, ObjectBuilder, SchemaFormat,
    schema::{SchemaType, Type},
};

/// A text that is one of these.
pub(crate) fn one_of(names: impl Iterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .build()
}

/// A whole address, or null.
pub(crate) fn address() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .format(Some(SchemaFormat::Custom("uri".to_owned())))
        .build()
}

macro_rules! names {
    ($($(#[$doc:meta])* $function:ident: $type:ty,)*) => {$(
        $(#[$doc])*
        pub(crate) fn $function() -> Object {
            one_of(<$type>::ALL.iter().map(|it| it.as_str()))
        }
    )*};
}

names! {
    /// See [`Category`].
    categories: Category,
    /// See [`OfferStatus`].
    offer_statuses: OfferStatus,
    /// See [`RedemptionStatus`].
    redemption_statuses: RedemptionStatus,
    /// See [`TransferKind`].
    transfer_kinds: TransferKind,
    /// See [`LotKind`].
    lot_kinds: LotKind,
    /// See [`Tier`].
    tiers: Tier,
    /// See [`Role`].
    roles: Role,
    /// See [`StaffRole`].
    staff_roles: StaffRole,
    /// See [`Locale`].
    locales: Locale,
    /// See [`AdjustmentStatus`].
    adjustment_statuses: AdjustmentStatus,
    /// See [`RangeName`].
    ranges: RangeName,
    /// See [`EventKind`].
    event_kinds: EventKind,
    /// See [`DeliveryStatus`].
    delivery_statuses: DeliveryStatus,
}

/// Several of the kinds of events, at least one.
pub(crate) fn event_lists() -> Array {
    ArrayBuilder::new()
        .items(event_kinds())
        .min_items(Some(1))
        .build()
}
