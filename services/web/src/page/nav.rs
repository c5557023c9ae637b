use maud::{Markup, html};

use crate::api::{Phase, Programme};

/// A programme's sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// What it is.
    About,
    /// The rulebook.
    Rules,
    /// The reader's own pitches.
    Pitches,
    /// A judge's desk.
    Judging,
    /// The organisers' side.
    Organise,
    /// What came out.
    Results,
    /// How to check it.
    Trail,
}

impl Tab {
    fn name(self) -> &'static str {
        match self {
            Self::About => "About",
            Self::Rules => "Rules",
            Self::Pitches => "Your pitch",
            Self::Judging => "Judging",
            Self::Organise => "Organise",
            Self::Results => "Results",
            Self::Trail => "Check it yourself",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::About => "",
            Self::Rules => "/rules",
            Self::Pitches => "/pitches",
            Self::Judging => "/judging",
            Self::Organise => "/organise",
            Self::Results => "/results",
            Self::Trail => "/trail",
        }
    }

    /// Whether this section is for this reader at this time. Judges' seats are
    /// panels' to know: whoever is a member without a role may find one there.
    fn is_for(self, programme: &Programme, signed_in: bool) -> bool {
        let key = programme.you_hold_a_key();
        let public = programme.phase > Some(Phase::Drafted);
        match self {
            Self::About => true,
            Self::Rules => public || key,
            Self::Pitches => public && signed_in && !key,
            Self::Judging => public && signed_in,
            Self::Organise => key,
            Self::Results => programme.phase >= Some(Phase::Screened),
            Self::Trail => public,
        }
    }
}

const TABS: [Tab; 7] =
    [Tab::About, Tab::Rules, Tab::Pitches, Tab::Judging, Tab::Organise, Tab::Results, Tab::Trail];

/// The programme's name and its sections.
pub fn of(programme: &Programme, here: Tab, signed_in: bool) -> Markup {
    let tabs = TABS.into_iter().filter(|tab| tab.is_for(programme, signed_in));
    html! {
        div.plaudit-programme {
            div.govuk-width-container {
                nav aria-label="This programme" {
                    p.plaudit-programme__name { (programme.name()) }
                    ul.plaudit-tabs {
                        @for tab in tabs {
                            li {
                                a.plaudit-tabs__link href={ "/programmes/" (programme.id) (tab.path()) }
                                    aria-current=[(tab == here).then_some("page")] { (tab.name()) }
                            }
                        }
                    }
                }
            }
        }
    }
}
