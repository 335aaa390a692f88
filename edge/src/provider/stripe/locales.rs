//! The languages of Stripe's pages. A customer of another one gets whatever their browser asks for there.

/// From Stripe's documentation of Checkout Sessions.
const SPOKEN: [&str; 41] = [
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th",
    "tr", "vi", "zh", "zh-HK", "zh-TW", "auto",
];
const ANY: &str = "auto";

/// What a reader's locale, such as `pt-BR`, is there.
pub(super) fn spoken(locale: &str) -> &'static str {
    let known = |tag: &str| SPOKEN.into_iter().find(|spoken| spoken.eq_ignore_ascii_case(tag));
    let language = match locale.split('-').next().unwrap_or(locale) {
        // Norwegian has two forms, and Stripe one of them.
        "no" | "nn" => "nb",
        language => language,
    };
    known(locale).or_else(|| known(language)).unwrap_or(ANY)
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn the_nearest_that_is_spoken() {
        for (locale, there) in [
            ("de", "de"),
            ("de-AT", "de"),
            ("pt-BR", "pt-BR"),
            ("pt-br", "pt-BR"),
            ("pt-PT", "pt"),
            ("zh-TW", "zh-TW"),
            ("hr-HR", "hr"),
            ("no", "nb"),
            ("nn-NO", "nb"),
            ("sr-Latn-RS", "auto"),
            ("uk", "auto"),
            ("", "auto"),
        ] {
            assert_eq!(spoken(locale), there, "{locale}");
        }
    }
}
