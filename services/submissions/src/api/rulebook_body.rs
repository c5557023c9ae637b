//! A rulebook as the API writes it. Whether it makes sense is the noun's to
//! say; here it only has the right shape.

use jiff::Timestamp;
use plaudit_chassis::clock::{from_proto, to_proto};
use plaudit_proto::v1;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares an enum's words, and what they are in the contracts.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $proto:ident { $first:ident $(, $word:ident)* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $first $(, $word)* }

        impl From<$name> for i32 {
            fn from(word: $name) -> i32 {
                match word {
                    $name::$first => v1::$proto::$first.into(),
                    $($name::$word => v1::$proto::$word.into(),)*
                }
            }
        }

        impl $name {
            /// What was published was validated, so it is one of the words.
            fn of(proto: v1::$proto) -> Self {
                match proto {
                    $(v1::$proto::$word => Self::$word,)*
                    _ => Self::$first,
                }
            }
        }
    )*};
}

words! {
    /// Who may enter.
    CallWord = CallKind { Open, Invited }
    /// Who sees marks.
    MarksWord = MarksVisibility { Public, OwnEntrant }
    /// Where judges meet pitches.
    KindWord = RoundKind { Desk, Interview, Den }
    /// How a round ends.
    EndWord = RoundEnd { MarksOnly }
    /// How marks become one number.
    AggregationWord = Aggregation { Mean, Median, TrimmedMean }
    /// What is done to marks before.
    NormalisationWord = Normalisation { None }
}

/// Everything that decides the outcome.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulebookBody {
    pub call: CallWord,
    #[schema(value_type = String, format = DateTime)]
    pub deadline: Timestamp,
    #[serde(default)]
    pub grace_seconds: u32,
    /// An IANA name, such as Europe/London.
    pub time_zone: String,
    /// BCP 47.
    pub languages: Vec<String>,
    #[serde(default)]
    pub gate: Vec<GateBody>,
    #[serde(default)]
    pub form: Vec<FormBody>,
    pub rounds: Vec<RoundBody>,
    pub prizes: Vec<PrizeBody>,
    pub pot: MoneyBody,
    pub marks: MarksWord,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub embargo: Option<Timestamp>,
    pub days_to_accept: u32,
    #[serde(default)]
    pub may_give_no_award: bool,
    pub days_kept: u32,
    /// The most files that come with a pitch, up to 5; 0: none do.
    #[serde(default)]
    pub most_attachments: u32,
}

/// Whole minor units of one currency.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyBody {
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// A question that must be answered with yes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GateBody {
    pub id: String,
}

/// A question of the form.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormBody {
    pub id: String,
    #[serde(default)]
    pub required: bool,
    pub most_characters: u32,
}

/// A prize.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PrizeBody {
    pub id: String,
    pub rank: u32,
    #[serde(default)]
    pub amount: Option<MoneyBody>,
    #[serde(default)]
    pub support: bool,
}

/// A round.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundBody {
    pub id: String,
    pub kind: KindWord,
    pub end: EndWord,
    pub tally: TallyBody,
    /// 0: every judge marks every pitch.
    #[serde(default)]
    pub judges_per_pitch: u32,
    #[serde(default)]
    pub anonymous: bool,
    pub quorum: u32,
    #[serde(default)]
    pub independent_judge_needed: bool,
}

/// How marks become a ranking.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TallyBody {
    pub scale: ScaleBody,
    pub criteria: Vec<CriterionBody>,
    pub aggregation: AggregationWord,
    #[serde(default)]
    pub trim: u32,
    #[serde(default = "not_normalised")]
    pub normalisation: NormalisationWord,
    #[serde(default)]
    pub round_criterion: Option<u32>,
    #[serde(default)]
    pub round_weighted: Option<u32>,
    #[serde(default)]
    pub round_total: Option<u32>,
    #[serde(default)]
    pub ties: Vec<RungBody>,
    #[serde(default)]
    pub least_marks: u32,
}

fn not_normalised() -> NormalisationWord {
    NormalisationWord::None
}

/// The marks a judge may give, as decimals.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleBody {
    pub min: String,
    pub max: String,
    pub step: String,
}

/// One thing that every judge marks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionBody {
    pub id: String,
    pub weight: String,
}

/// A step of the ladder of tie-breaks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RungBody {
    Criterion(String),
    MostFirstPlaces,
    HigherMedian,
}

impl From<RulebookBody> for v1::Rulebook {
    fn from(body: RulebookBody) -> Self {
        let gate = body.gate.into_iter().map(|question| v1::GateQuestion { id: question.id });
        let form = body.form.into_iter().map(|question| v1::FormQuestion {
            id: question.id,
            required: question.required,
            most_characters: question.most_characters,
        });
        Self {
            call: body.call.into(),
            deadline: Some(to_proto(body.deadline)),
            grace_seconds: body.grace_seconds,
            time_zone: body.time_zone,
            languages: body.languages,
            gate: gate.collect(),
            form: form.collect(),
            rounds: body.rounds.into_iter().map(v1::Round::from).collect(),
            prizes: body.prizes.into_iter().map(v1::Prize::from).collect(),
            pot: Some(body.pot.into()),
            marks: body.marks.into(),
            embargo: body.embargo.map(to_proto),
            days_to_accept: body.days_to_accept,
            may_give_no_award: body.may_give_no_award,
            days_kept: body.days_kept,
            most_attachments: body.most_attachments,
        }
    }
}

