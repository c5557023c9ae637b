//! Sends letters: claims each before, writes down how it ended after.

mod choosing;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use jiff::SignedDuration;
use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::mail::{Fate, Heading, Mail};
use plaudit_chassis::store::StoreError;

use crate::NotifySettings;
use crate::letter::{self, Due, Ended};
use crate::words::{self, Told};
use choosing::Known;

/// How often it is looked whether there is a letter.
const TICK: Duration = Duration::from_millis(300);

/// Letters of one look, and of those at the same time.
const MOST: i64 = 200;
const AT_ONCE: usize = 4;

/// How long it is waited for a mail server, or a service, that does not answer.
const WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Sends for ever.
pub async fn send(service: &Service, settings: &NotifySettings) -> Result<(), StoreError> {
    let mut wait = WAIT;
    loop {
        tokio::time::sleep(TICK).await;
        let due = letter::due(service, MOST).await?;
        if due.is_empty() {
            continue;
        }
        let ready = match settings.outbox.answers().await {
            true => known(service, settings, &due).await?,
            false => Err("the mail server does not answer".to_owned()),
        };
        match ready {
            Ok(known) => {
                wait = WAIT;
                all(service, settings, &known, due).await?;
            }
            Err(why) => {
                tracing::warn!(%why, letters = due.len(), "letters wait");
                letter::give_up_old(service).await?;
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

/// Asks the services that know for all of these letters at once.
async fn known(
    service: &Service,
    settings: &NotifySettings,
    due: &[Due],
) -> Result<Result<Known, String>, StoreError> {
    let members: BTreeSet<MemberId> = due.iter().map(|letter| letter.member).collect();
    let programmes: BTreeSet<ProgrammeId> = due.iter().map(|letter| letter.programme).collect();
    let (members, programmes) = (Vec::from_iter(members), Vec::from_iter(programmes));
    let drafts = due.iter().any(|letter| letter.kind.reminds());
    let asked =
        tokio::try_join!(settings.peers.people(&members), settings.peers.programmes(&programmes, drafts));
    match asked {
        Ok((people, called)) => Ok(Ok(Known::read(service, people, called, &members, &programmes).await?)),
        Err(why) => Ok(Err(why)),
    }
}

async fn all(
    service: &Service,
    settings: &NotifySettings,
    known: &Known,
    due: Vec<Due>,
) -> Result<(), StoreError> {
    let sending = due.into_iter().map(|letter| async move { one(service, settings, known, &letter).await });
    let mut sending = stream::iter(sending).buffer_unordered(AT_ONCE);
    while let Some(sent) = sending.next().await {
        sent?;
    }
    Ok(())
}

async fn one(
    service: &Service,
    settings: &NotifySettings,
    known: &Known,
    letter: &Due,
) -> Result<(), StoreError> {
    let (heading, mail) = match known.reader(letter, service.clock().now()) {
        Ok(address) => write(service, settings, known, letter, address),
        Err(why) => return letter::settle(service, letter.letter, Ended::Dropped(why)).await,
    };
    if !letter::claim(service, letter.letter).await? {
        return Ok(());
    }
    let ended = match settings.outbox.send_under(&heading, mail).await {
        Ok(()) => Ended::Sent,
        Err(error) => {
            tracing::warn!(%error, letter = %letter.letter, attempt = letter.attempts + 1, "a letter was not taken");
            match error.fate() {
                Fate::Never => Ended::GivenUp("refused"),
                fate => again(letter.attempts, fate == Fate::Unknown),
            }
        }
    };
    if letter.maybe_twice && ended == Ended::Sent {
        tracing::warn!(letter = %letter.letter, "a letter may have gone twice");
    }
    letter::settle(service, letter.letter, ended).await
}

/// How often a letter is tried at the most: for about a day.
const MOST_ATTEMPTS: u32 = 12;

/// A minute, two, four, and so on, up to six hours.
fn again(attempts: u32, maybe: bool) -> Ended {
    if attempts + 1 >= MOST_ATTEMPTS {
        return Ended::GivenUp("tried-too-often");
    }
    Ended::Again(SignedDuration::from_mins((1_i64 << attempts).min(360)), maybe)
}

fn write(
    service: &Service,
    settings: &NotifySettings,
    known: &Known,
    letter: &Due,
    address: &str,
) -> (Heading, Mail) {
    let told = Told {
        kind: letter.kind,
        programme: letter.programme,
        about: &letter.about,
        name: known.name(letter),
        title: known.title(letter),
        time_zone: known.time_zone(letter),
        public_url: &settings.public_url,
    };
    let written = words::written(&known.wording(letter), &told);
    let host = settings.public_url.split_once("://").map_or(settings.public_url.as_str(), |(_, host)| host);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let heading =
        Heading { message_id: Some(format!("{}@{host}", letter.letter)), unsubscribe: told.no_more() };
    let mail = Mail {
        to: address.to_owned(),
        subject: written.subject,
        text: written.text,
        html: Some(written.html),
        sent_at: service.clock().now(),
    };
    (heading, mail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_tried_later_and_later_and_not_for_ever() {
        let mut waited = SignedDuration::ZERO;
        for attempts in 0..MOST_ATTEMPTS - 1 {
            let Ended::Again(later, true) = again(attempts, true) else { panic!("{attempts}") };
            assert!(later >= waited.min(SignedDuration::from_hours(6)) / 2);
            waited += later;
        }
        assert!(waited > SignedDuration::from_hours(12) && waited < SignedDuration::from_hours(48));
        assert_eq!(again(MOST_ATTEMPTS - 1, false), Ended::GivenUp("tried-too-often"));
    }
}
