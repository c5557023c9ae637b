//! The cheapest way to join rows to columns, by successive shortest paths.
//!
//! Each row must be joined to `need` different columns out of those open to
//! it; a column takes at most `room` rows. Cost, in this order: pairs given up
//! that stood before; the sum of squared column loads.
//!
//! A unit of a row ends at some column, perhaps after others have moved over
//! to make way: row, column, a row that leaves it, its new column, and so on.
//! Joining and leaving is free, but for +1 when a standing pair is given up and
//! -1 when it is restored; at the end the last column's load grows. So the
//! shortest path is a labelling of columns by pairs given up, and then the
//! reachable column with the least load. Each unit takes a shortest path, thus
//! no cheaper rearrangement of what is placed ever exists (Ahuja, Magnanti,
//! Orlin, *Network Flows*, 9.7 and 14.4), and where no path exists, no plan does.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;

/// What is asked of a [`Flow`], by row and column number. `lots` decides among
/// equal columns, row by row.
pub(super) struct Terms {
    pub open: Vec<FixedBitSet>,
    /// Pairs that stood before; all of them open.
    pub stood: Vec<FixedBitSet>,
    pub need: Vec<usize>,
    pub room: Vec<usize>,
    pub lots: Vec<Vec<u64>>,
}

/// A row that can't be placed. No column in `columns` has room, and no row in
/// `rows` has an open column elsewhere: they are what to tell people.
#[derive(Debug)]
pub(super) struct Stuck {
    pub row: usize,
    pub rows: Vec<usize>,
    pub columns: FixedBitSet,
}

pub(super) struct Flow {
    /// By row, the columns that it may join and hasn't.
    open: Vec<FixedBitSet>,
    stood: Vec<FixedBitSet>,
    short: Vec<usize>,
    room: Vec<usize>,
    lots: Vec<Vec<u64>>,
    /// By column, its rows.
    joined: Vec<Vec<usize>>,
    /// Standing pairs that are not joined now.
    given_up: usize,
}

/// Pairs given up, then the load taken off where the path begins (negative).
type Cost = (i64, i64);

/// How a column was reached: by a row that joins it, coming from the column
/// that it leaves, or from nowhere if it is the row to be placed.
#[derive(Clone, Copy)]
struct Label {
    cost: Cost,
    by: Option<(usize, Option<usize>)>,
}

struct Search {
    labels: Vec<Option<Label>>,
    rows: Vec<Option<Cost>>,
    queue: VecDeque<usize>,
    queued: FixedBitSet,
    /// Columns whose label can't be bettered; skipping them keeps a search
    /// linear where nothing was given up.
    closed: FixedBitSet,
    floor: Option<i64>,
}

impl Flow {
    pub fn new(terms: Terms) -> Self {
        let given_up = terms.stood.iter().map(|row| row.count_ones(..)).sum();
        Self {
            open: terms.open,
            stood: terms.stood,
            short: terms.need,
            joined: vec![Vec::new(); terms.room.len()],
            room: terms.room,
            lots: terms.lots,
            given_up,
        }
    }

    /// Joins what stood before and can stay. [`Flow::settle`] alone would come
    /// to the same cost, but slowly: with nothing given up its searches are
    /// short. A row with more than it needs is left to it, because which of
    /// them go depends on the loads.
    pub fn keep_standing(&mut self) {
        for row in 0..self.open.len() {
            if self.stood[row].count_ones(..) > self.short[row] {
                continue;
            }
            for column in self.stood[row].ones().collect::<Vec<_>>() {
                if self.has_room(column) {
                    self.join(row, column);
                    self.short[row] -= 1;
                }
            }
        }
    }

    /// Joins rows that need every column open to them, where columns have room
    /// without end: nothing is to be decided, and it may be most of the table.
    pub fn take_forced(&mut self) {
        for row in 0..self.open.len() {
            if self.open[row].count_ones(..) == self.short[row] {
                for column in self.open[row].ones().collect::<Vec<_>>() {
                    self.join(row, column);
                }
                self.short[row] = 0;
            }
        }
    }

    /// Places every unit of every row.
    pub fn settle(&mut self) -> Result<(), Stuck> {
        for row in 0..self.short.len() {
            while self.short[row] > 0 {
                let search = self.search_from_row(row);
                let Some(column) = self.cheapest(&search) else {
                    return Err(search.stuck(row));
                };
                self.follow(&search, column);
                self.short[row] -= 1;
            }
        }
        Ok(())
    }

    /// Moves a unit to every column that has none, from columns that have more
    /// than one. The cheapest path for each keeps the whole cheapest among the
    /// flows with no empty column, as in `settle`.
    pub fn fill_empty(&mut self) {
        for column in 0..self.joined.len() {
            if self.joined[column].is_empty() {
                let search = self.search_from_loads();
                self.follow(&search, column);
            }
        }
    }

