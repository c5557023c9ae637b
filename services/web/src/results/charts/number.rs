//! Numbers as the API writes them, near enough for a picture.

/// Of a decimal or a fraction; `None` for anything that can't be drawn.
pub fn number(text: &str) -> Option<f64> {
    let value = match text.split_once('/') {
        Some((above, below)) => above.trim().parse::<f64>().ok()? / below.trim().parse::<f64>().ok()?,
        None => text.trim().parse::<f64>().ok()?,
    };
    value.is_finite().then_some(value)
}

/// To two decimals, without zeros at the end.
pub fn rounded(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A share of a whole in per cent, from 0 to 100, whatever the whole is.
pub fn per_cent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole * 100.0).clamp(0.0, 100.0) } else { 0.0 }
}

/// As an attribute's value.
pub fn attribute(per_cent: f64) -> String {
    format!("{}%", rounded(per_cent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_drawn_is_no_number() {
        assert_eq!(number("7.5"), Some(7.5));
        assert_eq!(number("20/4"), Some(5.0));
        for text in ["", "ten", "1/0", "0/0", "inf", "NaN", "1/", "/2"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn shares_stay_within_the_whole() {
        assert_eq!((per_cent(5.0, 10.0), per_cent(5.0, 0.0), per_cent(11.0, 10.0)), (50.0, 0.0, 100.0));
        assert_eq!(
            (rounded(6.666_666), rounded(7.0), rounded(-0.001)),
            ("6.67".into(), "7".into(), "0".into())
        );
    }
}
