//! How often one may ask and try: by the network that a request comes from, and
//! by the account that it is about.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::refused::Refused;
use crate::secret::{self, Hash};
use crate::sign_in::Rate;

/// In any ten minutes: codes to one address, codes that one network asks for,
/// and what else it asks for. A venue with its guests is one network.
const CODES_TO: usize = 5;
const CODES_BY: usize = 60;
const ASKED_BY: usize = 600;

/// In any ten minutes: answers from one network, and proofs within sessions of
/// one person. To sign in, an address has the five tries of each of its codes.
const TRIES_BY: usize = 600;
const TRIES_OF: usize = 25;

/// What has been asked and tried of late.
pub struct Limits {
    codes_to: Rate<Hash>,
    codes_by: Rate<Option<IpAddr>>,
    asked_by: Rate<Option<IpAddr>>,
    tries_by: Rate<Option<IpAddr>>,
    tries_of: Rate<Uuid>,
}

impl Limits {
    pub fn new() -> Self {
        let ten_minutes = SignedDuration::from_mins(10);
        Self {
            codes_to: Rate::new(CODES_TO, ten_minutes),
            codes_by: Rate::new(CODES_BY, ten_minutes),
            asked_by: Rate::new(ASKED_BY, ten_minutes),
            tries_by: Rate::new(TRIES_BY, ten_minutes),
            tries_of: Rate::new(TRIES_OF, ten_minutes),
        }
    }

    /// A way in is asked for, other than by a code.
    pub fn asked(&self, network: Option<IpAddr>, now: Timestamp) -> Result<(), Refused> {
        self.asked_by.take(network, now).map_err(Refused::TooOften)
    }

    /// A code is asked for, to this address.
    pub fn code_asked(&self, network: Option<IpAddr>, email: &str, now: Timestamp) -> Result<(), Refused> {
        self.codes_by.take(network, now).map_err(Refused::TooOften)?;
        self.codes_to.take(secret::hash(email), now).map_err(Refused::TooOften)
    }

    /// An answer is tried; where it is known, for this person.
    pub fn tried(
        &self,
        network: Option<IpAddr>,
        person: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        self.tries_by.take(network, now).map_err(Refused::TooOften)?;
        person.map_or(Ok(()), |person| self.tries_of.take(person, now)).map_err(Refused::TooOften)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_counted_by_network_and_by_person() {
        let (limits, now) = (Limits::new(), Timestamp::UNIX_EPOCH);
        let network = |last| Some(IpAddr::from([192, 0, 2, last]));
        let person = Uuid::from_u128(1);
        for last in 0..TRIES_OF as u8 {
            assert!(limits.tried(network(last), Some(person), now).is_ok());
        }
        assert!(limits.tried(network(200), Some(person), now).is_err(), "from wherever they come");
        assert!(limits.tried(network(200), Some(Uuid::from_u128(2)), now).is_ok());
        for _ in 0..TRIES_BY {
            assert!(limits.tried(network(201), None, now).is_ok());
        }
        assert!(limits.tried(network(201), None, now).is_err());
        assert!(limits.tried(network(202), None, now).is_ok());
    }
}