    /// Rows and columns joined, in no order.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.joined.iter().enumerate();
        columns.flat_map(|(column, rows)| rows.iter().map(move |&row| (row, column)))
    }

    fn has_room(&self, column: usize) -> bool {
        self.joined[column].len() < self.room[column]
    }

    fn join(&mut self, row: usize, column: usize) {
        self.open[row].remove(column);
        self.joined[column].push(row);
        self.given_up -= usize::from(self.stood[row].contains(column));
    }

    fn part(&mut self, row: usize, column: usize) {
        self.open[row].insert(column);
        self.joined[column].retain(|&other| other != row);
        self.given_up += usize::from(self.stood[row].contains(column));
    }

    /// The column at which a unit should end: fewest pairs given up, least
    /// load, least lot.
    fn cheapest(&self, search: &Search) -> Option<usize> {
        let labelled = search.labels.iter().enumerate();
        labelled
            .filter(|&(column, _)| self.has_room(column))
            .filter_map(|(column, label)| {
                let Label { cost, by } = (*label)?;
                let lot = by.map(|(row, _)| self.lots[row][column]);
                Some((cost, self.joined[column].len(), lot, column))
            })
            .min()
            .map(|(.., column)| column)
    }

    /// Moves everyone along the path that ends at `column`.
    fn follow(&mut self, search: &Search, mut column: usize) {
        while let Some((row, from)) = search.labels[column].and_then(|label| label.by) {
            self.join(row, column);
            let Some(left) = from else { return };
            self.part(row, left);
            column = left;
        }
    }

    /// Reaches out from a row with a unit to place. At most every given-up pair
    /// can be restored on one path: no label is below that floor.
    fn search_from_row(&self, row: usize) -> Search {
        let floor = -(self.given_up as i64);
        let mut search = Search::new(self, Some(floor));
        self.relax(&mut search, row, (0, 0), None);
        if !self.ends_next_door(&search, floor) {
            self.spread(&mut search);
        }
        search
    }

    /// Reaches out from columns that can spare a unit, the fullest being the
    /// cheapest to take from.
    fn search_from_loads(&self) -> Search {
        let mut search = Search::new(self, None);
        let loaded = |&column: &usize| self.joined[column].len() > 1;
        for column in (0..self.joined.len()).filter(loaded) {
            let cost = (0, -(self.joined[column].len() as i64));
            search.reach(column, Label { cost, by: None });
        }
        self.spread(&mut search);
        search
    }

    /// Whether a column already reached can't be beaten by one further away,
    /// which is so for nearly every unit of a plan.
    fn ends_next_door(&self, search: &Search, floor: i64) -> bool {
        let columns = (0..self.joined.len()).filter(|&column| self.has_room(column));
        let Some(least) = columns.map(|column| self.joined[column].len()).min() else {
            return false;
        };
        self.cheapest(search).is_some_and(|column| {
            let cost = search.labels[column].map(|label| label.cost);
            self.joined[column].len() == least && cost <= Some((floor, 0))
        })
    }

    /// Labels every column that can be reached, correcting labels until none
    /// can be bettered. It ends, because the flow so far has no rearrangement
    /// that would cost less than nothing.
    fn spread(&self, search: &mut Search) {
        while let Some(column) = search.queue.pop_front() {
            search.queued.remove(column);
            let Some(label) = search.labels[column] else {
                continue;
            };
            for &row in &self.joined[column] {
                let leaving = i64::from(self.stood[row].contains(column));
                let cost = (label.cost.0 + leaving, label.cost.1);
                self.relax(search, row, cost, Some(column));
            }
        }
    }

    /// Labels the columns open to a row that was reached at this cost.
    fn relax(&self, search: &mut Search, row: usize, cost: Cost, from: Option<usize>) {
        if search.rows[row].is_some_and(|best| best <= cost) {
            return;
        }
        search.rows[row] = Some(cost);
        let columns: Vec<_> = self.open[row].difference(&search.closed).collect();
        for column in columns {
            let restored = i64::from(self.stood[row].contains(column));
            let cost = (cost.0 - restored, cost.1);
            let by = Some((row, from));
            search.reach(column, Label { cost, by });
        }
    }
}

impl Search {
    fn new(flow: &Flow, floor: Option<i64>) -> Self {
        let columns = flow.joined.len();
        Self {
            labels: vec![None; columns],
            rows: vec![None; flow.open.len()],
            queue: VecDeque::new(),
            queued: FixedBitSet::with_capacity(columns),
            closed: FixedBitSet::with_capacity(columns),
            floor,
        }
    }

    fn reach(&mut self, column: usize, label: Label) {
        if self.labels[column].is_some_and(|old| old.cost <= label.cost) {
            return;
        }
        self.labels[column] = Some(label);
        if self.floor.is_some_and(|floor| label.cost.0 <= floor) {
            self.closed.insert(column);
        }
        if !self.queued.put(column) {
            self.queue.push_back(column);
        }
    }

    fn stuck(&self, row: usize) -> Stuck {
        let mut columns = FixedBitSet::with_capacity(self.labels.len());
        columns.extend((0..self.labels.len()).filter(|&column| self.labels[column].is_some()));
        let rows = (0..self.rows.len()).filter(|&row| self.rows[row].is_some());
        Stuck { row, rows: rows.collect(), columns }
    }
}
