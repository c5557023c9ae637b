use super::Kind;

/// An archive of these files, none of them compressed.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let at = bytes.len() as u32;
        let [name_length, size] = [name.len(), content.len()].map(|length| length as u32);
        // Version, flags, method, time, date, CRC, sizes, length of the name, of the extra.
        let mut header = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header.extend(size.to_le_bytes());
        header.extend(size.to_le_bytes());
        header.extend((name_length as u16).to_le_bytes());
        header.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(name.as_bytes());
        bytes.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        // Length of the comment, disk, attributes, place.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, size, at) = (files.len() as u16, directory.len() as u32, bytes.len() as u32);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");

fn open_document(kind: &str) -> Vec<u8> {
    archive(&[("mimetype", &format!("application/vnd.oasis.opendocument.{kind}")), ("content.xml", "<a/>")])
}

#[test]
fn a_file_is_what_its_bytes_are() {
    for (bytes, kind) in [
        (b"%PDF-1.7\n...".to_vec(), Kind::Pdf),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), Kind::Png),
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), Kind::Jpeg),
        (b"GIF89a\x01\0\x01\0".to_vec(), Kind::Gif),
        (b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), Kind::Webp),
        ("Ein Plan für Bienen.\r\n\tMehr.".as_bytes().to_vec(), Kind::Text),
        (archive(&[TYPES, ("word/document.xml", "<w/>")]), Kind::Docx),
        (archive(&[TYPES, ("xl/workbook.xml", "<x/>")]), Kind::Xlsx),
        (archive(&[("ppt/presentation.xml", "<p/>"), TYPES]), Kind::Pptx),
        (open_document("text"), Kind::Odt),
        (open_document("spreadsheet"), Kind::Ods),
        (open_document("presentation"), Kind::Odp),
    ] {
        assert_eq!(Kind::of(&bytes), Some(kind));
        // A document that broke off is none; the others say what they are at once.
        if bytes.starts_with(b"PK") {
            assert_eq!(Kind::of(&bytes[..bytes.len() - 30]), None, "{kind:?} without its end");
        }
    }
}

#[test]
fn what_runs_or_hides_is_not_taken() {
    let mut hidden = b"MZ".to_vec();
    hidden.extend(archive(&[TYPES, ("word/document.xml", "<w/>")]));
    for bytes in [
        b"MZ\x90\0\x03\0\0\0".to_vec(),
        b"\x7fELF\x02\x01\x01\0".to_vec(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
        b"text with \0 in it".to_vec(),
        b"text with \x1b[2J in it".to_vec(),
        b"caf\xe9".to_vec(),
        Vec::new(),
        hidden,
        archive(&[("a.txt", "only an archive")]),
        archive(&[("word/document.xml", "<w/>")]),
        archive(&[TYPES, ("word/document.xml", "<w/>"), ("word/vbaProject.bin", "Sub AutoOpen()")]),
        archive(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("Basic/Standard/x.xml", "Sub")]),
        archive(&[("mimetype", "application/vnd.oasis.opendocument.database")]),
        open_document("text")[..20].to_vec(),
    ] {
        assert_eq!(Kind::of(&bytes), None, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let whole = archive(&[TYPES, ("word/document.xml", "<w/>")]);
    for cut in 0..whole.len() {
        Kind::of(&whole[..cut]);
        for with in [0x00, 0x7f, 0xff] {
            let mut spoilt = whole.clone();
            spoilt[cut] = with;
            Kind::of(&spoilt);
        }
    }
}

#[test]
fn a_name_ends_as_what_it_is() {
    for (kind, name, named) in [
        (Kind::Pdf, "plan.pdf", "plan.pdf"),
        (Kind::Pdf, "Plan.PDF", "Plan.PDF"),
        (Kind::Text, "plan.html", "plan.html.txt"),
        (Kind::Text, "list.csv", "list.csv"),
        (Kind::Jpeg, "photo", "photo.jpg"),
        (Kind::Png, "pdf", "pdf.png"),
    ] {
        assert_eq!(kind.named(name), named);
    }
}
