//! Tables: columns to compare; on narrow screens each row becomes a card whose lines say what they are.

use leptos::prelude::*;

/// A table. The first cell of a row names it. Roles are said, because a row that is drawn as a card would lose its own.
pub(crate) fn table(
    caption: &'static str,
    headings: &'static [fn() -> &'static str],
    rows: Vec<Vec<AnyView>>,
) -> AnyView {
    let head = headings
        .iter()
        .map(|heading| view! { <th class="table__heading" role="columnheader" scope="col">{heading()}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = cells
                .into_iter()
                .zip(headings)
                .enumerate()
                .map(|(index, (cell, heading))| {
                    let role = if index == 0 { "rowheader" } else { "cell" };
                    view! { <td class="table__cell" role=role data-label=heading()><div>{cell}</div></td> }
                })
                .collect_view();
            view! { <tr class="table__row" role="row">{cells}</tr> }
        })
        .collect_view();
    view! {
        <table class="table" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead class="table__head" role="rowgroup"><tr role="row">{head}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}
