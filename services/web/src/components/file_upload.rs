//! Files that somebody hands in.

use maud::{Markup, Render, html};

use super::content::Content;
use super::element::Extra;
use super::field::{Field, field_methods};

/// A file input with its label. Its form needs `enctype="multipart/form-data"`.
#[derive(Debug, Clone)]
pub struct FileUpload {
    field: Field,
    multiple: bool,
    disabled: bool,
    drop_zone: bool,
    extra: Extra,
}

impl FileUpload {
    /// A file input of this name.
    pub fn new(name: impl Into<String>, label: impl Into<Content>) -> Self {
        Self {
            field: Field::new(name.into(), label.into()),
            multiple: false,
            disabled: false,
            drop_zone: false,
            extra: Extra::default(),
        }
    }

    /// Lets people choose more than one file.
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// The file types that the browser offers first, as HTML's `accept` wants them.
    pub fn accept(self, types: &str) -> Self {
        self.attr("accept", types)
    }

    /// Shows it, but lets nobody use it.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// With the script, a place to drop files on.
    pub fn drop_zone(mut self) -> Self {
        self.drop_zone = true;
        self
    }

    field_methods!();
}

impl Render for FileUpload {
    fn render(&self) -> Markup {
        let input = self
            .field
            .control("input", "govuk-file-upload", &self.extra)
            .attr("type", "file")
            .flag("disabled", self.disabled)
            .flag("multiple", self.multiple)
            .void();
        let control = if self.drop_zone {
            html! { div class="govuk-file-upload-wrapper" data-module="govuk-file-upload" { (input) } }
        } else {
            input
        };
        self.field.group().body(self.field.around(control))
    }
}
