//! Why a file is not taken.

use axum::http::StatusCode;
use plaudit_chassis::{FieldError, Refusal};

use super::LEAST_PART;
use super::table::MOST_EVER;

/// Each variant a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentError {
    #[error("The rules of this call take no files.")]
    NoneTaken,
    #[error("The rules take at most {0} files with a pitch: take one off first.")]
    TooMany(u32),
    #[error("{MOST_EVER} files have come with this pitch, one after the other: no more are taken.")]
    TooManyEver,
    #[error("A file must have 1 to 20971520 bytes (20 MB).")]
    Size,
    #[error("Give the file a name of 1 to 200 characters, without slashes or line breaks.")]
    Name,
    #[error("Write the SHA-256 as 64 hexadecimal digits.")]
    Digest,
    #[error("{0} bytes have arrived: go on from there.")]
    Offset(u64),
    #[error("A part must have at least {LEAST_PART} bytes, unless it is the last.")]
    PartTooSmall,
    #[error("This is more than the {0} bytes that the file was said to have.")]
    TooLong(u64),
    #[error("{0} of {1} bytes have arrived: send the rest first.")]
    Unfinished(u64, u64),
    #[error("This file is complete: to change it, take it off and add another.")]
    Complete,
    #[error("What has arrived is not the file that was announced: its SHA-256 is another. Add it again.")]
    OtherFile,
    #[error(
        "This is no file that is taken here: PDF, PNG, JPEG, GIF and WebP pictures, plain text in UTF-8, and documents of Word, Excel, PowerPoint and LibreOffice (docx, xlsx, pptx, odt, ods, odp) without macros are. Save it as one of these and add it again."
    )]
    NotTaken,
}

impl Refusal for AttachmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoneTaken => "no-attachments-taken",
            Self::TooMany(_) | Self::TooManyEver => "too-many-attachments",
            Self::Size | Self::Name | Self::Digest => "invalid-field",
            Self::Offset(_) => "offset-differs",
            Self::PartTooSmall => "part-too-small",
            Self::TooLong(_) => "more-than-announced",
            Self::Unfinished(..) => "attachment-unfinished",
            Self::Complete => "attachment-complete",
            Self::OtherFile => "digest-differs",
            Self::NotTaken => "type-not-taken",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Size | Self::Name | Self::Digest | Self::PartTooSmall | Self::TooLong(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::OtherFile | Self::NotTaken => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::Size => "size",
            Self::Name => "name",
            Self::Digest => "sha256",
            _ => return Vec::new(),
        };
        vec![FieldError { field: field.to_owned(), detail: self.to_string() }]
    }
}
