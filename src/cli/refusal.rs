//! Why the operating system refused something, in the reader's language.
//!
//! Its own words stand in for the rare reasons that have none here.

use std::io::{Error, ErrorKind};

use crate::texts::Key as _;
use crate::texts::Lang;
use crate::texts::cli::Refusal;

const KNOWN: &[(ErrorKind, Refusal)] = &[
    (ErrorKind::NotFound, Refusal::NotFound),
    (ErrorKind::PermissionDenied, Refusal::Denied),
    (ErrorKind::AlreadyExists, Refusal::There),
    (ErrorKind::IsADirectory, Refusal::Folder),
    (ErrorKind::NotADirectory, Refusal::NoFolder),
    (ErrorKind::StorageFull, Refusal::Full),
    (ErrorKind::QuotaExceeded, Refusal::Full),
    (ErrorKind::ReadOnlyFilesystem, Refusal::ReadOnly),
    (ErrorKind::FileTooLarge, Refusal::TooLarge),
    (ErrorKind::InvalidFilename, Refusal::BadName),
    (ErrorKind::InvalidInput, Refusal::BadName),
    (ErrorKind::InvalidData, Refusal::NotUtf8),
    (ErrorKind::BrokenPipe, Refusal::Closed),
    (ErrorKind::UnexpectedEof, Refusal::Closed),
    (ErrorKind::Interrupted, Refusal::Interrupted),
    (ErrorKind::TimedOut, Refusal::Late),
];

/// The reason as words.
pub(super) fn reason(why: &Error, lang: Lang) -> String {
    let known = KNOWN.iter().find(|(kind, _)| *kind == why.kind());
    known.map_or_else(|| why.to_string(), |(_, words)| words.text(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_reasons_are_told_in_the_readers_language() {
        let missing = std::fs::read("/no/such/file").expect_err("it is not there");
        assert_eq!(reason(&missing, Lang::Tr), "böyle bir dosya ya da klasör yok");
        assert_eq!(reason(&missing, Lang::En), "there is no such file or folder");
        assert_eq!(reason(&Error::other("tuhaf"), Lang::Tr), "tuhaf");
    }
}
