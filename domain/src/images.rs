//! Pictures as pages and the API name them: by a hash of what they hold.

use std::{fmt, str::FromStr};

/// The SHA-256 of a picture's bytes: whoever has it has the picture's name for good.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ImageHash([u8; 32]);

/// A text that is no hash in lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a hash")]
pub struct NotAHash;

impl ImageHash {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for ImageHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<&[u8]> for ImageHash {
    type Error = NotAHash;

    fn try_from(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Self).map_err(|_| NotAHash)
    }
}

impl fmt::Display for ImageHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ImageHash {
    type Err = NotAHash;

    /// One text for one hash: capitals are refused.
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let mut bytes = [0; 32];
        let digits = text.as_bytes();
        if digits.len() != 2 * bytes.len() {
            return Err(NotAHash);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = 16 * digit(pair[0])? + digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

fn digit(character: u8) -> Result<u8, NotAHash> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(NotAHash),
    }
}

/// A picture that can be shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Picture {
    /// What it holds.
    pub hash: ImageHash,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
}

impl Picture {
    /// Where it is on the site: every picture is kept as a JPEG.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/images/{}.jpg", self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_back_from_its_text_and_from_no_other() {
        let hash = ImageHash::from(std::array::from_fn(|n| u8::try_from(n * 8).unwrap()));
        let text = hash.to_string();
        assert_eq!(text.len(), 64);
        assert!(text.starts_with("000810") && text.ends_with("f0f8"));
        assert_eq!(text.parse(), Ok(hash));
        for other in [
            text.to_uppercase(),
            text[1..].to_owned(),
            format!("{text}0"),
            text.replace('f', "g"),
            "é".repeat(32),
        ] {
            assert_eq!(other.parse::<ImageHash>(), Err(NotAHash), "{other}");
        }
    }
}
