use icondata_core::Icon as IconData;

/// What a message means, shown by colour, by icon and by words, never by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Says something without judging it.
    #[default]
    Info,
    /// What was asked for has happened.
    Success,
    /// Works, but deserves a look: expiring, already used, almost sold out.
    Warning,
    /// Did not happen, or must not.
    Error,
}

impl Tone {
    /// The value of `data-tone`, by which the style sheet picks its colours.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The icon that says the same as the colour.
    #[must_use]
    pub fn icon(self) -> IconData {
        match self {
            Self::Info => icondata_lu::LuInfo,
            Self::Success => icondata_lu::LuCircleCheck,
            Self::Warning => icondata_lu::LuTriangleAlert,
            Self::Error => icondata_lu::LuCircleX,
        }
    }

    /// Errors interrupt a screen reader; everything else waits its turn.
    pub(super) const fn role(self) -> &'static str {
        match self {
            Self::Error => "alert",
            Self::Info | Self::Success | Self::Warning => "status",
        }
    }
}
