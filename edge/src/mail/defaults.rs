//! The templates that hold where an operator has written none: one file for each kind and language, in `edge/templates`.

use super::kind::Kind;
use crate::words::Language;

macro_rules! texts {
    ($kind:expr, $language:literal, $($variant:ident $file:literal),*) => {
        match $kind {
            $(Kind::$variant => include_str!(concat!("../../templates/", $language, "/", $file, ".txt")),)*
        }
    };
}

macro_rules! of_language {
    ($kind:expr, $language:literal) => {
        texts!(
            $kind,
            $language,
            Confirmation "confirmation",
            PaymentRequired "payment_required",
            PaymentReceived "payment_received",
            Change "change",
            Canceled "canceled",
            RefundSent "refund_sent",
            RefundFailed "refund_failed",
            PaymentLink "payment_link",
            SignInLink "sign_in_link",
            Inquiry "inquiry"
        )
    };
}

/// The subject and the body of a kind in a language.
pub fn template(kind: Kind, language: Language) -> (&'static str, &'static str) {
    let text = match language {
        Language::English => of_language!(kind, "en"),
        Language::Polish => of_language!(kind, "pl"),
        Language::German => of_language!(kind, "de"),
    };
    // INVARIANT: a file begins with `Subject: …` and an empty line; a test reads them all.
    let (subject, body) = text.split_once("\n\n").unwrap_or_default();
    (subject.strip_prefix("Subject: ").unwrap_or_default(), body)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::mail::template::{Piece, Template, Variable, lint};

    fn named(kind: Kind, language: Language) -> BTreeSet<Variable> {
        let (subject, body) = template(kind, language);
        let template = Template::parse(subject, body);
        let pieces = template.subject.iter().chain(template.paragraphs.iter().flatten().flatten());
        let named = pieces.filter_map(|piece| match piece {
            Piece::Variable(variable) | Piece::Labeled(variable, _) => Some(*variable),
            Piece::Text(_) | Piece::Unknown(_) => None,
        });
        named.collect()
    }

    #[test]
    fn every_default_passes_its_own_lint() {
        for kind in Kind::ALL {
            for language in Language::ALL {
                let (subject, body) = template(kind, language);
                assert_eq!(lint(kind, subject, body), [], "{kind:?} {language:?}");
            }
        }
    }

    #[test]
    fn the_languages_of_a_kind_name_the_same() {
        for kind in Kind::ALL {
            let english = named(kind, Language::English);
            assert!(!english.is_empty());
            for language in Language::ALL {
                assert_eq!(named(kind, language), english, "{kind:?} {language:?}");
            }
        }
    }

    /// Many companies end in "Co." or "Ltd.".
    #[test]
    fn no_full_stop_follows_a_name() {
        for (kind, language) in Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language))) {
            let (subject, body) = template(kind, language);
            assert!(
                !subject.contains("[OPERATOR_NAME].") && !body.contains("[OPERATOR_NAME]."),
                "{kind:?} {language:?}"
            );
        }
    }

    #[test]
    fn the_languages_differ() {
        for kind in Kind::ALL {
            let texts: BTreeSet<_> = Language::ALL.iter().map(|language| template(kind, *language)).collect();
            assert_eq!(texts.len(), Language::ALL.len(), "{kind:?}");
        }
    }
}
