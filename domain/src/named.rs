//! Enumerations that go by one name in storage, in links and in the API.

/// A text that names none of the values.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not one of the names")]
pub struct UnknownName;

/// Declares an enumeration with its names: `ALL`, `as_str`, `Display`, `FromStr` and serde agree on them.
#[macro_export]
macro_rules! named {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, serde::Deserialize, Eq, Hash, PartialEq, serde::Serialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in storage, in links and in the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::named::UnknownName;

            fn from_str(text: &str) -> Result<Self, $crate::named::UnknownName> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err($crate::named::UnknownName) }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    named! {
        /// For the test.
        pub enum Colour {
            /// For the test.
            Red = "red",
            /// For the test.
            DarkBlue = "dark-blue",
        }
    }

    #[test]
    fn every_name_is_read_back() {
        for colour in Colour::ALL {
            assert_eq!(colour.to_string().parse(), Ok(*colour));
            assert_eq!(serde_json::to_value(colour).unwrap(), colour.as_str());
        }
        assert_eq!("green".parse::<Colour>(), Err(super::UnknownName));
    }
}
