//! Our components against govuk-frontend's own expectations: each component's `fixtures.json` holds options
//! and the HTML that they make there. A fixture that our builders can express must come out the same.

mod error_links;
mod fields;
mod groups;
mod html;
mod lists;
mod not_offered;
mod options;
mod page_parts;

use std::collections::BTreeSet;
use std::path::PathBuf;

use maud::Markup;
use serde_json::Value;

use not_offered::NOT_OFFERED;

type Build = fn(&Value) -> Markup;

/// Each component, how its options become ours, and the least number of fixtures that must be compared.
const COMPONENTS: &[(&str, Build, usize)] = &[
    ("accordion", page_parts::accordion, 11),
    ("back-link", page_parts::back_link, 7),
    ("breadcrumbs", page_parts::breadcrumbs, 11),
    ("button", page_parts::button, 37),
    ("character-count", fields::textarea, 22),
    ("checkboxes", groups::checkboxes, 38),
    ("date-input", groups::date_input, 29),
    ("details", page_parts::details, 10),
    ("error-summary", page_parts::error_summary, 14),
    ("fieldset", groups::fieldset, 16),
    ("file-upload", fields::file_upload, 20),
    ("input", fields::input, 39),
    ("inset-text", page_parts::inset_text, 6),
    ("notification-banner", page_parts::notification_banner, 21),
    ("pagination", page_parts::pagination, 13),
    ("panel", page_parts::panel, 16),
    ("radios", groups::radios, 39),
    ("select", fields::select, 16),
    ("service-navigation", page_parts::service_navigation, 30),
    ("skip-link", page_parts::skip_link, 9),
    ("summary-list", lists::summary_list, 25),
    ("table", lists::table, 21),
    ("tabs", page_parts::tabs, 12),
    ("tag", lists::tag, 12),
    ("task-list", lists::task_list, 9),
    ("textarea", fields::textarea, 18),
    ("warning-text", page_parts::warning_text, 8),
];

fn fixtures(component: &str) -> Vec<Value> {
    let modules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node_modules");
    let file = modules.join(format!("govuk-frontend/dist/govuk/components/{component}/fixtures.json"));
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|e| panic!("{}: {e}; `npm ci` in services/web installs it", file.display()));
    let file: Value = serde_json::from_str(&text).expect("fixtures.json is JSON");
    file["fixtures"].as_array().expect("a list of fixtures").clone()
}

/// What a fixture uses: its own name in quotation marks, and the paths of its options.
fn uses(fixture: &Value) -> BTreeSet<String> {
    let mut uses = options::paths(&fixture["options"]);
    uses.insert(format!("{:?}", options::print(&fixture["name"])));
    uses
}

fn is_offered(component: &str, fixture: &Value) -> bool {
    let uses = uses(fixture);
    !NOT_OFFERED.iter().any(|(of, what, _)| *of == component && uses.contains(*what))
}

fn expected(component: &str, fixture: &Value) -> String {
    let html = options::print(&fixture["html"]);
    if component == "date-input" { groups::our_date_names(&fixture["options"], &html) } else { html }
}

/// The first line that isn't the same, of both.
fn first_difference(ours: &str, theirs: &str) -> String {
    let same = ours.lines().zip(theirs.lines()).take_while(|(ours, theirs)| ours == theirs).count();
    let line = |of: &'_ str| of.lines().nth(same).unwrap_or("(the end)").to_owned();
    format!("  ours:   {}\n  theirs: {}", line(ours), line(theirs))
}

/// How our rendering of a fixture first differs from theirs, if it does.
fn difference(component: &str, build: Build, fixture: &Value) -> Option<String> {
    let ours = html::normalised(&build(&fixture["options"]).0);
    let theirs = html::normalised(&expected(component, fixture));
    (ours != theirs).then(|| format!("{component} {}\n{}", fixture["name"], first_difference(&ours, &theirs)))
}

#[test]
fn components_render_as_govuk_frontend_does() {
    let mut wrong = Vec::new();
    for &(component, build, least) in COMPONENTS {
        let all = fixtures(component);
        let offered: Vec<_> = all.iter().filter(|fixture| is_offered(component, fixture)).collect();
        println!("{component}: {} of {} fixtures compared", offered.len(), all.len());
        assert!(offered.len() >= least, "{component}: only {} fixtures were compared", offered.len());
        wrong.extend(offered.into_iter().filter_map(|fixture| difference(component, build, fixture)));
    }
    assert!(wrong.is_empty(), "{} fixtures differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nothing_that_comes_out_the_same_is_left_out() {
    for &(component, build, _) in COMPONENTS {
        for fixture in fixtures(component).iter().filter(|fixture| !is_offered(component, fixture)) {
            let differs = difference(component, build, fixture).is_some();
            assert!(differs, "{component} {} could be compared", fixture["name"]);
        }
    }
}

#[test]
fn every_reason_to_leave_a_fixture_out_leaves_one_out() {
    for (component, what, _) in NOT_OFFERED {
        let used = fixtures(component).iter().any(|fixture| uses(fixture).contains(*what));
        assert!(used, "no fixture of {component} uses {what}: the reason is out of date");
    }
}
