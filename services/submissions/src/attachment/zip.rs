//! As much of a ZIP archive (APPNOTE 6.3, without ZIP64) as tells which
//! document it is. Nothing is unpacked.

/// The end of the central directory, without its comment.
const END: usize = 22;
/// The fixed part of an entry of the central directory.
const ENTRY: usize = 46;
/// The fixed part of a file's own header.
const HEADER: usize = 30;
/// The longest comment.
const COMMENT: usize = 0xffff;
/// No document has more parts.
const MOST_ENTRIES: usize = 20_000;

/// The names in an archive's directory; `None` if it isn't a whole archive
/// that begins with the file's first byte.
pub fn names(bytes: &[u8]) -> Option<Vec<String>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let from = bytes.len().saturating_sub(END + COMMENT);
    let at = from + bytes[from..].windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let end = bytes.get(at..at + END)?;
    let (count, start) = (usize::from(two(end, 10)?), four(end, 16)?);
    if count > MOST_ENTRIES {
        return None;
    }
    let mut names = Vec::with_capacity(count);
    let mut at = start;
    for _ in 0..count {
        let entry = bytes.get(at..at.checked_add(ENTRY)?)?;
        if !entry.starts_with(b"PK\x01\x02") {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|field| two(entry, field).map(usize::from));
        let name_at = at + ENTRY;
        names.push(String::from_utf8_lossy(bytes.get(name_at..name_at + name?)?).into_owned());
        at = name_at + name? + extra? + comment?;
    }
    Some(names)
}

/// What the first file, if it is called `mimetype` and not compressed, says
/// that the archive is: as OpenDocument (part 2, 3.3) has it.
pub fn media_type(bytes: &[u8]) -> Option<&str> {
    let header = bytes.get(..HEADER)?;
    let [method, name, extra] = [8, 26, 28].map(|field| two(header, field).map(usize::from));
    let size = four(header, 18)?;
    let name_ends = HEADER + name?;
    if method? != 0 || bytes.get(HEADER..name_ends)? != b"mimetype" {
        return None;
    }
    let begins = name_ends + extra?;
    std::str::from_utf8(bytes.get(begins..begins.checked_add(size)?)?).ok()
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn four(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}
