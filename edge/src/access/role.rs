//! What an API key may do. Four roles, each of which may do all that the ones before it may.
//!
//! Which role a door needs is in [`crate::route`], the one table of it.

use serde::{Deserialize, Serialize};

/// A role, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks, and asks what things would cost.
    Read,
    /// Makes and changes bookings and slots, takes payments.
    Agent,
    /// Also gives money back, and decides against a policy.
    Finance,
    /// Also sets policies and providers, makes and withdraws keys, erases personal data.
    Admin,
}

impl Role {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Agent => "agent",
            Self::Finance => "finance",
            Self::Admin => "admin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn each_role_includes_the_ones_before_it() {
        let roles = [Role::Read, Role::Agent, Role::Finance, Role::Admin];
        assert!(roles.is_sorted());
        for role in roles {
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.as_str()));
        }
    }
}
