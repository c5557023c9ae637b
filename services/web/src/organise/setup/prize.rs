//! What can be won.

use maud::{Markup, html};

use super::plan::{Plan, PrizePlan};
use super::reader::Reader;
use super::view::{Filling, View};
use crate::components::{InsetText, Select};
use crate::fields::Fields;

/// Those with two decimals: pages show others, but nobody types them here.
const CURRENCIES: [(&str, &str); 8] = [
    ("GBP", "Pounds (£)"),
    ("EUR", "Euros (€)"),
    ("USD", "US dollars ($)"),
    ("AUD", "Australian dollars"),
    ("CAD", "Canadian dollars"),
    ("CHF", "Swiss francs"),
    ("NZD", "New Zealand dollars"),
    ("SEK", "Swedish kronor"),
];

pub fn fields(plan: &Plan) -> Fields {
    let mut filling = Filling::default();
    filling.put("about", &plan.about);
    filling.put("promoter", &plan.promoter);
    filling.put("currency", &plan.currency);
    for (at, prize) in plan.prizes.iter().enumerate() {
        let row = format!("prizes.{}", at + 1);
        filling.put(format!("{row}.name"), &prize.name);
        filling.put(format!("{row}.rank"), prize.rank);
        filling.maybe(format!("{row}.amount"), prize.amount.map(typed));
        filling.put(format!("{row}.support"), &prize.support);
    }
    filling.done()
}

/// Minor units as they are typed: 2000, 12.50.
fn typed(minor: i64) -> String {
    let (whole, rest) = (minor / 100, minor % 100);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}") }
}

pub fn read(reader: &mut Reader, plan: &mut Plan) {
    plan.about = reader.optional("about", 20_000);
    plan.promoter = reader.optional("promoter", 500);
    let currency = reader.fields.text("currency").to_owned();
    if CURRENCIES.iter().any(|(code, _)| *code == currency) {
        plan.currency = currency;
    } else {
        reader.wrong("currency", "Choose a currency from the list");
    }
    let rows = reader.rows("prizes");
    if rows.is_empty() {
        reader.wrong("prizes.1.name", "Name at least one prize");
    }
    plan.prizes = rows.into_iter().map(|row| prize(reader, &format!("prizes.{row}"))).collect();
}

fn prize(reader: &mut Reader, row: &str) -> PrizePlan {
    let prize = PrizePlan {
        name: reader.text(&format!("{row}.name"), 200, "Give this prize a name, such as First prize"),
        rank: reader.number(&format!("{row}.rank"), 1..=100),
        amount: reader.money(&format!("{row}.amount")),
        support: reader.optional(&format!("{row}.support"), 2_000),
    };
    let amount = format!("{row}.amount");
    if prize.amount.is_none() && prize.support.is_empty() && reader.errors.get(&amount).is_none() {
        reader.wrong(&amount, "Say what the winner gets: money, support or both");
    }
    prize
}

pub fn form(view: &View, title: &str) -> Markup {
    html! {
        (InsetText::new(html! { "It is called " strong { (title) } "." }))
        (view.area("about", "What is this prize for?").rows(6)
            .hint("The first thing that people read. Leave a line empty to begin a new paragraph."))
        (view.input("promoter", "Who runs it, and how can people reach them?")
            .hint("For example, Fenbank Co-operative Trust, prize@fenbank.example. This is public."))
        (Select::new("currency", "Currency", CURRENCIES).value(view.fields.raw("currency")).errors(view.errors))
        h2.govuk-heading-m { "Prizes" }
        (view.rows("prizes", "prize", |row| html! {
            (view.input(&format!("{row}.name"), "Name").width(20))
            (view.input(&format!("{row}.rank"), "Goes to rank").hint("1 is the winner, 2 the runner-up").inputmode("numeric").width(2))
            (view.input(&format!("{row}.amount"), "Money").hint("Leave it empty if the prize is support alone").inputmode("decimal").width(10))
            (view.area(&format!("{row}.support"), "Support that comes with it (optional)").rows(2)
                .hint("For example, three days of business advice"))
        }))
    }
}
