use std::time::Duration;

/// How long to wait for an installation that may be starting again.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For one command, however often it is sent.
    pub total: Duration,
    /// For one answer.
    pub answer: Duration,
    /// Between the first two attempts; doubled for each that follows.
    pub first_pause: Duration,
    /// The longest pause that isn't asked for.
    pub longest_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(180),
            answer: Duration::from_secs(60),
            first_pause: Duration::from_millis(50),
            longest_pause: Duration::from_secs(2),
        }
    }
}

impl Patience {
    pub(super) fn pauses(&self) -> Pauses {
        Pauses { next: self.first_pause, longest: self.longest_pause }
    }
}

/// Each pause is twice the one before, and never less than was asked for.
pub(super) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    pub(super) fn next(&mut self, asked_for: Option<Duration>) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        pause.max(asked_for.unwrap_or_default())
    }
}
