//! Lists for the operator that go on where a row cannot be read: whoever edits the database by hand can put a value into it
//! that is of no type of ours, and one row is no reason to show none.

use crate::Outcome;

/// A page of a list.
#[derive(Debug)]
pub struct ReadablePage<T, I> {
    /// What could be read.
    pub rows: Vec<T>,
    /// The ids of the rows that could not, or that rest on one that could not.
    pub unreadable: Vec<I>,
    /// The last id of either; none where the list is at its end.
    pub last: Option<I>,
}

/// Reads the next page after an id. `page` reads so many rows after an id, whole or not at all, and `ids` only what the rows
/// are called; where a value in the page cannot be read, each row is read by itself.
///
/// # Errors
/// Faults of the database, and an id that cannot be read.
pub(crate) async fn read_page<T, I: Copy + PartialEq>(
    after: Option<I>,
    most: u64,
    id_of: impl Fn(&T) -> I,
    page: impl AsyncFn(Option<I>, u64) -> Outcome<Vec<T>>,
    ids: impl AsyncFn(Option<I>, u64) -> Outcome<Vec<I>>,
) -> Outcome<ReadablePage<T, I>> {
    match page(after, most).await {
        Ok(rows) => Ok(ReadablePage {
            last: rows.last().map(&id_of),
            rows,
            unreadable: Vec::new(),
        }),
        Err(failure) if failure.is_unreadable() => {
            let mut read = ReadablePage {
                rows: Vec::new(),
                unreadable: Vec::new(),
                last: None,
            };
            let mut before = after;
            for id in ids(after, most).await? {
                match page(before, 1).await {
                    // Another row where this one was deleted, or one was put before it, meanwhile.
                    Ok(found) => read
                        .rows
                        .extend(found.into_iter().filter(|row| id_of(row) == id)),
                    Err(failure) if failure.is_unreadable() => read.unreadable.push(id),
                    Err(failure) => return Err(failure),
                }
                before = Some(id);
                read.last = before;
            }
            Ok(read)
        }
        Err(failure) => Err(failure),
    }
}
