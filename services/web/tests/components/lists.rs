//! Fixtures' options as our lists and tables.

use maud::{Markup, Render};
use plaudit_web::components::{Cell, Row, SummaryCard, SummaryList, Table, Tag, Task, TaskList};
use serde_json::Value;

use crate::options::{content, extras, flag, items, number, print, set, size, string, truthy};

fn row(options: &Value) -> Row {
    let mut row = Row::new(content(&options["key"]), content(&options["value"]));
    for action in items(&options["actions"], "items") {
        let hidden = string(action, "visuallyHiddenText").unwrap_or_default();
        row = row.action(content(action), print(&action["href"]), hidden);
    }
    set!(row.class, options["classes"].as_str());
    row
}

pub fn summary_list(options: &Value) -> Markup {
    let mut list = SummaryList::new().rows(items(options, "rows").map(row));
    if let Some(card_options) = options.get("card") {
        let mut card = SummaryCard::new(content(&card_options["title"]));
        set!(card.heading_level, number(&card_options["title"], "headingLevel"));
        for action in items(&card_options["actions"], "items") {
            card = card.action(content(action), print(&action["href"]));
        }
        extras!(card, card_options);
        list = list.card(card);
    }
    extras!(list, options);
    list.render()
}

fn cell(options: &Value) -> Cell {
    let mut cell = if options["format"] == "numeric" {
        Cell::numeric(content(options))
    } else {
        Cell::new(content(options))
    };
    set!(cell.colspan, number(options, "colspan"));
    set!(cell.rowspan, number(options, "rowspan"));
    extras!(cell, options);
    cell
}

pub fn table(options: &Value) -> Markup {
    let mut table = Table::new().head(items(options, "head").map(cell));
    set!(table.caption, string(options, "caption"));
    set!(table.caption_size, size(&options["captionClasses"], "govuk-table__caption"));
    for row in items(options, "rows") {
        table = table.row(row.as_array().into_iter().flatten().map(cell));
    }
    flag!(table.first_cell_is_header, options, "firstCellIsHeader");
    extras!(table, options);
    table.render()
}

fn coloured(options: &Value) -> Tag {
    let tag = Tag::new(content(options));
    match options["classes"].as_str() {
        Some("govuk-tag--grey") => tag.grey(),
        Some("govuk-tag--green") => tag.green(),
        Some("govuk-tag--teal") => tag.teal(),
        Some("govuk-tag--blue") => tag.blue(),
        Some("govuk-tag--purple") => tag.purple(),
        Some("govuk-tag--magenta") => tag.magenta(),
        Some("govuk-tag--red") => tag.red(),
        Some("govuk-tag--orange") => tag.orange(),
        Some("govuk-tag--yellow") => tag.yellow(),
        Some(other) => tag.class(other),
        None => tag,
    }
}

fn tag_of(options: &Value) -> Tag {
    let mut tag = coloured(options);
    let mut rest = options.clone();
    rest["classes"] = Value::Null;
    extras!(tag, &rest);
    tag
}

pub fn tag(options: &Value) -> Markup {
    tag_of(options).render()
}

fn task(options: &Value) -> Task {
    let status = &options["status"];
    let title = content(&options["title"]);
    let mut task = match status.get("tag").filter(|tag| truthy(tag)) {
        Some(tag) => Task::new(title, tag_of(tag)),
        None => Task::new(title, content(status)),
    };
    if status["classes"] == "govuk-task-list__status--cannot-start-yet" {
        task = task.cannot_start();
    }
    set!(task.href, string(options, "href"));
    task = task.hint(content(&options["hint"]));
    set!(task.class, options["classes"].as_str());
    task
}

pub fn task_list(options: &Value) -> Markup {
    let mut list = TaskList::new().tasks(items(options, "items").map(task));
    set!(list.id, string(options, "idPrefix"));
    extras!(list, options);
    list.render()
}
