//! Figures and facts side by side.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::{Element, Extra, extra_methods};
use super::form::Size;

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    caption: Content,
    caption_size: Option<Size>,
    head: Vec<Cell>,
    rows: Vec<Vec<Cell>>,
    first_cell_is_header: bool,
    extra: Extra,
}

/// A cell; anything that can be rendered becomes one by itself.
#[derive(Debug, Clone)]
pub struct Cell {
    content: Content,
    numeric: bool,
    colspan: Option<u16>,
    rowspan: Option<u16>,
    extra: Extra,
}

impl Cell {
    /// A cell.
    pub fn new(content: impl Into<Content>) -> Self {
        Self {
            content: content.into(),
            numeric: false,
            colspan: None,
            rowspan: None,
            extra: Extra::default(),
        }
    }

    /// A cell with a figure, or the head of a column of figures: aligned to the right.
    pub fn numeric(content: impl Into<Content>) -> Self {
        Self { numeric: true, ..Self::new(content) }
    }

    /// Over this many columns.
    pub fn colspan(mut self, columns: u16) -> Self {
        self.colspan = Some(columns);
        self
    }

    /// Over this many rows.
    pub fn rowspan(mut self, rows: u16) -> Self {
        self.rowspan = Some(rows);
        self
    }

    extra_methods!();

    fn element(&self, name: &'static str, class: &str, scope: Option<&str>, can_be_numeric: bool) -> Markup {
        Element::classed(name, class)
            .class_if(self.numeric && can_be_numeric, &format!("{class}--numeric"))
            .maybe("scope", scope)
            .maybe("colspan", self.colspan)
            .maybe("rowspan", self.rowspan)
            .extra(&self.extra)
            .body(self.content.markup())
    }
}

// `Cell` itself must never implement `Render`, or this would overlap with `From<T> for T`.
impl<T: Render> From<T> for Cell {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the table shows; screen readers list tables by it.
    pub fn caption(mut self, caption: impl Into<Content>) -> Self {
        self.caption = caption.into();
        self
    }

    /// The caption's size.
    pub fn caption_size(mut self, size: Size) -> Self {
        self.caption_size = Some(size);
        self
    }

    /// The heads of the columns.
    pub fn head(mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> Self {
        self.head = cells.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a row. Cells of different kinds need `Cell::new`, or `Cell::from`.
    pub fn row(mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    /// Makes the first cell of each row its header.
    pub fn first_cell_is_header(mut self) -> Self {
        self.first_cell_is_header = true;
        self
    }

    extra_methods!();

    fn body_cell(&self, cell: &Cell, at: usize) -> Markup {
        if at == 0 && self.first_cell_is_header {
            cell.element("th", "govuk-table__header", Some("row"), false)
        } else {
            cell.element("td", "govuk-table__cell", None, true)
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        let size = self.caption_size.map(|size| size.class("govuk-table__caption")).unwrap_or_default();
        Element::classed("table", "govuk-table").extra(&self.extra).body(html! {
            @if !self.caption.is_empty() {
                (Element::classed("caption", "govuk-table__caption").class(&size).body(self.caption.markup()))
            }
            @if !self.head.is_empty() {
                thead class="govuk-table__head" {
                    tr class="govuk-table__row" {
                        @for cell in &self.head {
                            (cell.element("th", "govuk-table__header", Some("col"), true))
                        }
                    }
                }
            }
            tbody class="govuk-table__body" {
                @for row in &self.rows {
                    tr class="govuk-table__row" {
                        @for (at, cell) in row.iter().enumerate() { (self.body_cell(cell, at)) }
                    }
                }
            }
        })
    }
}
