//! Pages of lists that are ordered by an id.

use plaudit_chassis::http::Listed;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Where a page begins and how long it is.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
pub struct Asked {
    /// `next` of the page before.
    pub after: Option<Uuid>,
    /// How many, 1 to 1000; 100 unless asked.
    pub limit: Option<u32>,
}

/// A page of `limit` from rows that were read with one to spare: the spare one
/// says that there is more.
pub fn page<T>(mut rows: Vec<T>, limit: u32, id: impl Fn(&T) -> Uuid) -> Listed<T> {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| id(last).to_string());
    Listed { items: rows, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_next_page_only_if_there_is_more() {
        let ids: Vec<Uuid> = (1..=3_u128).map(Uuid::from_u128).collect();
        let whole = page(ids.clone(), 3, |id| *id);
        assert_eq!((whole.items.len(), whole.next), (3, None));
        let part = page(ids.clone(), 2, |id| *id);
        assert_eq!((part.items.len(), part.next), (2, Some(ids[1].to_string())));
        assert_eq!(page(Vec::new(), 2, |id: &Uuid| *id).next, None);
    }
}
