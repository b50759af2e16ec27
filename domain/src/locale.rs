//! The languages of the screen and of letters.

use crate::named;

named! {
    /// A language that everything is written in. Its name is its tag, as in `<html lang>`.
    #[derive(Default)]
    pub enum Locale {
        /// Mexican Spanish, unless the reader asks otherwise.
        #[default]
        Es = "es",
        /// English.
        En = "en",
    }
}

impl Locale {
    /// The language's own name.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Es => "Español",
            Self::En => "English",
        }
    }

    /// The language of a tag such as `en` or `es-MX`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split('-').next().unwrap_or_default();
        language.to_ascii_lowercase().parse().ok()
    }

    /// The language a reader asks for: the cookie, else the best of `Accept-Language` (RFC 9110 §12.5.4),
    /// else the default.
    #[must_use]
    pub fn negotiate(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        cookie
            .and_then(Self::from_tag)
            .or_else(|| best_accepted(accept_language.unwrap_or_default()))
            .unwrap_or_default()
    }
}

fn best_accepted(header: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for part in header.split(',') {
        let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
        let weight = parameters
            .trim()
            .strip_prefix("q=")
            .map_or(Some(1.0), |q| q.parse().ok());
        if let (Some(weight), Some(locale)) = (weight, Locale::from_tag(tag))
            && weight > 0.0
            && best.is_none_or(|(heaviest, _)| weight > heaviest)
        {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_goes_before_the_browser_and_the_browser_before_the_default() {
        let ask = Locale::negotiate;
        assert_eq!(ask(Some("en"), Some("es-MX,es;q=0.9")), Locale::En);
        assert_eq!(ask(None, Some("fr, en-GB;q=0.8, es;q=0.3")), Locale::En);
        assert_eq!(ask(Some("xx"), Some("de")), Locale::Es);
        assert_eq!(ask(None, Some("en;q=0, es")), Locale::Es);
        assert_eq!(ask(None, None), Locale::Es);
    }
}
