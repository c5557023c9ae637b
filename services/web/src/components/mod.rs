//! The pieces that pages are made of: govuk-frontend's components, as builders that render its exact
//! markup (maud's `Render`), so that its compiled style sheet and scripts can be used as they are.
//!
//! A builder is made with what the component can't do without and refined by chained methods; put it into
//! `html!` in brackets. Texts are [`Content`]: strings are escaped, `Markup` (and other components) is taken
//! as it is. A field's id is its name; of a group of radios, checkboxes or date fields the first one carries
//! it, so that an error summary's `#name` always reaches something that can take the focus.

mod accordion;
mod breadcrumbs;
mod button;
mod checkboxes;
mod choice;
mod content;
mod date_input;
mod details;
mod element;
mod error_summary;
mod errors;
mod field;
mod fieldset;
mod file_upload;
mod form;
mod input;
mod links;
mod notices;
mod notification_banner;
mod pagination;
mod panel;
mod question;
mod radios;
mod select;
mod service_navigation;
mod summary_list;
mod table;
mod tabs;
mod tag;
mod task_list;
mod textarea;

pub use accordion::Accordion;
pub use breadcrumbs::Breadcrumbs;
pub use button::Button;
pub use checkboxes::Checkboxes;
pub use choice::Choice;
pub use content::Content;
pub use date_input::DateInput;
pub use details::Details;
pub use error_summary::ErrorSummary;
pub use errors::Errors;
pub use fieldset::Fieldset;
pub use file_upload::FileUpload;
pub use form::Size;
pub use input::Input;
pub use links::{BackLink, SkipLink};
pub use notices::{InsetText, WarningText};
pub use notification_banner::NotificationBanner;
pub use pagination::Pagination;
pub use panel::Panel;
pub use radios::Radios;
pub use select::{Select, SelectItem};
pub use service_navigation::{NavigationItem, ServiceNavigation};
pub use summary_list::{Row, SummaryCard, SummaryList};
pub use table::{Cell, Table};
pub use tabs::Tabs;
pub use tag::Tag;
pub use task_list::{Task, TaskList};
pub use textarea::Textarea;
