//! What is still to do, and what is done.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};

/// A list of tasks with their states.
#[derive(Debug, Clone)]
pub struct TaskList {
    id: String,
    tasks: Vec<Task>,
    extra: Extra,
}

/// One task.
#[derive(Debug, Clone)]
pub struct Task {
    title: Content,
    status: Content,
    cannot_start: bool,
    href: Option<String>,
    hint: Content,
    extra: Extra,
}

impl Task {
    /// A task with its state: plain words where nothing is to do ("Completed"), a `Tag` where something is.
    pub fn new(title: impl Into<Content>, status: impl Into<Content>) -> Self {
        Self {
            title: title.into(),
            status: status.into(),
            cannot_start: false,
            href: None,
            hint: Content::default(),
            extra: Extra::default(),
        }
    }

    /// Where the task is done.
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// A line under the title.
    pub fn hint(mut self, hint: impl Into<Content>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Greys the state out: the task must wait for another.
    pub fn cannot_start(mut self) -> Self {
        self.cannot_start = true;
        self
    }

    /// Adds classes, separated by spaces.
    pub fn class(mut self, classes: &str) -> Self {
        self.extra.class(classes);
        self
    }
}

impl Default for TaskList {
    fn default() -> Self {
        Self { id: "task-list".to_owned(), tasks: Vec::new(), extra: Extra::default() }
    }
}

impl TaskList {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the ids of hints and states begin with, where a page has two lists.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Adds a task.
    pub fn task(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    /// Adds several tasks.
    pub fn tasks(mut self, tasks: impl IntoIterator<Item = Task>) -> Self {
        self.tasks.extend(tasks);
        self
    }

    extra_methods!();

    fn one_task(&self, task: &Task, number: u32) -> Markup {
        let hint_id = format!("{}-{number}-hint", self.id);
        let status_id = format!("{}-{number}-status", self.id);
        let has_hint = !task.hint.is_empty();
        let described_by = if has_hint { format!("{hint_id} {status_id}") } else { status_id.clone() };
        let title = match &task.href {
            Some(href) => Element::classed("a", "govuk-link govuk-task-list__link")
                .attr("href", href)
                .attr("aria-describedby", described_by),
            None => Element::new("div"),
        };
        Element::classed("li", "govuk-task-list__item")
            .class_if(task.href.is_some(), "govuk-task-list__item--with-link")
            .extra(&task.extra)
            .body(html! {
                div class="govuk-task-list__name-and-hint" {
                    (title.body(task.title.markup()))
                    @if has_hint { div id=(hint_id) class="govuk-task-list__hint" { (task.hint.markup()) } }
                }
                (Element::classed("div", "govuk-task-list__status")
                    .class_if(task.cannot_start, "govuk-task-list__status--cannot-start-yet")
                    .attr("id", &status_id)
                    .body(task.status.markup()))
            })
    }
}

impl Render for TaskList {
    fn render(&self) -> Markup {
        Element::classed("ul", "govuk-task-list").extra(&self.extra).body(html! {
            @for (task, number) in self.tasks.iter().zip(1..) { (self.one_task(task, number)) }
        })
    }
}
