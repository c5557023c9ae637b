//! The wordings that are used unless organisers write their own.

use super::wording::Wording;
use crate::letter::Kind;

/// What a letter of this kind says.
pub fn default(kind: Kind) -> Wording {
    let (subject, text) = words(kind);
    Wording { subject: subject.to_owned(), text: text.to_owned() }
}

fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Receipt => (
            "{programme}: your pitch has come in",
            "Dear {name},\n\nYour pitch has come in. It arrived on {when}; this is version {number}. \
             The last version that arrives before the deadline is the one that counts.\n\n\
             You can read it, replace it or withdraw it here until the deadline:\n{link}\n\n\
             Keep this letter. The fingerprint of your answers is\n{fingerprint}\n\
             and with it you can check later that nothing in them was changed.",
        ),
        Kind::ReminderDay => (
            "{programme}: a day left to enter",
            "Dear {name},\n\nYou have begun a pitch that has not been entered yet. The deadline is {when}.\n\n\
             Go on with it here:\n{link}\n\n\
             If it is complete and you have accepted the rules, it enters by itself at the deadline, \
             unless you have said no to that.",
        ),
        Kind::ReminderHour => (
            "{programme}: an hour left to enter",
            "Dear {name},\n\nThere is an hour left: your pitch has not been entered yet, and the deadline \
             is {when}.\n\nGo on with it here:\n{link}\n\n\
             If it is complete and you have accepted the rules, it enters by itself at the deadline, \
             unless you have said no to that.",
        ),
        Kind::Query => (
            "{programme}: a question about your pitch",
            "Dear {name},\n\nThe organisers have a question about your pitch. Please read it and answer it here:\n\
             {link}",
        ),
        Kind::Answer => (
            "{programme}: a question was answered",
            "Dear {name},\n\nA team has answered a question about its pitch. You find the answer here:\n{link}",
        ),
        Kind::MemberInvited => (
            "You are invited to {programme}",
            "Dear {name},\n\nThere is a place for you in {programme}. Sign in with this email address to take it:\n\
             {link}\n\nIf you do not want it, you need not do anything.",
        ),
        Kind::RoleGranted => (
            "{programme}: you are now {what}",
            "Dear {name},\n\nFrom now on you are {what} of {programme}. This is where you find what there is to do:\n\
             {link}",
        ),
        Kind::JudgeInvited => (
            "{programme}: will you judge?",
            "Dear {name},\n\nYou are asked to be {what} on a panel of {programme}. What that takes, and whether you \
             accept, is here:\n{link}\n\nThe names of judges are published or given to whoever asks for them.",
        ),
        Kind::EntrantInvited => (
            "{programme}: will you enter?",
            "Dear {name},\n\nYou are invited to enter {programme}. The rules are here, and this is where you enter \
             or decline:\n{link}\n\nThe deadline is {when}.",
        ),
        Kind::Assignment => (
            "{programme}: the pitches that you judge",
            "Dear {name},\n\nThe pitches are shared out among the judges, and yours are there: {number} in all. \
             This is where you read and mark them:\n{link}\n\n\
             If you know one of the teams, say so before you read on: you can stand aside at any time.",
        ),
        Kind::Nudge => (
            "{programme}: score sheets still to hand in",
            "Dear {name},\n\nSome of your score sheets for {programme} are not handed in yet: {number}. This is \
             where they are:\n{link}\n\nIf you can't judge one of the pitches, say so there.",
        ),
        Kind::CommentReturned => (
            "{programme}: other words to an entrant, please",
            "Dear {name},\n\nAn organiser of {programme} has returned a comment that you wrote for an entrant. \
             Until you hand in other words, the entrant reads none of yours. Which it is, and why, is here:\n{link}\n\n\
             Your marks stay as they are.",
        ),
        Kind::Result => (
            "{programme}: the winners are announced",
            "Dear {name},\n\nThe winners of {programme} are announced. This is the result, and how it came about:\n\
             {link}\n\nThank you for entering. What the judges have written for you is with your pitch.",
        ),
        Kind::Won => (
            "{programme}: you have won",
            "Dear {name},\n\nCongratulations: you have won a prize of {programme}. Please say that you accept it \
             by {when}:\n{link}\n\nAfter that it may go to somebody else.",
        ),
        Kind::AwardAccepted => (
            "{programme}: you have accepted your prize",
            "Dear {name},\n\nThank you: that you accept your prize has come in. What comes next, such as where the \
             money is to go, is here:\n{link}",
        ),
        Kind::WinnerAnswered => (
            "{programme}: a prize was {what}",
            "Dear {name},\n\nA prize of {programme} was {what}. What there is to do now is here:\n{link}",
        ),
        Kind::PaymentSent => (
            "{programme}: your prize is on its way",
            "Dear {name},\n\nYour prize was paid out. When it has arrived, please say so here:\n{link}\n\n\
             If it has not arrived within a few days, write to the organisers. We never ask for bank details \
             by mail.",
        ),
        Kind::SupportPledged => (
            "{programme}: somebody offers you help",
            "Dear {name},\n\nSomebody has promised you help. What it is, and whether you want it, is here:\n{link}",
        ),
        Kind::SupportDelivered => (
            "{programme}: did you get the help?",
            "Dear {name},\n\nIt was noted that you were given some of the help you were promised. Please say here \
             whether that is so:\n{link}",
        ),
        Kind::DeadlineMoved => (
            "{programme}: the deadline has moved",
            "Dear {name},\n\nThe deadline of {programme} has moved: it is {when} now. Why, is on the programme's \
             page. If you have entered already, you may still replace your pitch until then:\n{link}",
        ),
        Kind::RulebookAmended => (
            "{programme}: the rules were amended",
            "Dear {name},\n\nThe rules of {programme} were amended. How marks become a result has not changed. \
             The rules as they are now, and why, are here:\n{link}",
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_default_of_every_letter_to_many_is_one_that_organisers_could_write() {
        for kind in Kind::BULK {
            assert_eq!(default(kind).checked(kind).unwrap(), default(kind), "{kind:?}");
        }
    }
}
