//! Fixtures' options as our single fields.

use maud::{Markup, Render};
use plaudit_web::components::{FileUpload, Input, Select, SelectItem, Textarea};
use serde_json::Value;

use crate::options::{constant, content, extras, flag, items, number, print, set, size, string};

macro_rules! field {
    ($field:ident, $options:expr) => {
        set!($field.id, string($options, "id"));
        set!($field.described_by, string($options, "describedBy"));
        flag!($field.heading, $options["label"], "isPageHeading");
        set!($field.label_size, size(&$options["label"]["classes"], "govuk-label"));
        $field = $field.hint(content(&$options["hint"])).error(string(&$options["errorMessage"], "text"));
        set!($field.group_class, $options["formGroup"]["classes"].as_str());
        extras!($field, $options);
    };
}

fn name(options: &Value) -> String {
    print(&options["name"])
}

pub fn input(options: &Value) -> Markup {
    let mut input = Input::new(name(options), content(&options["label"]));
    set!(input.value, options.get("value").map(print));
    set!(input.kind, constant(options, "type"));
    set!(input.autocomplete, constant(options, "autocomplete"));
    set!(input.inputmode, constant(options, "inputmode"));
    set!(input.spellcheck, options["spellcheck"].as_bool());
    input = input.prefix(content(&options["prefix"])).suffix(content(&options["suffix"]));
    for attribute in ["pattern", "autocapitalize"] {
        if let Some(value) = string(options, attribute) {
            input = input.attr(attribute, value);
        }
    }
    field!(input, options);
    input.render()
}

pub fn textarea(options: &Value) -> Markup {
    let mut textarea = Textarea::new(name(options), content(&options["label"]));
    set!(textarea.value, options.get("value").map(print));
    set!(textarea.rows, number(options, "rows"));
    set!(textarea.autocomplete, constant(options, "autocomplete"));
    set!(textarea.spellcheck, options["spellcheck"].as_bool());
    if options["countType"] == "words" {
        set!(textarea.most_words, number(options, "maxlength"));
    } else {
        set!(textarea.most_characters, number(options, "maxlength"));
    }
    set!(textarea.threshold, number(options, "threshold"));
    field!(textarea, options);
    textarea.render()
}

pub fn select(options: &Value) -> Markup {
    let choices = items(options, "items").map(|item| {
        let mut choice = SelectItem::new(print(&item["value"]), print(&item["text"]));
        set!(choice.selected, item["selected"].as_bool());
        flag!(choice.disabled, item, "disabled");
        choice
    });
    let mut select = Select::new(name(options), content(&options["label"]), choices);
    set!(select.value, string(options, "value"));
    field!(select, options);
    select.render()
}

pub fn file_upload(options: &Value) -> Markup {
    let mut upload = FileUpload::new(name(options), content(&options["label"]));
    flag!(upload.multiple, options, "multiple");
    flag!(upload.disabled, options, "disabled");
    flag!(upload.drop_zone, options, "javascript");
    field!(upload, options);
    upload.render()
}
