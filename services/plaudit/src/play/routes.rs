//! Where things are in the public API.

use uuid::Uuid;

use super::requests::ROUND;

pub const PROGRAMMES: &str = "/api/submissions/programmes";

/// The routes of one programme.
#[derive(Clone, Copy, Debug)]
pub struct Routes(pub Uuid);

impl Routes {
    fn of(self, service: &str, rest: &str) -> String {
        format!("/api/{service}/programmes/{}{rest}", self.0)
    }

    pub fn accounts(self, rest: &str) -> String {
        self.of("accounts", rest)
    }

    pub fn submissions(self, rest: &str) -> String {
        self.of("submissions", rest)
    }

    pub fn pitch(self, pitch: Uuid, rest: &str) -> String {
        self.of("submissions", &format!("/pitches/{pitch}{rest}"))
    }

    pub fn panel(self, rest: &str) -> String {
        self.of("panels", &format!("/rounds/{ROUND}/panel{rest}"))
    }

    pub fn round(self, rest: &str) -> String {
        self.of("scoring", &format!("/rounds/{ROUND}{rest}"))
    }

    pub fn scorecard(self, pitch: Uuid, rest: &str) -> String {
        self.round(&format!("/scorecards/{pitch}{rest}"))
    }

    pub fn awards(self, rest: &str) -> String {
        self.of("awards", rest)
    }

    pub fn award(self, award: Uuid, rest: &str) -> String {
        self.of("awards", &format!("/awards/{award}{rest}"))
    }

    pub fn support(self, support: Uuid, rest: &str) -> String {
        self.of("awards", &format!("/support/{support}{rest}"))
    }
}
