//! What govuk-frontend's components can do and ours don't, with the reason.

const ENGLISH: &str = "the pages are in English, and so are the words that the scripts bring along";
const GAPS: &str = "our lists have no gaps; theirs count what they leave out";
const LABELS: &str = "a choice's label has no look of its own";
const FIELDSET: &str = "the fieldset of a question has no look of its own";
const AFFIX: &str = "prefixes and suffixes have no look of their own";
const PARTS: &str = "a date has a day, a month and a year, named after the date";
const SCRIPT: &str = "limits are set by the page, not by a script";
const LINKS: &str = "these links have no attributes of their own";
const LOOKS: &str = "this part of the component has no look of its own";

/// Component; option path (perhaps with `=value`) or the fixture's name in quotation marks; reason.
pub const NOT_OFFERED: &[(&str, &str, &str)] = &[
    ("accordion", "\"with falsy values\"", GAPS),
    ("accordion", "showSectionText", ENGLISH),
    ("breadcrumbs", "items[].attributes", LINKS),
    ("button", "preventDoubleClick=false", "leaving it out does the same"),
    ("character-count", "maxwords", "govuk-frontend has given it up for a count type"),
    ("character-count", "countType=length", "it is what the script counts anyway"),
    ("character-count", "countType=characters", "the script may count fewer characters than the server does"),
    ("character-count", "textareaDescriptionText", ENGLISH),
    ("character-count", "charactersAtLimitText", ENGLISH),
    ("character-count", "countMessage", LOOKS),
    ("character-count", "\"to configure in JavaScript\"", SCRIPT),
    ("character-count", "\"with neither maxlength, maxwords nor textarea description set\"", SCRIPT),
    ("checkboxes", "\"with falsy values\"", GAPS),
    ("checkboxes", "items[].label", LABELS),
    ("checkboxes", "fieldset.classes", FIELDSET),
    ("date-input", "day.label", ENGLISH),
    ("date-input", "day.name", PARTS),
    ("date-input", "year=false", PARTS),
    ("date-input", "day=false", PARTS),
    ("date-input", "\"day and month (using items)\"", PARTS),
    ("date-input", "\"month and year (using items)\"", PARTS),
    ("date-input", "\"with nested name\"", PARTS),
    ("date-input", "items[].id", PARTS),
    ("date-input", "items[].pattern", "a pattern adds nothing to the numeric keyboard"),
    ("date-input", "items[].autocomplete", "nobody is asked for their own birthday"),
    ("date-input", "items[].attributes", LOOKS),
    ("date-input", "\"items with classes\"", LOOKS),
    ("date-input", "day.classes=govuk-input--error", "which fields are wrong is said, not styled"),
    (
        "date-input",
        "\"with errors only (using items and classes)\"",
        "which fields are wrong is said, not styled",
    ),
    (
        "date-input",
        "\"with error on single item using classes\"",
        "which fields are wrong is said, not styled",
    ),
    ("error-summary", "errorList[].attributes", LINKS),
    ("error-summary", "errorList[].html", "messages are plain sentences"),
    ("error-summary", "\"autofocus disabled\"", "a summary of no errors isn't shown"),
    ("error-summary", "\"autofocus explicitly enabled\"", "a summary of no errors isn't shown"),
    ("fieldset", "\"as page heading without class\"", "a page's heading always has a size"),
    ("fieldset", "legend.classes=my-custom-class", FIELDSET),
    ("file-upload", "wrapperClasses", LOOKS),
    ("file-upload", "\"translated\"", ENGLISH),
    ("input", "prefix.classes", AFFIX),
    ("input", "prefix.attributes", AFFIX),
    ("input", "suffix.classes", AFFIX),
    ("input", "suffix.attributes", AFFIX),
    ("input", "inputWrapper", AFFIX),
    ("input", "disabled", "what nobody can fill in is shown as text"),
    ("pagination", "items[].visuallyHiddenText", "numbers are always called pages"),
    ("pagination", "\"with empty items\"", GAPS),
    ("panel", "actions.classes", LOOKS),
    ("radios", "\"with falsy items\"", GAPS),
    ("radios", "items[].label", LABELS),
    ("radios", "fieldset.classes", FIELDSET),
    ("select", "items[].attributes", LOOKS),
    ("select", "\"without values\"", "every option says what it sends"),
    ("select", "\"without values with selected value\"", "every option says what it sends"),
    ("service-navigation", "ariaLabel", "a page has one such bar"),
    ("service-navigation", "\"with custom navigation toggle label\"", "the button is called what it says"),
    ("service-navigation", "navigationClasses", LOOKS),
    ("summary-list", "rows[].key.classes", LOOKS),
    ("summary-list", "rows[].actions.classes", LOOKS),
    ("summary-list", "rows[].actions.items[].attributes", LINKS),
    ("summary-list", "rows[].actions.items[].classes", LINKS),
    ("tabs", "items[].attributes", LINKS),
    ("tabs", "items[].panel.attributes", LOOKS),
    ("task-list", "items[].title.classes", LOOKS),
    ("task-list", "\"with empty values\"", GAPS),
];
