//! The tally: how sealed marks become a ranking, and why.
//!
//! [`tally`] is a pure function of a rulebook's [`Rules`], the pitches in
//! running order and the counted [`Scorecard`]s. It reads no clock and no file,
//! keeps every number exact, and rounds only where the rules say so. Anyone who
//! holds the same marks gets the same [`Ranking`], byte for byte.
//!
//! ```
//! use plaudit_tally::{Scorecard, tally};
//!
//! let rules = serde_json::from_str(
//!     r#"{"scale":{"min":"0","max":"10","step":"0.5"},
//!         "criteria":[{"id":"impact","weight":"2"},{"id":"team","weight":"1"}],
//!         "aggregation":"mean","normalisation":"none",
//!         "ties":[{"criterion":"impact"}],"least_marks":1}"#,
//! )?;
//! let card = |pitch: &str, impact: &str, team: &str| -> Result<Scorecard, serde_json::Error> {
//!     serde_json::from_value(serde_json::json!({
//!         "pitch": pitch, "judge": "ada", "marks": {"impact": impact, "team": team}
//!     }))
//! };
//! let pitches = ["bees".to_owned(), "bikes".to_owned()];
//! let ranking = tally(&rules, &pitches, &[card("bees", "7", "9")?, card("bikes", "8", "7")?])?;
//!
//! // Both come to 23; the tie-break on impact puts the bikes first.
//! assert_eq!(ranking.pitches[0].pitch, "bikes");
//! assert_eq!(ranking.pitches[0].total().map(ToString::to_string), Some("23".to_owned()));
//! assert_eq!(ranking.get("bees").and_then(|bees| bees.rank()), Some(2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The arithmetic
//!
//! 1. A pitch with no scorecard, with fewer than `least_marks`, or of whose
//!    marks the trim would leave nothing, is **unranked**, with the reason.
//! 2. For each other pitch and criterion: sort the marks; a trimmed mean leaves
//!    out `trim` at each end; take the mean or the median (of an even number of
//!    marks, the mean of the middle two); round to `round_criterion`; multiply
//!    by the weight; round to `round_weighted`.
//! 3. The sum over the criteria, rounded to `round_total`, is the total.
//! 4. The highest total is first. Equal totals climb the ladder of [`Rung`]s
//!    together; a rung that tells some of them apart splits the group, and those
//!    still equal go on from the next rung. What is equal after the last rung
//!    shares its rank, and the next ranks are skipped: 1, 2, 2, 4.
//!
//! A rounding that is absent leaves the number as it is. Half rounds up, towards
//! the greater number, also below zero: 2.5 to 3, and -2.5 to -2 (see
//! [`round_half_up`]). Raising a mark therefore never lowers a total.
//!
//! A *judge's own total* of a pitch, which two of the rungs use, is the sum of
//! weight times mark over that judge's scorecard, never rounded.
//!
//! # Numbers in print
//!
//! A [`Decimal`] (a mark, a weight, a bound of the scale) prints without
//! trailing zeros. An [`Exact`] (anything computed) prints as a decimal if it is
//! a finite one, with at least as many decimals as it was rounded to: `47.10`
//! after `round_weighted = 2`. If it is not finite, as before a rounding or where
//! none is set, it prints as a fraction in lowest terms: `20/3`. A total takes its
//! number of decimals from the last rounding that is set: `round_total`, else
//! `round_weighted`, else `round_criterion`.
//!
//! # The serialisation `plaudit/tally/v1`
//!
//! [`Ranking::derivation_bytes`] and [`PitchDerivation::derivation_bytes`] are
//! UTF-8 JSON of one line with no white space outside strings. Every key is
//! always present, in the order given here, with `null` for what does not apply.
//! Numbers of the tally are strings, printed as above; counts, ranks and settings
//! are JSON integers without sign, fraction or exponent. In strings `"` and `\`
//! are escaped by a backslash, and the control characters U+0000 to U+001F by
//! `\b`, `\t`, `\n`, `\f`, `\r` or else `\u00` and two lower-case hexadecimal
//! digits; nothing else is escaped.
//!
//! | object | keys, in order |
//! |---|---|
//! | ranking | `version` (`"plaudit/tally/v1"`), `rules`, `pitches`, `ties` |
//! | rules | `scale` {`min`, `max`, `step`}, `criteria` [{`id`, `weight`}], `aggregation`, `normalisation`, `round_criterion`, `round_weighted`, `round_total`, `ties` [rung], `least_marks` |
//! | aggregation | `"mean"`, `"median"` or {`trimmed_mean`: {`trim`}} |
//! | normalisation | `"none"` |
//! | rung | {`criterion`: id}, `"most_first_places"` or `"higher_median"` |
//! | pitch | `version`, `pitch`, `order` (in the running order, from 1), `standing`, `criteria` |
//! | standing | {`ranked`: {`rank`, `total`, `sum`, `rungs`}} or {`unranked`: reason}; `sum` is the total before `round_total` |
//! | rungs | [{`rung`, `value`, `among`, `higher`, `equal`}] in the order climbed; `among` counts the pitches compared, `higher` those that beat this one, `equal` the others left equal to it |
//! | reason | `"no_scorecards"`, {`too_few_scorecards`: {`have`, `need`}} or {`trimmed_away`: {`have`, `trim`}} |
//! | criteria | [{`criterion`, `weight`, `marks`, `steps`}] in the rules' order |
//! | marks | [{`judge`, `mark`, `left_out`}], lowest mark first, equal marks by the bytes of the judge's id; `left_out` is `"lowest"`, `"highest"` or `null` |
//! | steps | {`aggregate`, `rounded`, `weighted`, `weighted_rounded`}, or `null` if the pitch is unranked |
//! | ties | [{`rank`, `rung`, `compared` [{`pitch`, `value`}]}] one for each rung that a group climbed; `rank` is the best rank at stake; highest value first, equal values in running order; after each of them come those of the groups it split off, the better group's first |
//!
//! Pitches are in order of rank, a shared rank in running order, and then the
//! unranked in running order. The order of the scorecards never shows.
//!
//! A digest is SHA-256 over those bytes. It commits to them but hides nothing:
//! marks are few enough to be guessed, so where marks are unpublished the caller
//! must seal the bytes or blind the digest.

mod aggregate;
mod decimal;
mod derivation;
mod exact;
mod ladder;
mod prizes;
mod robustness;
mod rules;
mod scorecard;
mod tally;

pub use decimal::{Decimal, ParseDecimalError};
pub use derivation::{
    Applied, Compared, CountedMark, CriterionDerivation, Digest, End, PitchDerivation, Ranked, Ranking,
    Standing, Steps, TieBreak, Unranked, Version,
};
pub use exact::{Exact, ParseExactError, Rational, round_half_up};
pub use prizes::{Prize, PrizeError, Share, split_prizes, split_ranks};
pub use robustness::{LEAST_TO_NORMALISE, NotNormalised, Placed, Placing, Robustness, Without, robustness};
pub use rules::{Aggregation, Criterion, MOST_DECIMALS, Normalisation, Rules, RulesError, Rung, Scale};
pub use scorecard::{MarkError, MarkProblem, Scorecard};
pub use tally::{TallyError, tally};
