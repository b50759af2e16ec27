//! The two languages. Keys and their arguments are checked by the compiler against the Spanish file; a test
//! compares the English one with it.

use std::sync::LazyLock;

pub use domain::locale::Locale;
use i18n_embed::{I18nAssets, LanguageLoader, fluent::FluentLanguageLoader};
use leptos::prelude::use_context;
use unic_langid::LanguageIdentifier;

/// The translations into a language.
#[must_use]
pub fn texts(locale: Locale) -> &'static FluentLanguageLoader {
    match locale {
        Locale::Es => &ES,
        Locale::En => &EN,
    }
}

static ES: LazyLock<FluentLanguageLoader> =
    LazyLock::new(|| loader(Locale::Es, include_str!("../../i18n/es/app.ftl")));
static EN: LazyLock<FluentLanguageLoader> =
    LazyLock::new(|| loader(Locale::En, include_str!("../../i18n/en/app.ftl")));

fn loader(locale: Locale, source: &'static str) -> FluentLanguageLoader {
    #[expect(clippy::expect_used, reason = "the tags are constants and tested")]
    let language: LanguageIdentifier = locale.as_str().parse().expect("a language tag");
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
        i18n_embed_fl::fl!($crate::site::i18n::texts($locale), $($message)+)
    };
    ($($message:tt)+) => {
        i18n_embed_fl::fl!($crate::site::i18n::texts($crate::site::i18n::locale()), $($message)+)
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
