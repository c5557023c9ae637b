use super::count;

/// “1.4 MB”, “12 KB”.
pub fn size(bytes: u64) -> String {
    match bytes {
        1_048_576.. => {
            let tenths = bytes.saturating_mul(10) / 1_048_576;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
        1_024.. => format!("{} KB", bytes / 1_024),
        _ => count(usize::try_from(bytes).unwrap_or_default(), "byte", "bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_as_people_say_them() {
        for (bytes, said) in [
            (1, "1 byte"),
            (1_023, "1023 bytes"),
            (1_024, "1 KB"),
            (1_572_864, "1.5 MB"),
            (20_971_520, "20.0 MB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