impl From<MoneyBody> for v1::Money {
    fn from(body: MoneyBody) -> Self {
        Self { minor: body.minor, currency: body.currency }
    }
}

impl From<PrizeBody> for v1::Prize {
    fn from(body: PrizeBody) -> Self {
        let amount = body.amount.map(v1::Money::from);
        Self { id: body.id, rank: body.rank, amount, support: body.support }
    }
}

impl From<RoundBody> for v1::Round {
    fn from(body: RoundBody) -> Self {
        Self {
            id: body.id,
            kind: body.kind.into(),
            end: body.end.into(),
            tally: Some(body.tally.into()),
            judges_per_pitch: body.judges_per_pitch,
            anonymous: body.anonymous,
            quorum: body.quorum,
            independent_judge_needed: body.independent_judge_needed,
        }
    }
}

impl From<TallyBody> for v1::Tally {
    fn from(body: TallyBody) -> Self {
        let ScaleBody { min, max, step } = body.scale;
        let criteria = body
            .criteria
            .into_iter()
            .map(|criterion| v1::Criterion { id: criterion.id, weight: criterion.weight });
        let ties = body.ties.into_iter().map(|rung| v1::Rung {
            rung: Some(match rung {
                RungBody::Criterion(id) => v1::rung::Rung::Criterion(id),
                RungBody::MostFirstPlaces => v1::rung::Rung::MostFirstPlaces(true),
                RungBody::HigherMedian => v1::rung::Rung::HigherMedian(true),
            }),
        });
        Self {
            scale: Some(v1::Scale { min, max, step }),
            criteria: criteria.collect(),
            aggregation: body.aggregation.into(),
            trim: body.trim,
            normalisation: body.normalisation.into(),
            round_criterion: body.round_criterion,
            round_weighted: body.round_weighted,
            round_total: body.round_total,
            ties: ties.collect(),
            least_marks: body.least_marks,
        }
    }
}

impl From<v1::Rulebook> for RulebookBody {
    fn from(rulebook: v1::Rulebook) -> Self {
        let (call, marks) = (CallWord::of(rulebook.call()), MarksWord::of(rulebook.marks()));
        let gate = rulebook.gate.into_iter().map(|question| GateBody { id: question.id });
        let form = rulebook.form.into_iter().map(|question| FormBody {
            id: question.id,
            required: question.required,
            most_characters: question.most_characters,
        });
        Self {
            call,
            deadline: from_proto(&rulebook.deadline),
            grace_seconds: rulebook.grace_seconds,
            time_zone: rulebook.time_zone,
            languages: rulebook.languages,
            gate: gate.collect(),
            form: form.collect(),
            rounds: rulebook.rounds.into_iter().map(RoundBody::from).collect(),
            prizes: rulebook.prizes.into_iter().map(PrizeBody::from).collect(),
            pot: rulebook.pot.unwrap_or_default().into(),
            marks,
            embargo: rulebook.embargo.map(|embargo| from_proto(&Some(embargo))),
            days_to_accept: rulebook.days_to_accept,
            may_give_no_award: rulebook.may_give_no_award,
            days_kept: rulebook.days_kept,
            most_attachments: rulebook.most_attachments,
        }
    }
}

impl From<v1::Money> for MoneyBody {
    fn from(money: v1::Money) -> Self {
        Self { minor: money.minor, currency: money.currency }
    }
}

impl From<v1::Prize> for PrizeBody {
    fn from(prize: v1::Prize) -> Self {
        let amount = prize.amount.map(MoneyBody::from);
        Self { id: prize.id, rank: prize.rank, amount, support: prize.support }
    }
}

impl From<v1::Round> for RoundBody {
    fn from(round: v1::Round) -> Self {
        Self {
            kind: KindWord::of(round.kind()),
            end: EndWord::of(round.end()),
            id: round.id,
            tally: round.tally.unwrap_or_default().into(),
            judges_per_pitch: round.judges_per_pitch,
            anonymous: round.anonymous,
            quorum: round.quorum,
            independent_judge_needed: round.independent_judge_needed,
        }
    }
}

impl From<v1::Tally> for TallyBody {
    fn from(tally: v1::Tally) -> Self {
        let v1::Scale { min, max, step } = tally.scale.clone().unwrap_or_default();
        let criteria = tally
            .criteria
            .iter()
            .map(|criterion| CriterionBody { id: criterion.id.clone(), weight: criterion.weight.clone() });
        let ties = tally.ties.iter().filter_map(|rung| {
            Some(match rung.rung.as_ref()? {
                v1::rung::Rung::Criterion(id) => RungBody::Criterion(id.clone()),
                v1::rung::Rung::MostFirstPlaces(_) => RungBody::MostFirstPlaces,
                v1::rung::Rung::HigherMedian(_) => RungBody::HigherMedian,
            })
        });
        Self {
            scale: ScaleBody { min, max, step },
            criteria: criteria.collect(),
            aggregation: AggregationWord::of(tally.aggregation()),
            trim: tally.trim,
            normalisation: NormalisationWord::of(tally.normalisation()),
            round_criterion: tally.round_criterion,
            round_weighted: tally.round_weighted,
            round_total: tally.round_total,
            ties: ties.collect(),
            least_marks: tally.least_marks,
        }
    }
}
