//! The two languages. Keys and their arguments are checked by the compiler against the Spanish file; a test
//! compares the English one with it.

use std::sync::LazyLock;

use i18n_embed::{I18nAssets, LanguageLoader, fluent::FluentLanguageLoader};
use leptos::prelude::use_context;
use unic_langid::LanguageIdentifier;

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Locale {
    /// Mexican Spanish, unless the reader asks otherwise.
    #[default]
    Es,
    /// English.
    En,
}

impl Locale {
    /// Both, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// The language tag, as in `<html lang>` and in the cookie.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

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
        let language = tag
            .trim()
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|locale| locale.tag() == language)
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

    /// Its translations.
    #[must_use]
    pub fn texts(self) -> &'static FluentLanguageLoader {
        match self {
            Self::Es => &ES,
            Self::En => &EN,
        }
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

static ES: LazyLock<FluentLanguageLoader> =
    LazyLock::new(|| loader(Locale::Es, include_str!("../../i18n/es/app.ftl")));
static EN: LazyLock<FluentLanguageLoader> =
    LazyLock::new(|| loader(Locale::En, include_str!("../../i18n/en/app.ftl")));

fn loader(locale: Locale, source: &'static str) -> FluentLanguageLoader {
    #[expect(clippy::expect_used, reason = "the tags are constants and tested")]
    let language: LanguageIdentifier = locale.tag().parse().expect("a language tag");
    let loader = FluentLanguageLoader::new("app", language.clone());
    #[expect(clippy::expect_used, reason = "the files are compiled in and tested")]
    loader
        .load_languages(&File(source), &[language])
        .expect("well-formed translations");
    // Nothing on screen mixes writing directions.
    loader.set_use_isolating(false);
    loader
}

/// One compiled-in translation file.
struct File(&'static str);

impl I18nAssets for File {
    fn get_files(&self, _: &str) -> Vec<std::borrow::Cow<'_, [u8]>> {
        vec![self.0.as_bytes().into()]
    }

    fn filenames_iter(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new(std::iter::empty())
    }
}

/// The reader's language, in the context of a request.
#[must_use]
pub fn locale() -> Locale {
    use_context().unwrap_or_default()
}

/// A text in the reader's language: `tr!("offers-title")`, `tr!("offers-left", units = 3)`; or in a given
/// one: `tr!(in locale, "offers-title")`.
#[macro_export]
macro_rules! tr {
    (in $locale:expr, $($message:tt)+) => {
        i18n_embed_fl::fl!($locale.texts(), $($message)+)
    };
    ($($message:tt)+) => {
        i18n_embed_fl::fl!($crate::site::i18n::locale().texts(), $($message)+)
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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

    /// Every message's key with the variables it uses.
    fn messages(source: &str) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =")
                && !line.starts_with([' ', '#'])
            {
                key = name.to_owned();
                found.entry(key.clone()).or_default();
            }
            for part in line.split('$').skip(1) {
                let name = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || *c == '-';
                let variables = found.entry(key.clone()).or_default();
                variables.push(part.chars().take_while(name).collect());
                variables.sort();
                variables.dedup();
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_variables() {
        let [es, en] = [
            include_str!("../../i18n/es/app.ftl"),
            include_str!("../../i18n/en/app.ftl"),
        ];
        assert_eq!(messages(es), messages(en));
    }
}
