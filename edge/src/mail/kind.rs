//! The kinds of messages: who reads each, what its template can name, and which link it must carry.

use super::template::Variable;

/// A message, by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A booking was made.
    Confirmation,
    /// A booking was made or moved, and nothing of a price that has to be paid beforehand has been paid.
    PaymentRequired,
    /// Money came in.
    PaymentReceived,
    /// A booking was moved, or something canceled of it stands again.
    Change,
    /// A booking was canceled, or a part of it.
    Canceled,
    /// The money of a refund is back.
    RefundSent,
    /// A provider could not pay a refund back.
    RefundFailed,
    /// The operator asks for money.
    PaymentLink,
    /// A way into the customer's portal.
    SignInLink,
    /// Somebody asks for something.
    Inquiry,
}

/// Who a message is for: in whose language it is, and where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Who pays and manages.
    Customer,
    /// The business.
    Operator,
}

use Variable as V;

impl Kind {
    /// All of them, in the order in which a booking lives.
    pub const ALL: [Self; 10] = [
        Self::Confirmation,
        Self::PaymentRequired,
        Self::PaymentReceived,
        Self::Change,
        Self::Canceled,
        Self::RefundSent,
        Self::RefundFailed,
        Self::PaymentLink,
        Self::SignInLink,
        Self::Inquiry,
    ];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::PaymentRequired => "payment_required",
            Self::PaymentReceived => "payment_received",
            Self::Change => "change",
            Self::Canceled => "canceled",
            Self::RefundSent => "refund_sent",
            Self::RefundFailed => "refund_failed",
            Self::PaymentLink => "payment_link",
            Self::SignInLink => "sign_in_link",
            Self::Inquiry => "inquiry",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Who reads it.
    pub const fn audience(self) -> Audience {
        match self {
            Self::Confirmation
            | Self::PaymentRequired
            | Self::PaymentReceived
            | Self::Change
            | Self::Canceled
            | Self::RefundSent
            | Self::PaymentLink
            | Self::SignInLink => Audience::Customer,
            Self::RefundFailed | Self::Inquiry => Audience::Operator,
        }
    }

    /// What its template can name.
    pub const fn variables(self) -> &'static [Variable] {
        match self {
            Self::Confirmation | Self::PaymentRequired | Self::Change => &[
                V::OperatorName,
                V::CustomerName,
                V::Reference,
                V::ControlUrl,
                V::Items,
                V::Amounts,
                V::Terms,
                V::AmountDue,
                V::DueUntil,
            ],
            Self::PaymentReceived => &[
                V::OperatorName,
                V::CustomerName,
                V::Reference,
                V::ControlUrl,
                V::Items,
                V::Amounts,
                V::PaidAmount,
                V::PaymentMethod,
                V::AmountDue,
                V::DueUntil,
            ],
            Self::Canceled => &[
                V::OperatorName,
                V::CustomerName,
                V::Reference,
                V::ControlUrl,
                V::Items,
                V::Amounts,
                V::FeeAmount,
                V::RefundAmount,
                V::RefundWay,
                V::AmountDue,
            ],
            Self::RefundSent => &[
                V::OperatorName,
                V::CustomerName,
                V::Reference,
                V::ControlUrl,
                V::Amounts,
                V::RefundAmount,
                V::RefundWay,
                V::AmountDue,
            ],
            Self::RefundFailed => &[
                V::OperatorName,
                V::CustomerName,
                V::CustomerEmail,
                V::CustomerPhone,
                V::Reference,
                V::RefundAmount,
                V::Problem,
            ],
            Self::PaymentLink => &[
                V::OperatorName,
                V::CustomerName,
                V::Reference,
                V::ControlUrl,
                V::Items,
                V::AmountDue,
                V::PaymentUrl,
                V::Note,
                V::ExpiresAt,
            ],
            Self::SignInLink => &[V::OperatorName, V::CustomerName, V::SignInUrl, V::ExpiresAt],
            Self::Inquiry => &[V::OperatorName, V::CustomerName, V::CustomerEmail, V::CustomerPhone, V::Fields],
        }
    }

    /// The link without which the message would be of no use.
    ///
    /// Source: requirement E1
    pub const fn required(self) -> Option<Variable> {
        match self {
            Self::Confirmation
            | Self::PaymentRequired
            | Self::PaymentReceived
            | Self::Change
            | Self::Canceled
            | Self::RefundSent => Some(V::ControlUrl),
            Self::PaymentLink => Some(V::PaymentUrl),
            Self::SignInLink => Some(V::SignInUrl),
            Self::RefundFailed | Self::Inquiry => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
            assert!(kind.required().is_none_or(|link| kind.variables().contains(&link)), "{kind:?}");
        }
        assert_eq!(Kind::parse("invoice"), None);
    }
}
