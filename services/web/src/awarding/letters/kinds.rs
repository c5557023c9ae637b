//! The kinds of letters, for people.

/// Letters to many that the announcement sends, by kind.
pub const AT_THE_ANNOUNCEMENT: [(&str, &str); 1] =
    [("result", "To every entrant: the winners are announced")];

/// Those that organisers may word.
pub const TO_MANY: [(&str, &str); 6] = [
    ("result", "To every entrant: the winners are announced"),
    ("nudge", "To judges: score sheets are still to hand in"),
    ("reminder-day", "To those with a draft: a day is left"),
    ("reminder-hour", "To those with a draft: an hour is left"),
    ("deadline-moved", "To entrants: the deadline has moved"),
    ("rulebook-amended", "To entrants: the rules were amended"),
];

/// Why a letter was not sent.
pub fn because(why: &str) -> &'static str {
    match why {
        "forgotten" => "They were forgotten.",
        "no-address" => "They have no email address: tell them in another way.",
        "not-wanted" => "They want no such letters.",
        "no-draft" => "The draft is entered or deleted.",
        "said-otherwise" => "Another letter says it better.",
        "cancelled" => "The programme was called off.",
        "too-late" => "It would be of no use any more.",
        "refused" => "Their mail server refuses it.",
        "tried-too-often" => "It was tried for a day.",
        _ => "",
    }
}

/// What a letter of this kind is about.
pub fn called(kind: &str) -> String {
    let says = match kind {
        "receipt" => "A pitch has come in",
        "reminder-day" => "A day is left",
        "reminder-hour" => "An hour is left",
        "query" => "A question about a pitch",
        "answer" => "A question was answered",
        "member-invited" => "An invitation",
        "role-granted" => "A role",
        "judge-invited" => "An invitation to judge",
        "entrant-invited" => "An invitation to enter",
        "assignment" => "Pitches to judge",
        "nudge" => "Score sheets still to hand in",
        "comment-returned" => "Other words to an entrant",
        "result" => "The winners are announced",
        "won" => "You have won",
        "award-accepted" => "A prize was accepted",
        "winner-answered" => "A winner has answered",
        "payment-sent" => "A payment was sent",
        "support-pledged" => "Help is offered",
        "support-delivered" => "Help was given",
        "deadline-moved" => "The deadline has moved",
        "rulebook-amended" => "The rules were amended",
        other => return other.replace('-', " "),
    };
    says.to_owned()
}
